"""What comes due without anybody ringing: sessions that ran out, holds that are about to end."""

import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from payments import policy, stripe_requests
from payments.models import (
    CheckoutSession,
    Payment,
    PaymentQuerySet,
    StripeRequest,
    Subscription,
)
from payments.settlement import next_look, settle
from payments.settlement.subscriptions.settle import settle_subscription
from payments.stripe import gateway
from payments.stripe.errors import OutcomeUnknown, Refused
from payments.stripe.terms import tax_rates
from payments.stripe.terms.discounts.queue import queue_all as queue_discounts
from shop import clock, work
from shop.catalog import stock
from shop.models import Heartbeat
from shop.orders.models import Order
from shop.orders.tax import mode as tax
from shop.stripe_client import known_account

log = structlog.get_logger(__name__)

# Any number that no other part of the shop locks.
ONE_SWEEP_AT_A_TIME = 0x486F6C64
# Of each kind in a sweep, so that a large backlog of one does not keep the others from their turn.
AT_ONCE = 25
# In seconds: the last row that is begun still ends within the task's soft time limit of 55.
SWEEP_FOR = 40
# The pulse of whole rounds: how old it is says how long nobody has looked (shop/models.py).
HEARTBEAT = "sweep"
# After so many definite refusals to capture, the hold is let go.
CAPTURE_TRIES = 3


def sweep() -> bool:
    """One round; False when another sweep is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_SWEEP_AT_A_TIME])
        if not cursor.fetchone()[0]:
            return False
        try:
            _round()
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_SWEEP_AT_A_TIME])
    return True


def _round() -> None:
    """What loses money comes first and asks nobody; what waits for Stripe may run out of time.

    Only a round that came to its end counts as a pulse.
    """
    until = time.monotonic() + SWEEP_FOR
    done = failed = 0
    stages: list[tuple[Callable[[], Any], Callable[[Any], None]]] = [
        (_payments_near_deadline, _act_on_deadline),
        (_lapsed_payments, settle.settle),
        (_sessions_to_look_at, _look_at),
        (_payments_to_look_at, settle.settle),
        (_subscriptions_to_look_at, _look_at_subscription),
    ]
    for rows, act in stages:
        for row in rows():
            if time.monotonic() > until:
                log.warning("sweep ran out of time", done=done, failed=failed)
                return
            failed += not _alone(row, act)
            done += 1
    _tell_of_terms()
    Heartbeat.objects.update_or_create(name=HEARTBEAT, defaults={"at": timezone.now()})
    if done:
        log.info("sweep", done=done, failed=failed)


def _tell_of_terms() -> None:
    """Rates, codes, currencies and accounts that are new, whoever brought them."""
    account = known_account()
    if not account:
        return
    queue_discounts(account)
    if tax.is_on():
        tax_rates.queue_all(
            account, inclusive={tax.is_inclusive(code) for code in settings.CURRENCIES_OFFERED}
        )


def _alone(row: Any, act: Callable[[Any], None]) -> bool:
    """Whatever becomes of one row, the others have their turn."""
    try:
        act(row)
    except SoftTimeLimitExceeded:
        raise
    except OutcomeUnknown as error:
        log.info("sweep goes on", row=str(row), why=str(error))
        next_look.put_off(row, by=timedelta(0))
        return False
    except (Refused, stripe_requests.NotPossible) as error:
        log.info("sweep goes on", row=str(row), why=str(error))
        next_look.put_off(row)
        return False
    except Exception:
        # A lock, an odd amount, a bug: all of it costs this row alone.
        log.exception("sweep goes on", row=str(row))
        next_look.put_off(row)
        return False
    return True


def _sessions_to_look_at() -> "QuerySet[CheckoutSession]":
    """Pages that should be over, those that were never made included, and orders still waiting."""
    return (
        CheckoutSession.objects.filter(account=known_account(), next_look_at__lte=clock.now())
        .exclude(requests__status__in=work.Work.OPEN)
        .order_by("next_look_at")[:AT_ONCE]
    )


def _look_at(session: CheckoutSession) -> None:
    """Ask Stripe first: only what it calls expired gives its units back."""
    if session.stripe_session_id is None:
        _look_for(session)
    else:
        settle.settle(session)
    session.refresh_from_db()
    if session.due_at < clock.now():
        stripe_requests.ask_expiry(session)


def _look_for(session: CheckoutSession) -> None:
    """A page whose request was given up: what its calls made after all, or nothing."""
    request = session.requests.filter(kind=StripeRequest.Kind.CREATE_SESSION).last()
    facts = gateway.made_session(request) if request is not None else None
    if facts is not None:
        settle.made_unheard(session, facts)
    else:
        settle.never_made(session)


def _subscriptions_to_look_at() -> "QuerySet[Subscription]":
    """Whatever renews or should have, of which nobody has told for a while."""
    due = Subscription.objects.filter(account=known_account(), next_look_at__lte=clock.now())
    return due.select_related("session").order_by("next_look_at")[:AT_ONCE]


def _look_at_subscription(subscription: Subscription) -> None:
    settle.settle_with_page(subscription)
    settle_subscription(subscription)


def _lapsed_payments() -> PaymentQuerySet:
    return _to_look_at().filter(status=Payment.Status.AUTHORIZED, capture_before__lt=clock.now())[
        :AT_ONCE
    ]


def _payments_to_look_at() -> PaymentQuerySet:
    """Money that is under way, or on its way back, of which nobody has told for a while."""
    return _to_look_at()[:AT_ONCE]


def _to_look_at() -> PaymentQuerySet:
    due = Payment.objects.filter(account=known_account(), next_look_at__lte=clock.now())
    return due.exclude(requests__status__in=work.Work.OPEN).order_by("next_look_at")


def _payments_near_deadline() -> PaymentQuerySet:
    """Of the present account, and nothing under way: such rows would fill the places."""
    return (
        Payment.objects.awaiting_capture()
        .filter(
            account=known_account(),
            capture_before__gte=clock.now(),
            capture_before__lt=clock.now() + policy.ACT_BEFORE_DEADLINE,
            order__isnull=False,
        )
        .exclude(requests__status__in=work.Work.OPEN)
        .select_related("order")[:AT_ONCE]
    )


@transaction.atomic
def _act_on_deadline(payment: Payment) -> None:
    """Capture or release what nobody has decided on, before Stripe lets it lapse."""
    order = payment.order
    if order is None:
        return
    refused = payment.requests.filter(kind=StripeRequest.Kind.CAPTURE).refused().count()
    if (
        policy.at_deadline(order) == "capture"
        and _is_owed(payment, order)
        and refused < CAPTURE_TRIES
    ):
        amount = min(stripe_requests.still_due(order, payment), payment.capturable)
        stripe_requests.ask_capture(
            payment, amount, reason="the authorization is about to end", despite_review=True
        )
    else:
        # What staff or customer asked for before stays the reason.
        unasked = Order.objects.filter(pk=order.pk, cancel_reason="")
        unasked.update(cancel_reason=Order.CancelReason.DEADLINE)
        stripe_requests.ask_release(payment, reason="the authorization is about to end")


def _is_owed(payment: Payment, order: Order) -> bool:
    """Whether the order stands and has its units: for nothing else money is taken unseen."""
    return (
        payment.purpose in Payment.OWN
        and payment.currency == order.currency
        and order.status == Order.Status.CONFIRMED
        and order.cancel_requested_at is None
        and stock.is_taken(cause_kind="order", cause_id=order.reservation)
    )
