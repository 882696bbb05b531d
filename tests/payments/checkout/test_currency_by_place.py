"""Stripe chooses a page's currency by place: when it may, what is frozen before, and when not."""

from typing import Any

import pytest

from payments import checkout
from payments.models import CheckoutSession
from shop import stripe_client
from shop.catalog.models import CatalogSync, Price, SyncConflict
from shop.catalog.stripe_sync.synced_ids import prices_by_currency
from shop.orders.models import DeliveryMethod
from tests.support.factories import (
    CartFactory,
    CartLineFactory,
    ChosenPriceFactory,
    DeliveryMethodFactory,
    DiscountFactory,
    TaxRateFactory,
)
from tests.support.purchases import new_buyer, order_of, unpaid
from tests.support.several_currencies import (
    AMERICAN,
    MUG,
    priced,
    sell_in_two,
    start_as,
    synced,
    tell_stripe,
)
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def by_place(settings: Any, stand_in: StandIn) -> None:
    sell_in_two(settings)


def sent(session: CheckoutSession) -> dict[str, Any]:
    assert session.url
    return dict(session.requests.get(kind="create_session").parameters)


def fixed(session: CheckoutSession) -> list[dict[str, Any]]:
    """What each delivery costs on the page."""
    options = sent(session)["shipping_options"]
    return [option["shipping_rate_data"]["fixed_amount"] for option in options]


def at_stripe(stand_in: StandIn, session: CheckoutSession) -> tuple[str, int]:
    page = stand_in.api(f"checkout/sessions/{session.stripe_session_id}")
    return page["currency"], page["amount_total"]


def is_chosen_by_place(session: CheckoutSession) -> bool:
    """Whether no currency was sent; what is sent and what is frozen say the same."""
    asked = sent(session)
    assert ("currency" in asked) is (session.currencies == {})
    if "currency" in asked:
        assert session.order is not None
        assert asked["currency"] == session.order.currency
    return "currency" not in asked


def test_what_the_page_may_charge_is_frozen_in_each_currency(stand_in: StandIn) -> None:
    mug = synced(MUG)
    post, express = DeliveryMethod.objects.all()
    dollars = mug.variant.prices.get(currency="usd")

    session = start_as(AMERICAN, (mug, 2))

    assert session.currencies == {
        "eur": {
            "subtotal": 3600,
            "lines": {"1": {"price": mug.pk, "unit_amount": 1800}},
            "deliveries": {str(post.pk): 490, str(express.pk): 990},
            "tax": {},
        },
        "usd": {
            "subtotal": 4300,
            "lines": {"1": {"price": dollars.pk, "unit_amount": 2150}},
            "deliveries": {str(post.pk): 0, str(express.pk): 1290},
            "tax": {},
        },
    }
    assert is_chosen_by_place(session)
    assert sent(session)["line_items"] == [
        {"quantity": 2, "metadata": {"line": "1"}, "price": mug.stripe_price_id}
    ]
    assert fixed(session) == [
        {"amount": 490, "currency": "eur", "currency_options": {"usd": {"amount": 0}}},
        {"amount": 990, "currency": "eur", "currency_options": {"usd": {"amount": 1290}}},
    ]
    assert at_stripe(stand_in, session) == ("usd", 4300)
    assert order_of(session).currency == "eur"


def test_whoever_is_at_home_pays_in_the_orders_currency(stand_in: StandIn) -> None:
    session = start_as("ana+location_AT@example.com", (synced(MUG), 1))

    assert is_chosen_by_place(session)
    assert at_stripe(stand_in, session) == ("eur", 2290)


def test_who_reads_the_shop_in_dollars_is_asked_by_place_too(stand_in: StandIn) -> None:
    mug = synced(MUG)
    dollars = mug.variant.prices.get(currency="usd")

    session = start_as("ana+location_AT@example.com", (dollars, 1))

    assert is_chosen_by_place(session)
    assert (order_of(session).currency, at_stripe(stand_in, session)) == ("usd", ("eur", 2290))


def test_without_the_setting_the_currency_is_sent(stand_in: StandIn, settings: Any) -> None:
    settings.CURRENCY_BY_PLACE = False

    session = start_as(AMERICAN, (synced(MUG), 1))

    assert not is_chosen_by_place(session)
    assert at_stripe(stand_in, session) == ("eur", 2290)
    assert fixed(session)[0] == {"amount": 490, "currency": "eur"}


