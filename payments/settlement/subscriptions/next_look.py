"""When a subscription is looked at again though nobody tells of it."""

from datetime import datetime, timedelta

from django.conf import settings

from payments.models import Subscription, SubscriptionInvoice
from shop import clock

# Stripe leaves a renewal's invoice open to changes for an hour, and tries to collect it then.
COLLECTED_WITHIN = timedelta(minutes=75)
# What was to come by now and has not, as when the card is declined.
OVERDUE = timedelta(hours=6)
# What staff do in the Dashboard is told; once a day it is looked for all the same.
LATEST = timedelta(days=1)
# So long after its end somebody may still pay what is open of it, on Stripe's page.
PAID_WITHIN = timedelta(days=30)


def note(row: Subscription) -> None:
    """Write down when the row that was just settled is looked at next."""
    row.next_look_at = _of(row)
    row.save(update_fields=["next_look_at"])


def warned_at(row: Subscription) -> datetime | None:
    """When its customer is told that it renews soon; None where nobody is."""
    days = settings.RENEWAL_MAIL_DAYS
    if not days or row.period_end is None or row.cancel_at_period_end or row.paused_by:
        return None
    return row.period_end - timedelta(days=days)


def _of(row: Subscription) -> datetime | None:
    now = clock.now()
    if row.is_over:
        return now + LATEST if _may_still_be_paid(row, now) else None
    moments = [now + LATEST, warned_at(row)]
    if row.period_end is not None:
        collected = row.period_end + COLLECTED_WITHIN
        moments.append(collected if collected > now else now + OVERDUE)
    return min(moment for moment in moments if moment is not None and moment > now)


def _may_still_be_paid(row: Subscription, now: datetime) -> bool:
    is_young = row.ended_at is not None and now - row.ended_at < PAID_WITHIN
    return is_young and row.invoices.filter(status=SubscriptionInvoice.Status.OPEN).exists()
