"""Staff's review of an order: while it is open, nothing is captured or shipped."""

import uuid
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from django.db import transaction

from fulfillment import shipping, stock_check
from payments.models import Payment
from shop.catalog import stock
from shop.money import Money
from shop.orders import reduction
from shop.orders.models import Order, OrderHold

CAPTURE = "payments.capture_payment"
NOT_YET_TAKEN = [
    Payment.Status.REQUIRES_ACTION,
    Payment.Status.PROCESSING,
    Payment.Status.AUTHORIZED,
]

STOPPABLE = [
    Order.Status.PENDING,
    Order.Status.PROCESSING,
    Order.Status.CONFIRMED,
    Order.Status.PARTLY_SHIPPED,
]

NEEDS_RIGHT = "Closing it lets money be taken; that needs the permission to capture payments."
SAY_FIRST = "Say first what leaves for the smaller amount; that closes the review."


class CannotClose(Exception):
    """The person may not decide about money, or something is to be said first; the message says."""


class CannotBegin(Exception):
    """There is nothing that a review could stop; the message says so."""


def may_begin(order: Order) -> bool:
    """Whether anything is still to be captured or shipped."""
    return order.status in STOPPABLE and order.cancel_requested_at is None


@transaction.atomic
def begin(order_id: uuid.UUID, why: str, *, by: str) -> None:
    """Put the order in review; a second one by staff is not made.

    Raises Order.DoesNotExist and CannotBegin.
    """
    order = shipping.lock(order_id)
    if not may_begin(order):
        raise CannotBegin("Nothing of this order is left to be captured or shipped.")
    order.hold(OrderHold.Reason.STAFF, why, opened_by=by)


@transaction.atomic
def close(order_id: uuid.UUID, hold_id: int, *, by: Any, address: str = "") -> bool:
    """Close one hold of the order, which goes on where it stopped when that was the last.

    False when it was closed before. Raises Order.DoesNotExist and CannotClose.
    """
    order = shipping.lock(order_id)
    hold = order.holds.filter(pk=hold_id).first()
    if hold is None:
        return False
    if why := why_not(hold, by):
        raise CannotClose(why)
    closed = order.close_hold(hold_id, by=str(by))
    if closed:
        stock_check.continue_after_hold(order, actor=by, address=address)
    return closed


@transaction.atomic
def say_what_leaves(
    order_id: uuid.UUID,
    *,
    units: Mapping[int, int] = MappingProxyType({}),
    written_off: bool = False,
    reason: str,
    by: Any,
    address: str = "",
) -> bool:
    """Let the order go on for what was captured, without `units`, or with everything in it.

    False when nobody has to say that any more. Raises CannotClose and NotPossible.
    """
    order = shipping.lock(order_id)
    payment = paid_less(order)
    if payment is None:
        return False
    if not by.has_perm(CAPTURE):
        raise CannotClose(NEEDS_RIGHT)
    reduction.write(
        order,
        amount_off(order, payment, units) if units else order.due - payment.captured,
        reason=reason,
        units=units,
        written_off=written_off,
        cause_id=payment.pk,
        actor_id=by.pk,
        actor_name=str(by)[:150],
    )
    for hold in order.holds.filter(reason=OrderHold.Reason.LATE_FACT, closed_at=None):
        order.close_hold(hold.pk, by=str(by))
    stock_check.continue_after_hold(order, actor=by, address=address)
    return True


def paid_less(order: Order) -> Payment | None:
    """The payment of which less than is due was captured for good, and nobody said what leaves."""
    if order.status != Order.Status.CONFIRMED or order.cancel_requested_at is not None:
        return None
    payment = order.payments.filter(
        purpose__in=Payment.OWN,
        status=Payment.Status.CAPTURED,
        currency=order.currency,
    ).first()
    return payment if payment is not None and payment.captured < order.due else None


def amount_off(order: Order, payment: Payment, units: Mapping[int, int]) -> Money:
    """What the order is lowered by when these units are left out. Raises NotPossible.

    At least by what was not captured; by more only where that was refunded, since nobody pays for
    what is not sent.
    """
    cost = reduction.worth(order, units)
    missing = order.due - payment.captured
    unpaid = missing + payment.refunded
    if unpaid < cost:
        raise reduction.NotPossible(
            f"What is left out costs {cost}, and only {unpaid} is not paid."
            f" Refund {cost - unpaid} first, or leave out less."
        )
    if not stock.is_taken(cause_kind="order", cause_id=order.reservation):
        raise reduction.NotPossible("The stock is not taken yet. Look again in a moment.")
    return max(missing, cost)


def why_not(hold: OrderHold, person: Any) -> str:
    """Why the person may not close the review, as a sentence; empty when they may.

    What the shop itself has opened is about money, even when that is here already.
    """
    is_about_money = hold.reason != OrderHold.Reason.STAFF
    waits = hold.order.payments.filter(status__in=NOT_YET_TAKEN)
    if (is_about_money or waits.exists()) and not person.has_perm(CAPTURE):
        return NEEDS_RIGHT
    if hold.reason == OrderHold.Reason.LATE_FACT and paid_less(hold.order):
        return SAY_FIRST
    return ""
