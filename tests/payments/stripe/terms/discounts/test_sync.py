"""Discounts at Stripe: a coupon and its codes, made once, ended, and made anew for other terms."""

from datetime import timedelta
from typing import Any

import pytest

from payments.models import DiscountSync
from payments.settlement import deadlines
from payments.stripe.terms.discounts.queue import queue_all
from shop import clock, stripe_client, work
from shop.models import Installation
from shop.orders.models import Discount, DiscountCode
from shop.work import Outcome
from tests.support.factories import DiscountFactory
from tests.support.purchases import do_the_work, do_what_waits
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
Kind = DiscountSync.Kind


@pytest.fixture(autouse=True)
def codes_on_page(settings: Any) -> None:
    settings.ALLOW_PROMOTION_CODES = True


def tell() -> list[str]:
    """What the next sweep has to tell, told; the kinds of its rows."""
    rows = queue_all(stripe_client.account())
    do_the_work()
    do_what_waits()
    return [row.kind for row in rows]


def codes(stand_in: StandIn) -> list[tuple[str, bool]]:
    """Word and whether it is active, the oldest first."""
    made = stand_in.api("promotion_codes", limit=100)["data"]
    return [(code["code"], code["active"]) for code in reversed(made)]


def row_of(kind: str) -> DiscountSync:
    row: DiscountSync = DiscountSync.objects.filter(kind=kind).latest("created_at")
    return row


def test_a_share_is_told_as_it_is(stand_in: StandIn) -> None:
    ends = clock.now().replace(microsecond=0) + timedelta(days=3)
    discount = DiscountFactory(
        codes=["TEN"],
        percentage="12.5",
        most_uses=7,
        ends_at=ends,
        amounts={"eur": {"least": 2000}},
    )

    tell()

    coupon, code = row_of(Kind.COUPON), row_of(Kind.CODE)
    marks = {"shop": Installation.current(), "discount": str(discount.pk)}
    made = stand_in.api(f"coupons/{coupon.stripe_id}")
    assert (made["id"], made["name"], made["percent_off"]) == (coupon.pk.hex, "Ten percent", 12.5)
    assert (made["duration"], made["max_redemptions"], made["metadata"]) == ("once", 7, marks)
    typed = stand_in.api(f"promotion_codes/{code.stripe_id}")
    assert (typed["code"], typed["active"], typed["max_redemptions"]) == ("TEN", True, 7)
    assert typed["promotion"] == {"type": "coupon", "coupon": coupon.pk.hex}
    assert typed["expires_at"] == int(ends.timestamp())
    assert typed["restrictions"]["minimum_amount"] == 2000
    assert typed["metadata"] == {**marks, "sync": str(code.pk)}
    assert (code.outcome, coupon.outcome) == (Outcome.TOLD, Outcome.TOLD)
    assert code.key == f"{Installation.current()}:discount:{code.pk}:g1"


def test_an_amount_is_told_in_each_currency(stand_in: StandIn) -> None:
    amounts = {"eur": {"amount": 500, "least": 2000}, "usd": {"amount": 600}}
    DiscountFactory(codes=["FIVE"], kind="amount", amounts=amounts)

    tell()

    made = stand_in.api(
        f"coupons/{row_of(Kind.COUPON).stripe_id}", **{"expand[]": "currency_options"}
    )
    assert (made["amount_off"], made["currency"]) == (500, "eur")
    assert made["currency_options"]["usd"] == {"amount_off": 600}
    # Where one currency has a least value, the others need one, too.
    restrictions = row_of(Kind.CODE).parameters["restrictions"]
    assert restrictions["currency_options"] == {"usd": {"minimum_amount": 1}}


def test_each_word_has_its_code_of_one_coupon(stand_in: StandIn) -> None:
    DiscountFactory(codes=["ONE", "TWO"])

    assert tell() == [Kind.CODE, Kind.CODE]
    assert tell() == []

    assert sorted(codes(stand_in)) == [("ONE", True), ("TWO", True)]
    assert len(stand_in.api("coupons")["data"]) == 1


@pytest.mark.parametrize(
    "terms",
    [
        {"most_per_customer": 1},
        {"starts_at": timedelta(hours=1)},
        {"ends_at": timedelta(hours=-1)},
        {"most_uses": 2, "uses": 2},
        {"is_active": False},
    ],
)
def test_what_does_not_count_there_is_not_told(stand_in: StandIn, terms: dict[str, Any]) -> None:
    now = clock.now()
    at = {name: now + value for name, value in terms.items() if isinstance(value, timedelta)}
    DiscountFactory(codes=["TEN"], **{**terms, **at})

    assert tell() == []


def test_other_terms_make_another_code_and_end_the_former(stand_in: StandIn) -> None:
    discount = DiscountFactory(codes=["TEN"])
    tell()
    Discount.objects.update(percentage=20)

    assert tell() == [Kind.OFF, Kind.CODE]

    assert codes(stand_in) == [("TEN", False), ("TEN", True)]
    assert [coupon["percent_off"] for coupon in stand_in.api("coupons")["data"]] == [20, 10]
    live = DiscountSync.objects.get(is_live=True)
    assert (live.discount, live.terms["percentage"]) == (discount, "20")


