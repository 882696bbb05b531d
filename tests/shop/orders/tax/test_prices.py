"""What stands beside prices, in lists and on a product's page."""

from typing import Any

import pytest
from django.test import Client

from shop.catalog.models import Price
from shop.catalog.search import index
from tests.support.factories import PriceFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def addresses(settings: Any) -> list[str]:
    """A product's page, and a list with it; in dollars prices are without tax."""
    settings.CURRENCIES_OFFERED = ["eur", "usd"]
    settings.TAX_EXCLUSIVE_CURRENCIES = ["usd"]
    price = PriceFactory()
    Price.objects.create(variant=price.variant, currency="usd", unit_amount=2000)
    product = price.variant.product
    index.index_many([product.pk])
    return [product.get_absolute_url(), product.category.get_absolute_url()]


def test_they_include_the_tax_or_not(client: Client, settings: Any, addresses: list[str]) -> None:
    settings.TAX_MODE = "rates"
    in_euros = [client.get(address).content.decode() for address in addresses]
    client.post("/currency/", {"currency": "usd"})
    in_dollars = [client.get(address).content.decode() for address in addresses]

    assert ["incl. VAT" in page for page in in_euros] == [True, True]
    assert ["plus tax" in page for page in in_euros] == [False, False]
    assert ["plus tax" in page for page in in_dollars] == [True, True]
    assert ["incl. VAT" in page for page in in_dollars] == [False, False]


def test_so_do_the_terms(client: Client, settings: Any) -> None:
    settings.TAX_MODE = "rates"
    in_euros = client.get("/terms/").content.decode()
    client.post("/currency/", {"currency": "usd"})

    assert "Prices include tax" in in_euros
    assert "Tax comes on top of the prices." in client.get("/terms/").content.decode()


def test_in_german(client: Client, settings: Any, addresses: list[str]) -> None:
    settings.TAX_MODE = "rates"

    page = client.get(addresses[0], headers={"Accept-Language": "de"}).content.decode()

    assert "inkl. MwSt." in page


def test_in_mode_none_nothing_is_said(client: Client, addresses: list[str]) -> None:
    pages = [client.get(address).content.decode() for address in addresses]

    assert ["VAT" in page or "plus tax" in page for page in pages] == [False, False]
