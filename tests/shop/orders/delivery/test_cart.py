"""What the cart says of delivery, and the country that a visitor chooses."""

from typing import Any

import pytest
from django.test import Client

from shop.orders.models import Cart, DeliveryMethod, Order
from tests.support.carts import read, with_cart
from tests.support.factories import (
    DeliveryMethodFactory,
    PriceFactory,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def methods() -> None:
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(rates={"eur": {0: 490}}, free_from={"eur": 8000}, min_days=2, max_days=4)
    DeliveryMethodFactory(name="Express", rates={"eur": {0: 990}}, min_days=1, max_days=1)
    DeliveryMethodFactory(name="Abroad", countries=["FR", "IT"], rates={"eur": {0: 1290}})


def test_methods_prices_days_and_the_total_with_the_cheapest(client: Client) -> None:
    with_cart(client)

    page = read(client)

    for words in ("Standard", "€4.90", "2–4 working days", "Express", "€9.90", "1 working day "):
        assert words in page
    assert "Total from" in page
    assert "€22.90" in page


def test_free_from_an_amount_on(client: Client) -> None:
    with_cart(client, PriceFactory(unit_amount=8000))

    assert "<dt> Delivery from </dt> <dd> free </dd>" in read(client)


def test_a_country_is_remembered(client: Client) -> None:
    cart = with_cart(client)

    answer = client.post("/cart/country/", {"country": "FR"}, follow=True)

    page = " ".join(answer.content.decode().split())
    assert answer.redirect_chain == [("/cart/", 303)]
    assert "We deliver to France." in page
    assert '<option value="FR" selected>France</option>' in page
    assert "€30.90" in page
    assert Cart.objects.get(pk=cart.pk).version == cart.version + 1


@pytest.mark.parametrize(
    "country", ["BR", "", "fr", "FRA", "F", "\x00", "FR,DE", "A" * 10_000, "ＦＲ"]
)
def test_a_country_that_is_not_served_changes_nothing(client: Client, country: str) -> None:
    cart = with_cart(client)

    answer = client.post("/cart/country/", {"country": country})

    assert answer.status_code == 400
    assert "We do not deliver there." in answer.content.decode() or not country
    assert "country" not in client.session
    assert Cart.objects.get(pk=cart.pk).version == cart.version


@pytest.mark.parametrize(
    ("languages", "country"),
    [
        ("de-AT,de;q=0.9", "AT"),
        ("fr", "FR"),
        ("it-CH,it;q=0.8", "IT"),
        ("en-US,en", "AT"),
        ("", "AT"),
        ("x" * 20_000, "AT"),
    ],
)
def test_the_first_guess_is_from_the_languages(
    client: Client, languages: str, country: str
) -> None:
    with_cart(client)

    assert f'<option value="{country}" selected>' in read(client, **{"Accept-Language": languages})


def test_an_earlier_order_is_a_better_guess(client: Client) -> None:
    client.post("/cart/add/", {"price": PriceFactory().key, "quantity": "1"})
    visitor = client.session["visitor"]
    Order.objects.create(visitor=visitor, currency="eur", country="IT")

    assert '<option value="IT" selected>' in read(client, **{"Accept-Language": "fr"})


def test_a_country_that_is_served_no_more_is_said_before_payment(client: Client) -> None:
    with_cart(client)
    client.post("/cart/country/", {"country": "FR"})
    DeliveryMethod.objects.filter(name="Abroad").delete()

    page = read(client)

    way = '<a href="/contact/">write to us</a>'
    assert f"We do not deliver this to France. Choose another country, or {way}." in page
    assert "Continue to secure payment" not in page


def test_digital_goods_ask_for_no_country(client: Client) -> None:
    with_cart(client, PriceFactory(variant__requires_shipping=False))

    page = read(client)

    assert "Deliver to" not in page
    assert "Continue to secure payment" in page


def test_the_cart_takes_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    with_cart(client)

    with django_assert_max_num_queries(12):
        client.get("/cart/")