@pytest.mark.parametrize("change", [{"is_active": False}, {"uses": 3}, {"with_sale": False}])
def test_what_counts_no_more_is_switched_off_and_on_again(
    stand_in: StandIn, change: dict[str, Any]
) -> None:
    DiscountFactory(codes=["TEN"], most_uses=3)
    tell()
    Discount.objects.update(**change)

    assert tell() == [Kind.OFF]
    ended = codes(stand_in)
    Discount.objects.update(is_active=True, uses=1, with_sale=True)
    assert tell() == [Kind.CODE]

    assert (ended, codes(stand_in)) == ([("TEN", False)], [("TEN", False), ("TEN", True)])
    assert len(stand_in.api("coupons")["data"]) == 1
    # What the cart has had in the meantime, Stripe does not know.
    assert row_of(Kind.CODE).parameters["max_redemptions"] == 2


def test_a_code_that_was_deleted_here_ends_there(stand_in: StandIn) -> None:
    discount = DiscountFactory(codes=["TEN", "MORE"])
    tell()
    DiscountCode.objects.get(code="TEN").delete()

    assert tell() == [Kind.OFF]
    discount.delete()
    assert tell() == [Kind.OFF]

    assert sorted(codes(stand_in)) == [("MORE", False), ("TEN", False)]


def test_the_sweep_tells_and_ends_all_when_no_page_takes_codes(
    stand_in: StandIn, settings: Any
) -> None:
    DiscountFactory(codes=["TEN"])
    stripe_client.account()
    deadlines.sweep()
    do_the_work()
    do_what_waits()
    settings.ALLOW_PROMOTION_CODES = False

    deadlines.sweep()
    do_the_work()

    assert codes(stand_in) == [("TEN", False)]


def test_a_code_waits_for_its_coupon(stand_in: StandIn) -> None:
    DiscountFactory(codes=["TEN"])
    queue_all(stripe_client.account())
    code = row_of(Kind.CODE)
    stand_in.fail("/v1/coupons", times=1, status=500)

    do_the_work()
    code.refresh_from_db()

    assert (code.status, code.last_error) == (
        work.Work.Status.READY,
        "Away: Its coupon is still to be made.",
    )
    do_what_waits()
    assert codes(stand_in) == [("TEN", True)]


@pytest.mark.parametrize("path", ["/v1/coupons$", "/v1/promotion_codes$"])
@pytest.mark.parametrize("fault", [{"status": 500, "when": "after"}, {"reset": True}])
def test_a_lost_answer_makes_no_second_one(
    stand_in: StandIn, path: str, fault: dict[str, Any]
) -> None:
    DiscountFactory(codes=["TEN"])
    stand_in.fail(path, times=1, method="POST", **fault)

    tell()
    do_what_waits()

    assert [coupon["id"] for coupon in stand_in.api("coupons")["data"]] == [
        row_of(Kind.COUPON).stripe_id
    ]
    assert [code["id"] for code in stand_in.api("promotion_codes")["data"]] == [
        row_of(Kind.CODE).stripe_id
    ]


def test_terms_that_change_while_the_first_are_told_leave_one_code(stand_in: StandIn) -> None:
    DiscountFactory(codes=["TEN"])
    queue_all(stripe_client.account())
    Discount.objects.update(percentage=20)
    queue_all(stripe_client.account())

    do_the_work()
    do_what_waits()

    assert codes(stand_in) == [("TEN", True)]
    told = DiscountSync.objects.filter(kind=Kind.CODE).order_by("created_at")
    assert [row.outcome for row in told] == [Outcome.OVERTAKEN, Outcome.TOLD]


def test_a_word_that_somebody_made_there_is_said_to_be_taken(stand_in: StandIn) -> None:
    theirs = stand_in.call("coupons", percent_off=50)
    stand_in.call(
        "promotion_codes",
        **{"promotion[type]": "coupon", "promotion[coupon]": theirs["id"], "code": "TEN"},
    )
    DiscountFactory(codes=["TEN", "MORE"])

    tell()

    refused = DiscountSync.objects.get(kind=Kind.CODE, word="TEN")
    assert refused.outcome == Outcome.REFUSED
    assert "already exists" in refused.detail
    assert codes(stand_in) == [("TEN", True), ("MORE", True)]
    # It is not asked again and again.
    assert tell() == []


def test_a_row_of_another_account_ends(stand_in: StandIn) -> None:
    DiscountFactory(codes=["TEN"])
    queue_all("acct_other/test")

    do_the_work()

    assert {row.result for row in DiscountSync.objects.all()} == {
        "of another account, whose key is gone"
    }
    assert codes(stand_in) == []
