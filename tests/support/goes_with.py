"""Things that go with others, at prices that Stripe knows, and pages where they may be had."""

from typing import Any

from payments import checkout
from payments.models import CheckoutSession
from shop import stripe_client
from shop.catalog.models import Price
from shop.catalog.stripe_plan import queue
from shop.catalog.stripe_sync import run
from shop.orders.models import Cart
from tests.support.factories import CartFactory, CartLineFactory, PriceFactory
from tests.support.purchases import new_buyer


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


def opened(*lines: tuple[Price, int], code: str = "", **buyer: Any) -> CheckoutSession:
    """The payment page of a cart with these things, (price, units), and the code typed there."""
    cart: Cart = CartFactory(code=code)
    for price, quantity in lines or [(PriceFactory(), 1)]:
        CartLineFactory(cart=cart, price=price, quantity=quantity)
    return checkout.start(new_buyer(**buyer), checkout.items_of(cart), cart=cart)
