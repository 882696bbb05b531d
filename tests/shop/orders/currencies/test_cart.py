"""What the cart says of currencies: which amounts the payment page may show instead."""

from typing import Any

import pytest
from django.test import Client

from shop.orders.models import DeliveryMethod
from tests.support.carts import read, with_cart
from tests.support.factories import (
    ChosenPriceFactory,
    DiscountFactory,
    TaxRateFactory,
)
from tests.support.goes_with import going_with
from tests.support.several_currencies import MUG, priced, sell_in_two, synced
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

SENTENCE = "The payment page may show the price in your own currency"


@pytest.fixture(autouse=True)
def by_place(settings: Any, stand_in: StandIn) -> None:
    sell_in_two(settings)


def test_the_amounts_that_the_shop_would_charge_are_named(client: Client) -> None:
    with_cart(client, synced(MUG))

    assert f"{SENTENCE}, with the cheapest delivery: <b>US$27.40</b> </p>" in read(client)


def test_with_one_delivery_it_is_that(client: Client, settings: Any) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "usd", "gbp"]
    DeliveryMethod.objects.get(name="Express").delete()
    DeliveryMethod.objects.get().rates.create(currency="gbp", amount=420)
    with_cart(client, synced({**MUG, "gbp": 1500}))

    assert f"{SENTENCE}: <b>£19.20</b>, <b>US$27.40</b> </p>" in read(client)


def test_a_cart_in_dollars_names_euros(client: Client) -> None:
    with_cart(client, synced(MUG).variant.prices.get(currency="usd"))

    assert "<b>€22.90</b> </p>" in read(client)


@pytest.mark.parametrize(
    ("mode", "amount"),
    [("rates", "<b>US$31.70</b> </p>"), ("stripe", "<b>US$27.40</b> (plus tax)")],
)
def test_tax_on_top_is_in_it_as_far_as_it_is_known(
    client: Client, settings: Any, mode: str, amount: str
) -> None:
    settings.TAX_MODE = mode
    settings.TAX_EXCLUSIVE_CURRENCIES = ["eur", "usd"]
    TaxRateFactory()
    with_cart(client, synced(MUG))

    assert amount in read(client)


def test_where_the_currency_will_be_named_nothing_is_said(client: Client, settings: Any) -> None:
    with_cart(client, priced(MUG))
    assert SENTENCE not in read(client)

    with_cart(client, synced(MUG), ChosenPriceFactory())
    assert SENTENCE not in read(client)

    with_cart(client, synced(MUG))
    assert SENTENCE in read(client)
    DiscountFactory(is_automatic=True)
    assert SENTENCE not in read(client)


def test_an_amount_that_cannot_be_charged_is_not_named(client: Client, settings: Any) -> None:
    DeliveryMethod.objects.update(is_free=True)
    with_cart(client, synced({"eur": 1800, "usd": 49}))

    assert SENTENCE not in read(client)


def test_without_the_setting_nothing_is_said(client: Client, settings: Any) -> None:
    settings.CURRENCY_BY_PLACE = False
    with_cart(client, synced(MUG))

    assert SENTENCE not in read(client)


def test_it_takes_two_queries_more(
    client: Client, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.TAX_MODE = "rates"
    TaxRateFactory()
    with_cart(client, synced(MUG))

    for is_on, queries in ((False, 10), (True, 12)):
        settings.CURRENCY_BY_PLACE = is_on
        with django_assert_num_queries(queries):
            client.get("/cart/")


def test_where_quantities_may_be_lowered_nothing_is_said(client: Client, settings: Any) -> None:
    """What may be changed on the page is known in the cart's currency alone."""
    settings.ADJUSTABLE_QUANTITY = True
    cart = with_cart(client, synced(MUG))
    single = read(client)

    cart.lines.update(quantity=2)

    assert (SENTENCE in single, SENTENCE in read(client)) == (True, False)


def test_where_the_page_may_offer_something_besides_nothing_is_said(client: Client) -> None:
    price, other = synced(MUG), synced({"eur": 300, "usd": 400})
    with_cart(client, price)
    alone = read(client)

    going_with(price, other)

    assert (SENTENCE in alone, SENTENCE in read(client)) == (True, False)


def test_what_goes_with_it_and_stands_in_the_cart_changes_nothing(client: Client) -> None:
    price, other = synced(MUG), priced({"eur": 300, "usd": 400})
    with_cart(client, going_with(price, other))

    assert SENTENCE in read(client)
