"""Facts go up: sent inside the transaction that moves the order; a receiver writes a row."""

from django.dispatch import Signal

# order: Order, before: str, after: str
order_moved = Signal()