def test_what_stripe_was_not_told_of_is_in_the_orders_currency(stand_in: StandIn) -> None:
    assert not is_chosen_by_place(start_as(AMERICAN, (priced(MUG), 1)))


def test_what_costs_in_one_currency_alone_is_in_that(stand_in: StandIn) -> None:
    assert not is_chosen_by_place(start_as(AMERICAN, (synced({"eur": 1800}), 1)))


def test_all_things_have_the_same_currencies(stand_in: StandIn, settings: Any) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "usd", "gbp"]
    for method in DeliveryMethod.objects.all():
        method.rates.create(currency="gbp", amount=500)
    mug, cup = priced(MUG), priced({**MUG, "gbp": 1600})
    tell_stripe()

    together = start_as(AMERICAN, (mug, 1), (cup, 1))

    assert not is_chosen_by_place(together)
    assert set(start_as(AMERICAN, (mug, 1)).currencies) == {"eur", "usd"}
    assert set(start_as(AMERICAN, (cup, 1)).currencies) == {"eur", "usd", "gbp"}


def test_a_currency_that_is_not_offered_any_more_is_still_at_stripe(
    stand_in: StandIn, settings: Any
) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "usd", "gbp"]
    mug = synced({**MUG, "gbp": 1600})
    settings.CURRENCIES_OFFERED = ["eur", "usd"]

    assert not is_chosen_by_place(start_as(AMERICAN, (mug, 1)))


def test_a_price_that_ended_is_still_at_stripe(stand_in: StandIn, settings: Any) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "usd", "gbp"]
    mug = synced({**MUG, "gbp": 1600})
    Price.objects.filter(variant=mug.variant, currency="gbp").update(is_active=False)

    assert not is_chosen_by_place(start_as(AMERICAN, (mug, 1)))


def test_a_new_price_in_one_currency_is_told_first(stand_in: StandIn) -> None:
    mug = synced(MUG)
    Price.objects.filter(variant=mug.variant, currency="usd").update(is_active=False)
    Price.objects.create(variant=mug.variant, currency="usd", unit_amount=2250)

    before = start_as(AMERICAN, (mug, 1))
    tell_stripe()
    after = start_as(AMERICAN, (mug, 1))

    assert (is_chosen_by_place(before), is_chosen_by_place(after)) == (False, True)
    assert after.currencies["usd"]["subtotal"] == 2250


def test_what_is_disputed_with_stripe_is_in_the_orders_currency(stand_in: StandIn) -> None:
    mug = synced(MUG)
    conflict = SyncConflict.objects.create(
        variant=mug.variant, stripe_account=stripe_client.account(), field="price.usd"
    )

    before = start_as(AMERICAN, (mug, 1))
    conflict.delete()

    assert not is_chosen_by_place(before)
    assert is_chosen_by_place(start_as(AMERICAN, (mug, 1)))


def test_what_was_told_since_its_baseline_waits_for_the_next_one(stand_in: StandIn) -> None:
    """The release before writes rows that are not summed up yet."""
    mug = synced(MUG)
    CatalogSync.objects.filter(kind="create_price").update(in_baseline=False)

    assert not is_chosen_by_place(start_as(AMERICAN, (mug, 1)))


def test_a_price_of_another_account_is_in_the_orders_currency(stand_in: StandIn) -> None:
    mug = synced(MUG)
    Price.objects.update(stripe_account="acct_other/test")

    assert not is_chosen_by_place(start_as(AMERICAN, (mug, 1)))


def test_what_customers_name_the_price_of_is_in_the_orders_currency(stand_in: StandIn) -> None:
    mug, tip = synced(MUG), ChosenPriceFactory(variant__requires_shipping=False)
    Price.objects.create(
        variant=tip.variant, currency="usd", unit_amount=1000,
        is_chosen=True, minimum_amount=500, maximum_amount=9000,
    )  # fmt: skip
    tell_stripe()
    items = [checkout.Item(mug, 1), checkout.Item(Price.objects.get(pk=tip.pk), 1, tip.money)]

    assert not is_chosen_by_place(checkout.start(new_buyer(), items))


def test_a_discount_stands_in_the_lines_in_one_currency(stand_in: StandIn) -> None:
    DiscountFactory(is_automatic=True)

    assert not is_chosen_by_place(start_as(AMERICAN, (synced(MUG), 1)))


