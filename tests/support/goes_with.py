"""Things that go with others, at prices that Stripe knows."""

from typing import Any

from shop import stripe_client
from shop.catalog.models import Price
from shop.catalog.stripe_plan import queue
from shop.catalog.stripe_sync import run
from tests.support.factories import PriceFactory


def synced(**more: Any) -> Price:
    """A price that Stripe knows."""
    price: Price = PriceFactory(**more)
    assert stripe_client.account()
    queue.queue(price.variant)
    run.drain()
    price.refresh_from_db()
    price.variant.refresh_from_db()
    assert price.stripe_price_id
    return price


def going_with(price: Price, *others: Price) -> Price:
    """The same thing, with others beside it in this order."""
    for other in others:
        price.variant.product.goes_with.add(other.variant.product)
    return price
