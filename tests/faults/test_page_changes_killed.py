"""A worker is killed while it reads what was bought on a page that could be changed."""

from collections.abc import Callable, Iterator

import pytest

from shop.catalog.models import Price
from tests.faults.test_killed import HELD, MOMENTS
from tests.support.books import assert_adds_up
from tests.support.buyer import Customer, tell_stripe
from tests.support.house import House
from tests.support.house_orders import page_of
from tests.support.purchases import counted
from tests.support.waiting import eventually


@pytest.fixture
def lowered(shop: House) -> Iterator[House]:
    """The shop while quantities may be lowered on its pages."""
    restart(shop, "web", ADJUSTABLE_QUANTITY="on")
    yield shop
    restart(shop, "web")


def restart(shop: House, name: str, **more: str) -> None:
    if name in shop.processes:
        shop.stop(name)
    shop.start(name, **more)
    shop.wait_until_ready()


@MOMENTS
def test_killed_before_the_rest_went_back_it_goes_back_once(
    lowered: House,
    prices: Callable[..., Price],
    customer: Callable[[], Customer],
    moment: str,
) -> None:
    """Guards: lines and units are of one commit, and an event is done in it."""
    lantern, wrap, stand_in = prices(), prices(unit_amount=300), lowered.stand_in
    lantern.variant.product.goes_with.add(wrap.variant.product)
    tell_stripe(lowered, wrap)
    lowered.wait_until_quiet()
    buyer = customer()
    order = buyer.begin(lantern, 2)
    aside = counted(lantern), counted(wrap)

    stand_in.fail(f"/v1/checkout/sessions/{page_of(order)}$", method="GET", when=moment, **HELD)
    buyer.pay(order, quantities=[1])
    stand_in.wait_for_held("/v1/checkout/sessions/")
    lowered.kill("worker")
    stand_in.ask("faults/clear", {})
    between = counted(lantern), counted(wrap)
    lowered.end_leases()
    restart(lowered, "worker")
    eventually(lambda: order.shipments.exists())
    lowered.wait_until_quiet()

    assert aside == between == ((5, 2), (5, 1))
    assert (counted(lantern), counted(wrap)) == ((4, 0), (5, 0))
    assert_adds_up(stand_in, order)
