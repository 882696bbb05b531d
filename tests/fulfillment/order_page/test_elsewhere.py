"""What the page of an order that is not paid yet says of the currency that Stripe may choose."""

from typing import Any

import pytest
from django.test import Client

from shop.orders.models import DeliveryMethod, Order
from tests.support.factories import TaxRateFactory
from tests.support.purchases import order_of, paid, unpaid
from tests.support.several_currencies import AMERICAN, MUG, sell_in_two, start_as, synced
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

SENTENCE = "The payment page may show the price in your own currency"


@pytest.fixture(autouse=True)
def by_place(settings: Any, stand_in: StandIn) -> None:
    sell_in_two(settings)


def read(order: Order) -> str:
    return " ".join(Client().get(f"/orders/{order.token}/").content.decode().split())


def test_an_open_page_may_ask_for_other_amounts(stand_in: StandIn) -> None:
    order = order_of(start_as(AMERICAN, (synced(MUG), 1)))

    assert f"{SENTENCE}, with the cheapest delivery: <b>US$27.40</b> </p>" in read(order)


def test_with_one_delivery_and_tax_on_top_it_is_all_of_it(stand_in: StandIn, settings: Any) -> None:
    DeliveryMethod.objects.get(name="Post").delete()
    settings.TAX_MODE = "rates"
    settings.TAX_EXCLUSIVE_CURRENCIES = ["eur", "usd"]
    TaxRateFactory()

    order = order_of(start_as(AMERICAN, (synced(MUG), 1)))

    # 21.50 and 4.30 of tax, and 12.90 of delivery.
    assert f"{SENTENCE}: <b>US$38.70</b> </p>" in read(order)


@pytest.mark.parametrize("end", [paid, unpaid])
def test_once_the_page_is_over_nothing_is_said(stand_in: StandIn, end: Any) -> None:
    session = start_as(AMERICAN, (synced(MUG), 1))

    end(stand_in, session)

    assert SENTENCE not in read(order_of(session))


def test_a_page_in_the_orders_currency_says_nothing(stand_in: StandIn) -> None:
    session = start_as(AMERICAN, (synced({"eur": 1800}), 1))

    assert SENTENCE not in read(order_of(session))
