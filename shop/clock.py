"""Business time: deadlines, time left, and what the sweep calls due.

In rehearsals the clock can be moved ahead together with the stand-in's; its offset lives in the
database so that web, worker and beat read the same time. Leases and retries use the
database's clock, the age of signatures the wall clock (`django.utils.timezone.now`).
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone


def now() -> datetime:
    """The shop's present moment, timezone-aware; the wall clock with a live key."""
    return timezone.now() + offset()


def told(moment: datetime) -> str:
    """The moment as staff read it where the shop is, as "2026-12-01 00:30 CET"."""
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M %Z}"


def offset() -> timedelta:
    """How far business time is ahead of the wall clock; zero with a live key."""
    if settings.STRIPE_LIVE:
        return timedelta(0)
    from shop.models import Clock

    seconds = Clock.objects.filter(id=1).values_list("offset_seconds", flat=True).first()
    return timedelta(seconds=seconds or 0)
