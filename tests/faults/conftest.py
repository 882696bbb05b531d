"""A shop that is whole before and after each fault, and something of its own to sell."""

import uuid
from collections.abc import Callable, Iterator

import pytest

from shop.catalog.models import Price
from tests.support.buyer import Customer, offered
from tests.support.house import House


@pytest.fixture
def shop(house: House) -> Iterator[House]:
    """The house with everything running, and running again afterwards."""
    house.heal()
    yield house
    house.heal()
    house.wait_until_quiet()


@pytest.fixture
def price(shop: House) -> Iterator[Price]:
    """Something of which there are five."""
    with offered(on_hand=5) as price:
        yield price


@pytest.fixture
def customer(shop: House) -> Callable[[], Customer]:
    """Makes customers, each with an address of their own."""
    return lambda: Customer(shop, f"{uuid.uuid4().hex[:12]}@example.com")
