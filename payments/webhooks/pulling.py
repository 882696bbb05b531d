"""Filling the inbox from Stripe's own list of events."""

import math
import time
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError

from payments.models import EventCursor, WebhookEvent
from payments.stripe import gateway, signatures
from payments.webhooks.handled import HANDLED
from payments.webhooks.inbox import store
from shop import clock, stripe_client, work

log = structlog.get_logger(__name__)

# Stripe's list may lag, and events are not in order: look back further than the last one seen.
OVERLAP = timedelta(minutes=15)
FIRST_LOOK_BACK = timedelta(hours=24)
# A slice of that list; where more was made than one answer holds, slices become narrower.
WIDEST = timedelta(hours=6)
SECOND = timedelta(seconds=1)


def pull(*, livemode: bool, since: datetime | None = None, seconds: float | None = None) -> int:
    """Fill the inbox from Stripe's own list; returns how many events were new.

    The cure for lost webhooks, and all that a shop without a public address needs. It goes in
    slices of time from the oldest on; each is kept with its cursor, so that the next run goes on
    there when this one is interrupted or its `seconds` are over. Dead events that it comes by are
    given a new start.
    """
    account = stripe_client.account()
    cursor, _ = EventCursor.objects.get_or_create(
        account=account, defaults={"seen_until": clock.now() - FIRST_LOOK_BACK}
    )
    until = time.monotonic() + (math.inf if seconds is None else seconds)
    now, width, new = clock.now(), WIDEST, 0
    unseen = since or cursor.seen_until
    start, is_last = since or cursor.seen_until - OVERLAP, False
    while not is_last:
        # By Stripe's clock, which may be ahead of this host's: the last slice has no end.
        end = start + width if start + width < now else max(start, now) + SECOND
        at_most = 100 if width > SECOND else None
        found = gateway.events_between(start, end if end < now else None, HANDLED, at_most=at_most)
        if found is None:
            width = max(min(width, end - start) / 4, SECOND)
            continue
        events = [event for event in found if signatures.is_whole(event)]
        new += _take_in(events, livemode=livemode)
        _revive([event for event in events if signatures.moment(event) > unseen])
        _move(cursor, events, end, now)
        is_last = end >= now
        start, width = end, min(width * 2, WIDEST)
        if time.monotonic() > until:
            break
    return new


def _take_in(events: list[dict[str, Any]], *, livemode: bool) -> int:
    """Into the inbox; one that cannot be stored costs only itself."""
    try:
        return len(store(events, livemode=livemode))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("events are stored one by one")
    new = 0
    for event in events:
        try:
            new += len(store([event], livemode=livemode))
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            log.exception("event left out", event_id=str(event.get("id")))
    return new


def _revive(events: list[dict[str, Any]]) -> None:
    ids = [str(event.get("id")) for event in events]
    if revived := work.revive(WebhookEvent.objects.filter(stripe_event_id__in=ids)):
        log.info("dead events revived", number=revived)


def _move(cursor: EventCursor, events: list[dict[str, Any]], end: datetime, now: datetime) -> None:
    """Up to here nothing is missing; of the last minutes only what was seen, as lists may lag."""
    seen = [signatures.moment(event) for event in events]
    moved = max([min(end, now - OVERLAP), *seen])
    EventCursor.objects.filter(pk=cursor.pk, seen_until__lt=moved).update(seen_until=moved)
