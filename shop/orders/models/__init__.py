"""What was bought: carts, orders, their lines and their history."""

from shop.orders.models.cart import (
    Cart,
    CartLine,
)
from shop.orders.models.history import (
    OrderHold,
    OrderReduction,
    OrderTransition,
)
from shop.orders.models.lines import (
    OrderLine,
)
from shop.orders.models.numbers import new_number, new_token
from shop.orders.models.order import (
    Order,
    OrderQuerySet,
)

__all__ = [
    "Cart",
    "CartLine",
    "Order",
    "OrderHold",
    "OrderLine",
    "OrderQuerySet",
    "OrderReduction",
    "OrderTransition",
    "new_number",
    "new_token",
]
