"""Calling an order off: the wish is recorded, and settle ends the order."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone

from payments import stripe_requests
from payments.models import CheckoutSession, Payment
from shop.orders.models import Order
from shop.transitions import can_move

# What staff need besides, by where the money stands; what is still under way is refunded once here.
RIGHTS = {
    Payment.Status.AUTHORIZED: "payments.release_payment",
    Payment.Status.PROCESSING: "payments.refund_payment",
    Payment.Status.REQUIRES_ACTION: "payments.refund_payment",
    Payment.Status.CAPTURED: "payments.refund_payment",
}


def rights_to_cancel(orders: Iterable[Order]) -> set[str]:
    """The permissions to move the money that calling these orders off would move."""
    payments = Payment.objects.filter(
        order__in=list(orders), purpose__in=Payment.OWN, status__in=RIGHTS
    )
    return {RIGHTS[Payment.Status(status)] for status in payments.values_list("status", flat=True)}


@transaction.atomic
def cancel(
    order: Order,
    *,
    reason: Order.CancelReason,
    note: str = "",
    actor: Any = None,
    address: str = "",
) -> None:
    """Call the order off: records the wish, then expires, releases or refunds.

    Settle ends the order once Stripe says that no money is left in it; an order without any ends
    at once. Does nothing when it has ended or was called off already.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    if not can_move(order, Order.Status.CANCELLED) or order.cancel_requested_at is not None:
        return
    order.cancel_requested_at = timezone.now()
    order.save(update_fields=["cancel_requested_at"])
    order.keep_why(reason, note=note, actor=actor)
    sessions = order.checkout_sessions.filter(status=CheckoutSession.Status.OPEN)
    for session in sessions:
        stripe_requests.ask_expiry(session)
    payment = order.payments.filter(purpose__in=Payment.OWN, status__in=Payment.LIVE).first()
    if payment is not None:
        stripe_requests.send_back(
            payment, reason=order.cancelled_because, actor=actor, address=address
        )
    elif not sessions:
        order.cancel(order.cancelled_because, actor=actor)
