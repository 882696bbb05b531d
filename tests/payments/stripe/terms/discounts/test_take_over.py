"""Codes that somebody made in the Dashboard: taken over where the shop has all of their rules."""

from collections.abc import Callable
from typing import Any

import pytest

from payments import webhooks
from payments.models import DiscountSync, WebhookEvent
from payments.stripe.terms.discounts.queue import queue_all
from shop import stripe_client
from shop.orders.models import Discount, DiscountCode
from tests.support.factories import DiscountFactory
from tests.support.purchases import do_the_work, do_what_waits
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def codes_on_page(settings: Any) -> None:
    settings.ALLOW_PROMOTION_CODES = True


@pytest.fixture
def made(stand_in: StandIn) -> Callable[..., dict[str, Any]]:
    """Makes a promotion code of a coupon at Stripe, as the Dashboard does."""

    def make(coupon: dict[str, Any] | None = None, **code: Any) -> dict[str, Any]:
        made = stand_in.call("coupons", **(coupon or {"percent_off": "12.5", "name": "Spring"}))
        promotion = {"promotion[type]": "coupon", "promotion[coupon]": made["id"]}
        answer: dict[str, Any] = stand_in.call(
            "promotion_codes", **{**promotion, "code": "SPRING", **code}
        )
        return answer

    return make


def told(*, livemode: bool = False) -> list[str]:
    """What came of the events that Stripe lists of codes and coupons, the oldest first."""
    webhooks.pull(livemode=livemode)
    done = set(WebhookEvent.objects.exclude(outcome="").values_list("pk", flat=True))
    do_the_work()
    rows = WebhookEvent.objects.exclude(pk__in=done).filter(type__startswith="promotion_code.")
    return [row.result for row in rows.order_by("stripe_created_at", "stripe_event_id")]


def tell() -> list[str]:
    rows = queue_all(stripe_client.account())
    do_the_work()
    do_what_waits()
    return [row.kind for row in rows]


def test_a_share_becomes_a_discount(made: Callable[..., dict[str, Any]]) -> None:
    ends = 2_000_000_000
    restrictions = {
        "restrictions[minimum_amount]": 2000,
        "restrictions[minimum_amount_currency]": "eur",
        "restrictions[currency_options][usd][minimum_amount]": 2500,
    }
    code = made(max_redemptions=7, expires_at=ends, **restrictions)

    assert told() == ["taken over as Spring"]

    discount = Discount.objects.get()
    assert (discount.name, discount.kind, discount.share) == ("Spring", "percent", "12.5")
    assert (discount.most_uses, discount.ends_at and discount.ends_at.timestamp()) == (7, ends)
    assert list(discount.amounts.values_list("currency", "amount", "least")) == [
        ("eur", None, 2000),
        ("usd", None, 2500),
    ]
    assert [one.code for one in discount.codes.all()] == ["SPRING"]
    row = DiscountSync.objects.get()
    assert (row.stripe_id, row.is_live, row.outcome) == (code["id"], True, "taken over")
    # It is there already: nothing has to be told.
    assert tell() == []


def test_an_amount_becomes_a_discount_in_each_currency(
    made: Callable[..., dict[str, Any]],
) -> None:
    made(
        {
            "amount_off": 500,
            "currency": "eur",
            "currency_options[usd][amount_off]": 600,
            "max_redemptions": 3,
        }
    )

    assert told() == ["taken over as SPRING"]

    discount = Discount.objects.get()
    assert (discount.kind, discount.most_uses) == ("amount", 3)
    assert list(discount.amounts.values_list("currency", "amount", "least")) == [
        ("eur", 500, None),
        ("usd", 600, None),
    ]
    assert tell() == []


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ({"code": "SPRING-26"}, "its word is not of letters and digits alone, at most 40"),
        (
            {"restrictions[first_time_transaction]": "true"},
            "it is for a first purchase only",
        ),
    ],
)
def test_what_the_shop_does_not_have_is_left_alone_and_said(
    made: Callable[..., dict[str, Any]], code: dict[str, Any], why: str
) -> None:
    made(**code)

    assert told() == [f"left alone: {why}"]

    assert not Discount.objects.exists()
    assert DiscountSync.objects.get().result == f"ignored: {why}"