def test_free_delivery_by_a_discount_is_in_one_currency(stand_in: StandIn) -> None:
    DiscountFactory(is_automatic=True, kind="delivery")

    assert not is_chosen_by_place(start_as(AMERICAN, (synced(MUG), 1)))


@pytest.mark.parametrize(
    ("terms", "everywhere"),
    [
        ({}, True),
        ({"amounts": {"eur": {"least": 500}, "usd": {"least": 500}}}, True),
        ({"amounts": {"eur": {"least": 500}}}, False),
        ({"kind": "amount", "amounts": {"eur": {"amount": 100}, "usd": {"amount": 110}}}, True),
        ({"kind": "amount", "amounts": {"eur": {"amount": 100}}}, False),
        ({"kind": "amount", "amounts": {"eur": {"amount": 100}}, "is_active": False}, True),
        # Never typed on the page: Stripe cannot keep its rules.
        ({"amounts": {"eur": {"least": 500}}, "is_first_order_only": True}, True),
    ],
)
def test_each_code_that_the_page_takes_counts_in_each_currency(
    stand_in: StandIn, settings: Any, terms: dict[str, Any], everywhere: bool
) -> None:
    settings.ALLOW_PROMOTION_CODES = True
    DiscountFactory(codes=["TEN"], **terms)

    session = start_as(AMERICAN, (synced(MUG), 1))

    assert session.discount == {"on_page": True}
    assert is_chosen_by_place(session) is everywhere


def test_a_method_without_a_price_in_a_currency_leaves_the_orders(stand_in: StandIn) -> None:
    DeliveryMethod.objects.get(name="Express").rates.filter(currency="usd").delete()

    assert not is_chosen_by_place(start_as(AMERICAN, (synced(MUG), 1)))


def test_each_country_of_the_page_has_the_same_methods_in_each_currency(
    stand_in: StandIn,
) -> None:
    """In euros both countries have the same two; in dollars another one opens for Germany."""
    DeliveryMethodFactory(name="Ship", countries=["DE"], rates={"usd": {0: 190}}, position=3)
    mug = synced(MUG)

    assert not is_chosen_by_place(start_as(AMERICAN, (mug, 1), country="AT"))


def test_what_is_not_sent_needs_no_delivery(stand_in: StandIn) -> None:
    session = start_as(AMERICAN, (synced(MUG, variant__requires_shipping=False), 1))

    assert is_chosen_by_place(session)
    assert session.currencies["usd"]["deliveries"] == {}
    assert at_stripe(stand_in, session) == ("usd", 2150)


def test_bands_go_by_the_value_in_each_currency(stand_in: StandIn) -> None:
    DeliveryMethod.objects.all().delete()
    method = DeliveryMethodFactory(
        bands_by="value", rates={"eur": {0: 490, 2000: 100}, "usd": {0: 590, 2000: 110}}
    )

    session = start_as(AMERICAN, (synced(MUG), 1))

    kept = {code: one["deliveries"] for code, one in session.currencies.items()}
    assert kept == {"eur": {str(method.pk): 490}, "usd": {str(method.pk): 110}}


@pytest.mark.parametrize("where", ["least", "most"])
def test_what_can_be_charged_holds_in_each_currency(stand_in: StandIn, where: str) -> None:
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(is_free=True)
    dollars = {"least": 49, "most": 999_999_999_999}[where]
    mug = synced({"eur": 1800, "usd": dollars})
    units = 1 if where == "least" else 2

    assert set(prices_by_currency([mug])) == {"eur", "usd"}
    assert not is_chosen_by_place(start_as(AMERICAN, (mug, units)))


def test_delivery_counts_where_the_largest_amount_is_reached(stand_in: StandIn) -> None:
    mug = synced({"eur": 1800, "usd": 999_999_999_999})

    assert set(prices_by_currency([mug])) == {"eur", "usd"}
    assert not is_chosen_by_place(start_as(AMERICAN, (mug, 1)))


@pytest.mark.parametrize("mode", ["rates", "stripe"])
def test_tax_is_of_one_kind_in_all_currencies(stand_in: StandIn, settings: Any, mode: str) -> None:
    settings.TAX_MODE = mode
    settings.TAX_EXCLUSIVE_CURRENCIES = ["usd"]
    TaxRateFactory()

    assert not is_chosen_by_place(start_as(AMERICAN, (synced(MUG), 1)))


