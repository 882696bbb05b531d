"""What the cart says of tax, and the country that it goes by."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from shop.orders.models import DeliveryMethod
from tests.support.carts import read, with_cart
from tests.support.factories import (
    CartLineFactory,
    DeliveryMethodFactory,
    PriceFactory,
    TaxRateFactory,
)

pytestmark = pytest.mark.django_db
BUTTON = "Continue to secure payment"


@pytest.fixture(autouse=True)
def in_mode_rates(settings: Any) -> None:
    settings.TAX_MODE = "rates"
    settings.CURRENCIES_OFFERED = ["eur", "usd"]
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(countries=["AT", "FR"], rates={"eur": {0: 490}, "usd": {0: 600}})
    TaxRateFactory()
    TaxRateFactory(country="DE", name="USt.", percentage=Decimal("19.5"))
    TaxRateFactory(country="AT", tax_class="books", percentage=Decimal(10))


def test_each_rate_with_what_it_comes_to(client: Client) -> None:
    cart = with_cart(client)
    CartLineFactory(
        cart=cart, price=PriceFactory(unit_amount=1110, variant__product__tax_class="books")
    )

    page = read(client)

    # As on the payment page: a delivery of 4.90 is shared by 18.00 and 11.10.
    assert "<dt> incl. 20% VAT </dt> <dd> €3.51 </dd>" in page
    assert "<dt> incl. 10% VAT </dt> <dd> €1.18 </dd>" in page
    assert "<dd> €34.00 </dd>" in page
    assert BUTTON in page


def test_tax_on_top_is_in_the_total(client: Client, settings: Any) -> None:
    settings.TAX_EXCLUSIVE_CURRENCIES = ["usd"]
    client.post("/currency/", {"currency": "usd"})
    with_cart(client, PriceFactory(currency="usd"))

    page = read(client)

    assert "<dt>Tax</dt> <dd> US$3.60 </dd>" in page
    assert "<dt> Total </dt> <dd> US$27.60 </dd>" in page
    assert "<dt> incl. 20% VAT </dt> <dd> US$4.60 </dd>" in page
    assert "Tax is included." not in page


def test_without_a_rate_the_cart_says_so(client: Client) -> None:
    with_cart(client, PriceFactory(variant__product__tax_class="books"))
    client.post("/cart/country/", {"country": "FR"})

    page = read(client)

    way = '<a href="/contact/">write to us</a>'
    assert f"We do not sell this to France. Choose another country, or {way}." in page
    assert BUTTON not in page


def test_digital_goods_are_taxed_in_the_country_that_is_chosen(client: Client) -> None:
    with_cart(client, PriceFactory(variant__requires_shipping=False))
    before = read(client)

    answer = client.post("/cart/country/", {"country": "DE"}, follow=True)

    page = " ".join(answer.content.decode().split())
    assert "Your country" in before
    assert "incl. 20% VAT" in before
    assert "The tax is that of Germany now." in page
    assert "<dt> incl. 19.5% USt. </dt> <dd> €2.94 </dd>" in page
    assert BUTTON in page


def test_nobody_is_served_yet(client: Client) -> None:
    DeliveryMethod.objects.all().delete()
    with_cart(client, PriceFactory(variant__requires_shipping=False))

    page = read(client)

    assert "Choose your country: the tax goes by it." in page
    assert '<option value="DE">Germany</option>' in page
    assert BUTTON not in page


def test_a_country_without_delivery_is_none_for_what_is_sent(client: Client) -> None:
    with_cart(client)
    client.post("/cart/country/", {"country": "DE"})

    assert "We do not deliver this to Germany." in read(client)


def test_the_cart_takes_few_queries(client: Client, django_assert_max_num_queries: Any) -> None:
    with_cart(client)

    with django_assert_max_num_queries(12):
        client.get("/cart/")


def test_in_mode_none_the_cart_is_as_it_was(client: Client, settings: Any) -> None:
    settings.TAX_MODE = "none"
    with_cart(client)

    page = read(client)

    assert "incl." not in page
    assert "Tax is included." in page
