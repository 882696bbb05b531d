"""Orders of a customer feed their address book."""

from typing import Any

from shop.accounts.addresses import book
from shop.orders.models import Order


def keep_address(order: Order, after: str, **_: Any) -> None:
    """It is bought: where it goes to is worth keeping."""
    if after == Order.Status.CONFIRMED:
        keep(order)


def keep(order: Order) -> None:
    """Keep where it goes to, in the book of whose order it is."""
    if order.user is not None:
        book.keep(order.user, order.name, order.shipping_address)
