"""A shop that is whole before and after each fault, and something of its own to sell."""

import uuid
from collections.abc import Callable, Iterator

import pytest

from shop.catalog.models import Category, Price, Product
from tests.buying import Customer
from tests.factories import PriceFactory
from tests.house import House


@pytest.fixture
def shop(house: House) -> Iterator[House]:
    """The house with everything running, and running again afterwards."""
    house.heal()
    yield house
    house.heal()
    house.wait_until_quiet()


@pytest.fixture
def price(shop: House) -> Iterator[Price]:
    """Something new at 18.00 EUR of which there are five; off the shelf afterwards."""
    mark = uuid.uuid4().hex[:8]
    price = PriceFactory(
        on_hand=5,
        variant__product__slug=f"lantern-{mark}",
        variant__product__category=Category.objects.first(),
    )
    yield price
    Product.objects.filter(variants=price.variant).update(status=Product.Status.ARCHIVED)


@pytest.fixture
def customer(shop: House) -> Callable[[], Customer]:
    """Makes customers, each with an address of their own."""
    return lambda: Customer(shop, f"{uuid.uuid4().hex[:12]}@example.com")
