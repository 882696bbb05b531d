"""Staff's review of an order: while it is open, nothing is captured or shipped."""

import uuid

from django.db import transaction

from fulfillment import shipping, stock_check
from shop.orders.models import OrderHold


@transaction.atomic
def begin(order_id: uuid.UUID, why: str, *, by: str) -> None:
    """Put the order in review; a second one by staff is not made. Raises Order.DoesNotExist."""
    order = shipping.lock(order_id)
    order.hold(OrderHold.Reason.STAFF, why, opened_by=by)


@transaction.atomic
def close(order_id: uuid.UUID, hold_id: int, *, by: str) -> bool:
    """Close one hold of the order, which goes on where it stopped when that was the last.

    False when it was closed before. Raises Order.DoesNotExist.
    """
    order = shipping.lock(order_id)
    closed = order.close_hold(hold_id, by=by)
    if closed:
        stock_check.continue_after_hold(order)
    return closed
