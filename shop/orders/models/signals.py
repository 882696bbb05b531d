"""Facts go up: sent inside the transaction that moves the order; a receiver writes a row."""

from django.dispatch import Signal

# order: Order, before: str, after: str
order_moved = Signal()
# user: User, orders: list[Order], which were of no account and are of this one from now on
orders_claimed = Signal()
