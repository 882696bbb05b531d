"""A shop that is whole before and after each fault, and something of its own to sell."""

import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from shop.catalog.models import Price
from tests.support.buyer import Customer, offered
from tests.support.clocks import level_clocks
from tests.support.house import House


@pytest.fixture
def shop(house: House) -> Iterator[House]:
    """The house with everything running, and running again afterwards."""
    house.heal()
    level_clocks(house.stand_in)
    yield house
    house.heal()
    house.wait_until_quiet()


@pytest.fixture
def price(shop: House) -> Iterator[Price]:
    """Something of which there are five."""
    with offered(on_hand=5) as price:
        yield price


@pytest.fixture
def prices(shop: House) -> Iterator[Callable[..., Price]]:
    """Makes things of which there are five each."""
    with ExitStack() as offers:
        yield lambda **more: offers.enter_context(offered(on_hand=5, **more))


@pytest.fixture
def customer(shop: House) -> Callable[[], Customer]:
    """Makes customers, each with an address of their own."""
    return lambda: Customer(shop, f"{uuid.uuid4().hex[:12]}@example.com")
