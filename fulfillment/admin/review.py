"""Staff's review of an order: while it is open, nothing is captured or shipped."""

import uuid
from typing import Any

from django.db import transaction

from fulfillment import shipping, stock_check
from payments.models import Payment
from shop.orders.models import OrderHold

CAPTURE = "payments.capture_payment"
NOT_YET_TAKEN = [
    Payment.Status.REQUIRES_ACTION,
    Payment.Status.PROCESSING,
    Payment.Status.AUTHORIZED,
]


class NeedsMoneyRight(Exception):
    """Closing the review decides about money, and the person may not; the message says so."""


@transaction.atomic
def begin(order_id: uuid.UUID, why: str, *, by: str) -> None:
    """Put the order in review; a second one by staff is not made. Raises Order.DoesNotExist."""
    order = shipping.lock(order_id)
    order.hold(OrderHold.Reason.STAFF, why, opened_by=by)


@transaction.atomic
def close(order_id: uuid.UUID, hold_id: int, *, by: Any, address: str = "") -> bool:
    """Close one hold of the order, which goes on where it stopped when that was the last.

    False when it was closed before. Raises Order.DoesNotExist and NeedsMoneyRight.
    """
    order = shipping.lock(order_id)
    hold = order.holds.filter(pk=hold_id).first()
    if hold is None:
        return False
    if missing := missing_right(hold, by):
        raise NeedsMoneyRight(missing)
    closed = order.close_hold(hold_id, by=str(by))
    if closed:
        stock_check.continue_after_hold(order, actor=by, address=address)
    return closed


def missing_right(hold: OrderHold, person: Any) -> str:
    """Why the person may not close the review, as a sentence; empty when they may.

    What the shop itself has opened is about money, even when that is here already.
    """
    is_about_money = hold.reason != OrderHold.Reason.STAFF
    waits = hold.order.payments.filter(status__in=NOT_YET_TAKEN)
    if (is_about_money or waits.exists()) and not person.has_perm(CAPTURE):
        return "Closing it lets money be taken; that needs the permission to capture payments."
    return ""