def test_what_is_for_chosen_products_is_left_alone(
    stand_in: StandIn, made: Callable[..., dict[str, Any]]
) -> None:
    product = stand_in.call("products", name="Chosen")
    made({"percent_off": 10, "applies_to[products][0]": product["id"]})

    assert told() == ["left alone: it is for chosen products only"]


def test_a_word_of_ours_is_left_alone_and_ours_comes_when_theirs_is_off(
    stand_in: StandIn, made: Callable[..., dict[str, Any]]
) -> None:
    theirs = made()
    ours = DiscountFactory(codes=["SPRING"])
    assert tell() == ["code"]
    assert told() == ["left alone: the shop has this code already"]

    stand_in.call(f"promotion_codes/{theirs['id']}", active="false")
    assert told() == ["ignored: not active"]
    assert tell() == ["code"]

    live = DiscountSync.objects.get(is_live=True)
    assert (live.discount, live.outcome) == (ours, "told")
    assert DiscountCode.objects.get().discount == ours


@pytest.mark.parametrize("is_ours", [True, False])
def test_switched_off_there_is_switched_off_here_and_on_again(
    stand_in: StandIn, made: Callable[..., dict[str, Any]], is_ours: bool
) -> None:
    if is_ours:
        DiscountFactory(codes=["SPRING"])
        tell()
        stripe_id = DiscountSync.objects.get(kind="code").stripe_id
    else:
        stripe_id = made()["id"]
    told()

    stand_in.call(f"promotion_codes/{stripe_id}", active="false")
    assert told() == ["switched off here, too"]
    off = DiscountCode.objects.get().is_active
    assert tell() == []
    stand_in.call(f"promotion_codes/{stripe_id}", active="true")
    assert told() == ["switched on here, too"]

    assert (off, DiscountCode.objects.get().is_active) == (False, True)
    assert tell() == []


def test_other_amounts_of_its_coupon_are_taken_over(
    stand_in: StandIn, made: Callable[..., dict[str, Any]]
) -> None:
    code = made({"amount_off": 500, "currency": "eur", "name": "Spring"})
    told()

    coupon = code["promotion"]["coupon"]
    stand_in.call(f"coupons/{coupon}", **{
        "name": "Summer", "currency_options[usd][amount_off]": 700,
    })  # fmt: skip
    told()

    discount = Discount.objects.get()
    assert discount.name == "Summer"
    assert list(discount.amounts.values_list("currency", "amount")) == [("eur", 500), ("usd", 700)]
    assert tell() == []


def test_a_coupon_that_was_deleted_there_ends_here(
    stand_in: StandIn, made: Callable[..., dict[str, Any]]
) -> None:
    code = made()
    told()

    address = f"{stand_in.url}/v1/coupons/{code['promotion']['coupon']}"
    stand_in.http.delete(address, headers={"Authorization": "Bearer sk_test_holdfast_tests"})
    told()

    assert DiscountCode.objects.get().is_active is False
    assert tell() == []


def test_terms_that_staff_change_here_make_a_code_of_ours(
    stand_in: StandIn, made: Callable[..., dict[str, Any]]
) -> None:
    made()
    told()
    Discount.objects.update(percentage=20)

    assert tell() == ["off", "code"]
    told()

    codes = stand_in.api("promotion_codes")["data"]
    assert [(code["code"], code["active"]) for code in codes] == [
        ("SPRING", True),
        ("SPRING", False),
    ]
    assert DiscountCode.objects.get().is_active


def test_our_own_calls_and_a_shop_without_codes_on_the_page_take_nothing(
    made: Callable[..., dict[str, Any]], settings: Any
) -> None:
    DiscountFactory(codes=["TEN"])
    tell()
    assert told() == ["ignored: our own change"]
    settings.ALLOW_PROMOTION_CODES = False
    made()

    assert told() == ["ignored: the payment page takes no codes"]
    assert Discount.objects.count() == 1
