"""Calling an order off: the wish is recorded, and settle ends the order."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from payments import stripe_requests
from payments.models import CheckoutSession, Payment
from shop.orders.models import Order
from shop.transitions import can_move


@transaction.atomic
def cancel(order: Order, *, reason: Order.CancelReason, note: str = "", actor: Any = None) -> None:
    """Call the order off: records the wish, then expires, releases or refunds.

    Settle ends the order once Stripe says that no money is left in it; an order without any ends
    at once. Does nothing when it has ended or was called off already.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    if not can_move(order, Order.Status.CANCELLED) or order.cancel_requested_at is not None:
        return
    order.cancel_requested_at = timezone.now()
    order.cancel_reason, order.cancel_note = reason, note[:200]
    order.save(update_fields=["cancel_requested_at", "cancel_reason", "cancel_note"])
    sessions = order.checkout_sessions.filter(status=CheckoutSession.Status.OPEN)
    for session in sessions:
        stripe_requests.ask_expiry(session)
    payment = order.payments.filter(
        purpose=Payment.Purpose.CHECKOUT, status__in=Payment.LIVE
    ).first()
    if payment is not None:
        stripe_requests.send_back(payment, reason=order.cancelled_because, actor=actor)
    elif not sessions:
        order.cancel(order.cancelled_because, actor=actor)
