"""When a row is looked at again though nobody tells of it: each that is not final has its moment.

Events get lost, and some things happen that none tells of. What is young is looked at sooner.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from payments.models import CheckoutSession, Dispute, Payment, Subscription
from shop import clock
from shop.orders.models import Order

# How long a new page may be paid: Stripe's floor is 30 minutes, the rest is for its outages.
PAGE_LASTS = timedelta(minutes=45)
# A payment page that Stripe should have closed by now.
AFTER_EXPIRY = timedelta(seconds=5)
# What should be over and is not, and what could not be looked at.
SOON = timedelta(minutes=2)
SOONEST, LATEST = timedelta(minutes=5), timedelta(hours=12)
# A dispute takes weeks, and its changes are told.
DISPUTED = timedelta(days=1)
# Stripe makes it after the payment; after so long a person may look for it in the Dashboard.
INVOICE_COMES_WITHIN = timedelta(days=7)
UNDER_WAY = {Payment.Status.PENDING, Payment.Status.REQUIRES_ACTION, Payment.Status.PROCESSING}
ON_ITS_WAY = ["pending", "requires_action"]
DISPUTE_IS_OVER = [*Dispute.SETTLED_FOR_US, "lost"]


def of_new_page() -> dict[str, datetime]:
    """When a page that is asked for now ends, as its row keeps it, and is looked at."""
    expires_at = timezone.now().replace(microsecond=0) + PAGE_LASTS
    due_at = expires_at + clock.offset()
    return {"expires_at": expires_at, "due_at": due_at, "next_look_at": due_at + AFTER_EXPIRY}


def note(session: CheckoutSession | None, payment: Payment | None) -> None:
    """Write down when the rows that were just settled are looked at next."""
    if payment is not None:
        Payment.objects.filter(pk=payment.pk).update(next_look_at=_of_payment(payment))
    if session is not None:
        CheckoutSession.objects.filter(pk=session.pk).update(next_look_at=_of_session(session))


@transaction.atomic
def put_off(row: CheckoutSession | Payment | Subscription, *, by: timedelta = SOON) -> None:
    """It could not be looked at: later, and then behind all that waits by now."""
    rows: Any = type(row)._default_manager.filter(pk=row.pk)
    # Somebody may be at the very row, which is why it failed; then it stays as it is.
    free = rows.select_for_update(skip_locked=True).values("pk")
    type(row)._default_manager.filter(pk__in=free).update(next_look_at=clock.now() + by)


def _of_session(session: CheckoutSession) -> datetime | None:
    now = clock.now()
    if session.status == CheckoutSession.Status.OPEN:
        due = session.due_at + AFTER_EXPIRY
        return due if due > now else now + SOON
    if _waits_for_invoice(session, now):
        return _spaced(session.created_at, now)
    waits = {Order.Status.PENDING, Order.Status.PROCESSING}
    if session.status == CheckoutSession.Status.COMPLETE and session.order is not None:
        is_waited_for = Order.objects.filter(pk=session.order.pk, status__in=waits).exists()
        # Reading a payment reads its page, too.
        is_read = session.payments.filter(next_look_at__isnull=False).exists()
        return _spaced(session.created_at, now) if is_waited_for and not is_read else None
    return None


def _waits_for_invoice(session: CheckoutSession, now: datetime) -> bool:
    """Whether Stripe has the money of the page and its invoice is still to come."""
    is_young = now - session.created_at < INVOICE_COMES_WITHIN
    is_paid = session.waits_for_invoice and session.payments.filter(captured_amount__gt=0).exists()
    return is_paid and is_young


def _of_payment(payment: Payment) -> datetime | None:
    now = clock.now()
    if payment.status == Payment.Status.AUTHORIZED:
        ends = payment.capture_before
        if ends is None:
            return _spaced(payment.created_at, now)
        return min(ends + AFTER_EXPIRY, now + LATEST) if ends > now else now + SOONEST
    if payment.status in UNDER_WAY:
        return min([_spaced(payment.created_at, now), *_ahead(payment.voucher_remind_at, now)])
    if payment.refunds.filter(is_release=False, status__in=ON_ITS_WAY).exists():
        return now + LATEST
    if payment.disputes.exclude(status__in=DISPUTE_IS_OVER).exists():
        return now + DISPUTED
    return None


def _spaced(since: datetime, now: datetime) -> datetime:
    return now + min(max((now - since) / 4, SOONEST), LATEST)


def _ahead(moment: datetime | None, now: datetime) -> list[datetime]:
    return [moment] if moment is not None and moment > now else []
