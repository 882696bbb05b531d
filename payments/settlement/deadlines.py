"""What comes due without anybody ringing: sessions that ran out, holds that are about to end."""

from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import structlog
from django.db import connection, transaction

from payments import policy, stripe_requests
from payments.models import CheckoutSession, Payment, PaymentQuerySet, StripeRequest
from payments.settlement import settle
from payments.stripe.errors import OutcomeUnknown, Refused
from shop import clock
from shop.catalog import stock
from shop.orders.models import Order
from shop.stripe_client import known_account

log = structlog.get_logger(__name__)

Row = TypeVar("Row", CheckoutSession, Payment)

# Any number that no other part of the shop locks.
ONE_SWEEP_AT_A_TIME = 0x486F6C64
# In a sweep, so that a large backlog does not outlive the task's time limit.
AT_ONCE = 25
# A payment page that Stripe should have closed by now, and money whose end nobody told us of.
AFTER_EXPIRY = timedelta(seconds=5)
# After so many definite refusals to capture, the hold is let go.
CAPTURE_TRIES = 3


def sweep() -> bool:
    """One round; False when another sweep is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_SWEEP_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return False
        try:
            _each(_overdue_sessions(), _end_session)
            _each(_lapsed_payments(), settle.settle)
            _each(_payments_near_deadline(), _act_on_deadline)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_SWEEP_AT_A_TIME])
    return True


def _each(rows: list[Row], act: Callable[[Row], None]) -> None:
    """Each on its own: one that fails keeps no other from its turn."""
    for row in rows:
        try:
            act(row)
        except (OutcomeUnknown, Refused, stripe_requests.NotPossible) as error:
            log.info("sweep goes on", row=str(row), why=str(error))


def _overdue_sessions() -> list[CheckoutSession]:
    return list(
        CheckoutSession.objects.filter(
            account=known_account(),
            status=CheckoutSession.Status.OPEN,
            stripe_session_id__isnull=False,
            due_at__lt=clock.now() - AFTER_EXPIRY,
        ).order_by("due_at")[:AT_ONCE]
    )


def _end_session(session: CheckoutSession) -> None:
    """Ask Stripe first: only what it calls expired gives its units back."""
    settle.settle(session)
    stripe_requests.ask_expiry(session)


def _lapsed_payments() -> list[Payment]:
    return list(_held_here().filter(capture_before__lt=clock.now())[:AT_ONCE])


def _payments_near_deadline() -> list[Payment]:
    return list(
        _held_here()
        .filter(
            capture_before__gte=clock.now(),
            capture_before__lt=clock.now() + policy.ACT_BEFORE_DEADLINE,
            order__isnull=False,
        )
        .select_related("order")[:AT_ONCE]
    )


def _held_here() -> PaymentQuerySet:
    """Of the present account: what another one has left behind would keep these from their turn."""
    return Payment.objects.awaiting_capture().filter(account=known_account())


@transaction.atomic
def _act_on_deadline(payment: Payment) -> None:
    """Capture or release what nobody has decided on, before Stripe lets it lapse."""
    if payment.open_request() is not None or payment.order is None:
        return
    order = payment.order
    refused = payment.requests.filter(kind=StripeRequest.Kind.CAPTURE).refused().count()
    if (
        policy.at_deadline(order) == "capture"
        and _is_owed(payment, order)
        and refused < CAPTURE_TRIES
    ):
        amount = min(order.due, payment.capturable)
        stripe_requests.ask_capture(
            payment, amount, reason="the authorization is about to end", despite_review=True
        )
    else:
        stripe_requests.ask_release(payment, reason="the authorization is about to end")


def _is_owed(payment: Payment, order: Order) -> bool:
    """Whether the order stands and has its units: for nothing else money is taken unseen."""
    return (
        payment.purpose == Payment.Purpose.CHECKOUT
        and order.status == Order.Status.CONFIRMED
        and order.cancel_requested_at is None
        and stock.is_taken(cause_kind="order", cause_id=order.reservation)
    )
