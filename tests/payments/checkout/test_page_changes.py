"""What a customer may change on the payment page: which pages let them, and with which bounds."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from payments import checkout
from payments.models import CheckoutSession
from shop.catalog.models import Price, Product
from shop.orders.cart import add
from shop.orders.models import DeliveryMethod, Discount
from tests.support.factories import (
    CartFactory,
    CartLineFactory,
    ChosenPriceFactory,
    DeliveryMethodFactory,
    DiscountFactory,
    PriceFactory,
    TaxRateFactory,
    VariantFactory,
)
from tests.support.goes_with import going_with, opened, synced
from tests.support.purchases import counted, new_buyer
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def lowered(settings: Any) -> None:
    """Quantities may be lowered; delivery to Austria is 4.90 EUR, whatever is sent."""
    settings.ADJUSTABLE_QUANTITY = True
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(countries=["AT"], rates={"eur": {0: 490}})


def sent(session: CheckoutSession) -> dict[str, Any]:
    return dict(session.requests.get(kind="create_session").parameters)


# -- Quantities --


def test_lines_of_several_units_can_be_lowered_to_one(stand_in: StandIn) -> None:
    session = opened((PriceFactory(), 3), (PriceFactory(), 1))

    several, single = sent(session)["line_items"]
    assert several["adjustable_quantity"] == {"enabled": True, "minimum": 1, "maximum": 3}
    assert "adjustable_quantity" not in single
    assert session.changes == {"lines": {"1": 3}}


def test_without_the_setting_nothing_may_change(stand_in: StandIn, settings: Any) -> None:
    settings.ADJUSTABLE_QUANTITY = False

    session = opened((PriceFactory(), 3))

    assert session.changes == {}
    assert "adjustable_quantity" not in sent(session)["line_items"][0]


def test_what_delivery_costs_is_read_once_for_a_page(stand_in: StandIn) -> None:
    """Read twice, a change in between would offer by other terms than it is judged by."""
    with CaptureQueriesContext(connection) as queries:
        session = opened((PriceFactory(), 3), country="AT")

    reads = [one["sql"] for one in queries if 'FROM "orders_deliveryrate"' in one["sql"]]
    assert (session.changes, len(reads)) == ({"lines": {"1": 3}}, 1)


def is_fixed(*lines: tuple[Price, int], **buyer: Any) -> bool:
    changes: dict[str, Any] = opened(*(lines or [(PriceFactory(), 3)]), **buyer).changes
    return changes == {}


@pytest.mark.parametrize(
    ("terms", "fixed"),
    [
        # Three cost 54.00 and weigh 1500 g, one costs 18.00 and weighs 500 g.
        ({"free_from": {"eur": 5000}}, True),
        ({"free_from": {"eur": 5401}}, False),
        ({"free_from": {"eur": 1800}}, False),
        ({"bands_by": "value", "rates": {"eur": {0: 490, 3000: 690}}}, True),
        ({"bands_by": "value", "rates": {"eur": {0: 490, 3000: 690, 4000: 490}}}, True),
        ({"bands_by": "value", "rates": {"eur": {0: 490, 5401: 690}}}, False),
        ({"bands_by": "weight", "rates": {"eur": {0: 490, 1000: 690}}}, True),
        ({"bands_by": "weight", "rates": {"eur": {0: 490, 1501: 690}}}, False),
        ({"bands_by": "weight", "rates": {"eur": {1000: 690}}}, True),
        ({"bands_by": "weight", "rates": {"eur": {0: 490, 1000: 490}}}, False),
    ],
)
def test_not_where_delivery_would_differ(
    stand_in: StandIn, terms: dict[str, Any], fixed: bool
) -> None:
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(countries=["AT"], **{"rates": {"eur": {0: 490}}, **terms})

    assert is_fixed((PriceFactory(variant__grams=500), 3)) == fixed


def test_not_where_one_more_country_would_share_other_prices(stand_in: StandIn) -> None:
    """At three Germany and Austria cost the same, at one they do not."""
    DeliveryMethodFactory(
        name="North", countries=["DE"], bands_by="value", rates={"eur": {0: 990, 5000: 490}}
    )

    assert (is_fixed(country="AT"), is_fixed(country="DE")) == (False, True)


def test_a_weight_that_nobody_knows_is_the_heaviest_at_any_number(stand_in: StandIn) -> None:
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(bands_by="weight", rates={"eur": {0: 490, 1000: 690}})

    assert not is_fixed((PriceFactory(), 3))


def test_not_where_something_is_taken_off(stand_in: StandIn) -> None:
    DiscountFactory(is_automatic=True, name="Ten")

    assert is_fixed()


def test_not_where_an_amount_would_cover_a_smaller_order(stand_in: StandIn) -> None:
    """Of 54.00 it would leave 0.10, which cannot be charged; of 18.00 nothing."""
    DeliveryMethod.objects.update(is_free=True)
    off = {"eur": {"amount": 5390}}
    discount = DiscountFactory(kind="amount", amounts=off, is_automatic=True)
    before = is_fixed()
    Discount.objects.filter(pk=discount.pk).update(is_active=False)

    assert (before, is_fixed()) == (True, False)


@pytest.mark.parametrize(
    ("least", "fixed"), [(1800, False), (1801, True), (5400, True), (5401, False)]
)
def test_not_where_a_code_on_the_page_counts_at_some_numbers_only(
    stand_in: StandIn, settings: Any, least: int, fixed: bool
) -> None:
    settings.ALLOW_PROMOTION_CODES = True
    DiscountFactory(codes=["TEN"], amounts={"eur": {"least": least}})

    assert is_fixed() == fixed


def test_not_where_a_copy_of_the_page_takes_such_a_code(stand_in: StandIn, settings: Any) -> None:
    settings.CHECKOUT_RECOVERY = "stripe"
    settings.CHECKOUT_RECOVERY_PROMOTION_CODES = True
    DiscountFactory(codes=["TEN"], amounts={"eur": {"least": 2000}})

    assert is_fixed()


@pytest.mark.parametrize(("limit", "fixed"), [(2000, True), (1000, False), (9000, False)])
def test_not_where_a_smaller_order_would_not_be_held(
    stand_in: StandIn, settings: Any, limit: int, fixed: bool
) -> None:
    settings.CAPTURE_POLICY = "automatic"
    settings.CAPTURE_REVIEW_ABOVE = {"eur": limit}

    assert is_fixed() == fixed


def test_not_below_what_can_be_charged(stand_in: StandIn) -> None:
    assert is_fixed((PriceFactory(unit_amount=20), 3))


def test_not_where_the_delivery_shares_the_rates_of_several_classes(
    stand_in: StandIn, settings: Any
) -> None:
    settings.TAX_MODE = "rates"
    TaxRateFactory()
    TaxRateFactory(tax_class="food", percentage=10)
    food = PriceFactory(variant__product__tax_class="food")

    assert is_fixed((PriceFactory(), 3), (food, 1))
    assert not is_fixed((PriceFactory(), 3), (PriceFactory(), 1))


# -- Additions --


def test_what_goes_with_it_is_offered_and_set_aside(stand_in: StandIn) -> None:
    wrap = synced(
        unit_amount=300,
        variant__product__title="Gift wrap",
        # S-2: it is read so once it is bought, whatever it is called later.
        variant__product__translations={"de": {"title": "Geschenkpapier"}},
    )
    price = going_with(PriceFactory(), wrap)

    session = opened((price, 1))

    assert sent(session)["optional_items"] == [{"price": wrap.stripe_price_id, "quantity": 1}]
    assert session.changes == {
        "additions": [
            {
                "position": 2,
                "variant": wrap.variant_id,
                "price": wrap.pk,
                "stripe_price": wrap.stripe_price_id,
                "sku": wrap.variant.sku,
                "title": "Gift wrap",
                "choice": "",
                "translations": {"de": {"title": "Geschenkpapier"}},
                "unit_amount": 300,
                "quantity": 1,
            }
        ]
    }
    assert (counted(price), counted(wrap)) == ((10, 1), (10, 1))


def offered(session: CheckoutSession) -> list[str]:
    return [one["price"] for one in sent(session).get("optional_items", [])]


def test_at_most_three_and_none_that_is_bought_anyway(stand_in: StandIn) -> None:
    wraps = [synced(unit_amount=300) for _ in range(5)]
    first, second = going_with(PriceFactory(), *wraps[:3]), going_with(wraps[0], *wraps[3:])

    session = opened((first, 1), (second, 2))

    assert offered(session) == [wrap.stripe_price_id for wrap in wraps[1:4]]
    assert [counted(wrap)[1] for wrap in wraps] == [2, 1, 1, 1, 0]


def test_what_is_sold_out_is_not_offered(stand_in: StandIn) -> None:
    gone, there = synced(on_hand=0), synced()

    session = opened((going_with(PriceFactory(), gone, there), 1))

    assert offered(session) == [there.stripe_price_id]


def unsynced() -> Price:
    return PriceFactory()


def several_ways() -> Price:
    wrap = synced()
    VariantFactory(product=wrap.variant.product, option_values=["Large"])
    return wrap


def archived() -> Price:
    wrap = synced()
    Product.objects.filter(pk=wrap.variant.product_id).update(status=Product.Status.ARCHIVED)
    return wrap


def in_dollars() -> Price:
    return synced(currency="usd")


def chosen() -> Price:
    return ChosenPriceFactory()


def replaced() -> Price:
    """Stripe knows the price before."""
    wrap = synced()
    Price.objects.filter(pk=wrap.pk).update(is_active=False)
    Price.objects.create(variant=wrap.variant, unit_amount=400, currency="eur")
    return wrap


@pytest.mark.parametrize("other", [unsynced, several_ways, archived, in_dollars, chosen, replaced])
def test_only_what_is_bought_in_one_way_at_a_price_that_stripe_knows(
    stand_in: StandIn, other: Callable[[], Price]
) -> None:
    wrap = other()

    session = opened((going_with(PriceFactory(), wrap), 1))

    assert (offered(session), counted(wrap)[1]) == ([], 0)


@pytest.mark.parametrize(
    ("terms", "is_offered"),
    [
        ({"free_from": {"eur": 2000}}, False),
        ({"free_from": {"eur": 2101}}, True),
        ({"bands_by": "weight", "rates": {"eur": {0: 490, 600: 690}}}, False),
        ({"bands_by": "weight", "rates": {"eur": {0: 490, 601: 690}}}, True),
    ],
)
def test_only_where_delivery_stays_the_same(
    stand_in: StandIn, terms: dict[str, Any], is_offered: bool
) -> None:
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(countries=["AT"], **{"rates": {"eur": {0: 490}}, **terms})
    wrap = synced(unit_amount=300, variant__grams=100)
    price = going_with(PriceFactory(variant__grams=500), wrap)

    assert bool(offered(opened((price, 1)))) == is_offered


def test_what_is_sent_is_not_offered_beside_what_is_not(stand_in: StandIn) -> None:
    card = synced(variant__requires_shipping=False)
    wrap = synced()
    voucher = going_with(PriceFactory(variant__requires_shipping=False), wrap, card)

    assert offered(opened((voucher, 1))) == [card.stripe_price_id]


def test_a_lower_number_counts_with_what_is_added(stand_in: StandIn) -> None:
    """Free from 55.00 on: three cost 54.00, and with the wrap 57.00."""
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(countries=["AT"], rates={"eur": {0: 490}}, free_from={"eur": 5500})
    wrap = synced(unit_amount=300)

    session = opened((going_with(PriceFactory(), wrap), 3))

    assert session.changes == {"lines": {"1": 3}}


@pytest.mark.parametrize("limit", [2000, 2300])
def test_not_where_it_would_have_the_order_held(
    stand_in: StandIn, settings: Any, limit: int
) -> None:
    settings.CAPTURE_POLICY = "automatic"
    settings.CAPTURE_REVIEW_ABOVE = {"eur": limit}
    wrap = synced(unit_amount=300)

    assert offered(opened((going_with(PriceFactory(), wrap), 1))) == []


@pytest.mark.parametrize(
    "options",
    [{"TAX_MODE": "rates"}, {"ALLOW_PROMOTION_CODES": True},
     {"CHECKOUT_RECOVERY": "stripe", "CHECKOUT_RECOVERY_PROMOTION_CODES": True}],
)  # fmt: skip
def test_nothing_is_offered_under_terms_that_it_would_change(
    stand_in: StandIn, settings: Any, options: dict[str, Any]
) -> None:
    TaxRateFactory()
    wrap = synced(unit_amount=300)
    for name, value in options.items():
        setattr(settings, name, value)

    assert offered(opened((going_with(PriceFactory(), wrap), 1))) == []


def test_nothing_is_offered_beside_a_discount(stand_in: StandIn) -> None:
    DiscountFactory(is_automatic=True)
    wrap = synced(unit_amount=300)

    assert offered(opened((going_with(PriceFactory(), wrap), 1))) == []


def test_in_tax_mode_stripe_it_is_offered_at_a_price_that_says_so(
    stand_in: StandIn, settings: Any
) -> None:
    settings.TAX_MODE = "stripe"
    wrap = synced(unit_amount=300)

    assert offered(opened((going_with(PriceFactory(), wrap), 1))) == [wrap.stripe_price_id]


def test_who_comes_back_finds_what_the_page_keeps_aside_for_them(stand_in: StandIn) -> None:
    wrap = synced(on_hand=1)
    cart = CartFactory()
    CartLineFactory(cart=cart, price=going_with(PriceFactory(), wrap))
    checkout.start(new_buyer(), checkout.items_of(cart), cart=cart)
    cart.refresh_from_db()

    line = add(cart, wrap, 1)

    assert (counted(wrap), line.quantity) == ((1, 1), 1)