@pytest.mark.parametrize("exclusive", [[], ["eur", "usd"]], ids=["inclusive", "exclusive"])
def test_tax_by_rates_is_frozen_in_each_currency(
    stand_in: StandIn, settings: Any, exclusive: list[str]
) -> None:
    settings.TAX_MODE = "rates"
    settings.TAX_EXCLUSIVE_CURRENCIES = exclusive
    rate = TaxRateFactory()
    post, express = DeliveryMethod.objects.all()

    session = start_as(AMERICAN, (synced(MUG), 1))

    tax = {"rate": rate.pk, "base": 2150, "amount": 430} if exclusive else {
        "rate": rate.pk, "base": 1792, "amount": 358
    }  # fmt: skip
    assert is_chosen_by_place(session)
    assert session.currencies["usd"]["tax"] == {
        "lines": {"1": tax},
        "deliveries": {
            str(post.pk): [{"rate": rate.pk, "base": 492, "amount": 98}],
            str(express.pk): [{"rate": rate.pk, "base": 1075, "amount": 215}],
        },
    }
    assert session.currencies["eur"]["tax"] == {
        "lines": session.tax["lines"], "deliveries": session.tax["deliveries"]
    }  # fmt: skip
    assert at_stripe(stand_in, session) == ("usd", 2150 + 590 + (430 if exclusive else 0))


def test_where_stripe_works_out_the_tax_each_delivery_says_its_kind(
    stand_in: StandIn, settings: Any
) -> None:
    settings.TAX_MODE = "stripe"

    session = start_as(AMERICAN, (synced(MUG), 1))

    assert is_chosen_by_place(session)
    usd = {"amount": 590, "tax_behavior": "inclusive"}
    assert fixed(session)[0] == {"amount": 490, "currency": "eur", "currency_options": {"usd": usd}}


@pytest.mark.parametrize(
    ("limits", "is_held"),
    [
        ({"eur": 5000, "usd": 5000}, False),
        # With the dearest delivery it comes to 27.90 EUR or 34.40 USD.
        ({"eur": 5000, "usd": 3439}, True),
        ({"eur": 2789, "usd": 5000}, True),
        ({"eur": 2790, "usd": 3440}, False),
    ],
)
def test_a_hold_is_asked_for_where_the_order_is_large_in_any_currency(
    stand_in: StandIn, settings: Any, limits: dict[str, int], is_held: bool
) -> None:
    settings.CAPTURE_POLICY = "automatic"
    settings.CAPTURE_REVIEW_ABOVE = limits
    settings.INVOICE_CREATION = True

    session = start_as(AMERICAN, (synced(MUG), 1))

    assert is_chosen_by_place(session)
    assert ("payment_method_options" in sent(session)) is is_held
    assert ("invoice_creation" in sent(session)) is not is_held


def test_paid_once_more_it_is_in_the_orders_currency(stand_in: StandIn) -> None:
    session = start_as(AMERICAN, (synced(MUG), 1))
    order = unpaid(stand_in, session)

    again = checkout.pay_again(order, checkout.Buyer(visitor=order.visitor, user=order.user))  # type: ignore[arg-type]

    assert not is_chosen_by_place(again)
    assert at_stripe(stand_in, again) == ("eur", 2290)


def test_a_cart_is_paid_by_place_like_one_thing(stand_in: StandIn) -> None:
    cart = CartFactory()
    for amounts in (MUG, {"eur": 990, "usd": 1250}):
        CartLineFactory(cart=cart, price=synced(amounts))

    session = checkout.start(new_buyer(), checkout.items_of(cart), cart=cart)

    assert is_chosen_by_place(session)
    assert {code: one["subtotal"] for code, one in session.currencies.items()} == {
        "eur": 2790, "usd": 3400
    }  # fmt: skip


def test_where_the_currency_is_left_open_things_keep_their_price(stand_in: StandIn) -> None:
    """# S-2: only that has an amount in each currency, and it says the shop's own words."""
    mug = synced(MUG)
    product = mug.variant.product
    product.translations = {"de": {"title": "Becher"}}
    product.save()

    session = checkout.start(new_buyer(language="de"), [checkout.Item(mug, 1)])

    assert is_chosen_by_place(session)
    assert sent(session)["line_items"][0]["price"] == mug.stripe_price_id
    assert order_of(session).lines.get().translation("de", "title") == "Becher"
