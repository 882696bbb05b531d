"""The inbox: a delivery is verified and stored; a worker finds its subject and settles that."""

import math
import time
import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import Q

from payments import recovered
from payments.models import CheckoutSession, EventCursor, Payment, WebhookEvent
from payments.settlement import settle
from payments.stripe import gateway, signatures
from payments.stripe.terms.discounts import take_over
from shop import clock, stripe_client, work
from shop.catalog.stripe_sync import pull as sync_pull
from shop.models import Installation
from shop.work import Outcome

log = structlog.get_logger(__name__)

# What this shop acts on; a webhook endpoint is registered for exactly these.
HANDLED = [
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "checkout.session.expired",
    "payment_intent.amount_capturable_updated",
    "payment_intent.succeeded",
    "payment_intent.processing",
    "payment_intent.payment_failed",
    "payment_intent.canceled",
    "charge.captured",
    "charge.expired",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
    "review.opened",
    "review.closed",
    "radar.early_fraud_warning.created",
    "radar.early_fraud_warning.updated",
    "product.created",
    "product.updated",
    "product.deleted",
    "price.created",
    "price.updated",
    "price.deleted",
    "coupon.updated",
    "coupon.deleted",
    "promotion_code.created",
    "promotion_code.updated",
]
# Stripe's list may lag, and events are not in order: look back further than the last one seen.
OVERLAP = timedelta(minutes=15)
FIRST_LOOK_BACK = timedelta(hours=24)
# A slice of that list; where more was made than one answer holds, slices become narrower.
WIDEST = timedelta(hours=6)
SECOND = timedelta(seconds=1)


def store(events: Iterable[dict[str, Any]], *, livemode: bool) -> list[str]:
    """Put verified events into the inbox, each once; returns the ids that were new."""
    account = stripe_client.known_account()
    rows = [_event_row(event, account, livemode=livemode) for event in events]
    ids = [row.stripe_event_id for row in rows]
    with transaction.atomic():
        # In one order for everybody: two lists at once would wait for each other's rows.
        in_order = sorted(rows, key=lambda row: row.stripe_event_id)
        WebhookEvent.objects.bulk_create(in_order, ignore_conflicts=True)
        new = WebhookEvent.objects.filter(pk__in=[row.pk for row in rows])
        for row in new:
            row.ring()
    return [event_id for event_id in ids if event_id in {row.stripe_event_id for row in new}]


def _event_row(event: dict[str, Any], account: str, *, livemode: bool) -> WebhookEvent:
    stripe_object = event["data"]["object"]
    metadata = stripe_object.get("metadata")
    metadata = metadata if isinstance(metadata, dict) else {}
    intent = "id" if stripe_object.get("object") == "payment_intent" else "payment_intent"
    wrong_mode = bool(event["livemode"]) != livemode
    return WebhookEvent(
        account=account,
        stripe_event_id=str(event["id"])[:255],
        type=str(event["type"])[:100],
        api_version=str(event.get("api_version") or "")[:40],
        livemode=bool(event["livemode"]),
        object_id=_text(stripe_object.get("id")),
        payment_intent_id=_text(stripe_object.get(intent)),
        metadata_shop=_text(metadata.get("shop"))[:64],
        metadata_order=_text(metadata.get("order"))[:64],
        stripe_created_at=signatures.moment(event),
        payload=event,
        # Kept in view, but never acted on.
        status=work.Work.Status.DONE if wrong_mode else work.Work.Status.READY,
        outcome=Outcome.WRONG_MODE if wrong_mode else "",
    )


def _text(value: Any) -> str:
    return value[:255] if isinstance(value, str) else ""


def process(event: WebhookEvent) -> None:
    """The body of the work row: find the subject and settle it, which also finishes the event."""
    if event.type not in HANDLED:
        work.finish(event, Outcome.IGNORED, "not handled")
        return
    if event.type.startswith(("product.", "price.")):
        work.finish(event, Outcome.NOTED, sync_pull.take_event(event.payload))
        return
    if event.type.startswith(("coupon.", "promotion_code.")):
        work.finish(event, Outcome.NOTED, take_over.take_event(event.payload))
        return
    try:
        subject = locate(event)
    except recovered.NotPaid as copy:
        work.finish(event, Outcome.IGNORED, f"a copy of an expired page: {copy}")
        return
    if subject is not None:
        settle.settle(subject, noticing=event)
    elif event.metadata_shop == Installation.current():
        # Ours, but its order is not there (yet): tried again, then a person looks.
        raise work.TryLater(f"The order {event.metadata_order} is not known.")
    else:
        work.finish(event, Outcome.IGNORED, "not of this installation")


def locate(event: WebhookEvent) -> CheckoutSession | Payment | None:
    """What an event is about: by our Stripe ids, by metadata, or through its PaymentIntent.

    Raises recovered.NotPaid for what happens on a copy of an expired page before that is paid.
    """
    account = stripe_client.account()
    session = CheckoutSession.objects.filter(
        account=account, stripe_session_id=event.object_id
    ).first()
    if session is not None:
        return session
    if payment := _payment(event, account):
        return payment
    if copy := _copy(event, account):
        return copy
    return _by_metadata(event, account) or _through_payment_intent(event, account)


def _payment(event: WebhookEvent, account: str) -> Payment | None:
    """By its PaymentIntent, or by the charge where that is all the event names."""
    payments = Payment.objects.filter(account=account)
    charge_id = _text(event.payload["data"]["object"].get("charge"))
    if event.payment_intent_id or not charge_id:
        known = Q(stripe_payment_intent_id=event.payment_intent_id or "-")
        return payments.filter(known).first()
    payment = payments.filter(stripe_charge_id=charge_id).first()
    event.payment_intent_id = (
        payment.stripe_payment_intent_id if payment else gateway.payment_of_charge(charge_id)
    )
    event.save(update_fields=["payment_intent_id"])
    return payment or payments.filter(stripe_payment_intent_id=event.payment_intent_id).first()


def _copy(event: WebhookEvent, account: str) -> CheckoutSession | None:
    """A page that Stripe copied from one of ours: it and its payment carry our marks as well."""
    if event.metadata_shop != Installation.current():
        return None
    stripe_object = event.payload["data"]["object"]
    if stripe_object.get("object") == "checkout.session":
        is_copy = bool(stripe_object.get("recovered_from"))
        return recovered.adopt(event.object_id, account) if is_copy else None
    marked = str((stripe_object.get("metadata") or {}).get("session"))
    # Only one that has expired is ever copied.
    pages = CheckoutSession.objects.filter(account=account, status=CheckoutSession.Status.EXPIRED)
    page = pages.filter(pk=marked).first() if _is_uuid(marked) else None
    if page is None or not event.payment_intent_id:
        return None
    origin = gateway.session_of_payment(event.payment_intent_id)
    is_copy = origin is not None and origin[0] != page.stripe_session_id
    return recovered.adopt(origin[0], account) if origin and is_copy else None


def _by_metadata(event: WebhookEvent, account: str) -> CheckoutSession | None:
    """A session's own event may come before the answer to its creation."""
    marks = event.payload["data"]["object"].get("metadata") or {}
    if event.metadata_shop != Installation.current() or not _is_uuid(marks.get("session")):
        return None
    session = CheckoutSession.objects.filter(pk=marks["session"], account=account).first()
    if session is not None and session.stripe_session_id is None:
        stripe_object = event.payload["data"]["object"]
        if stripe_object.get("object") == "checkout.session":
            session.stripe_session_id = event.object_id
        elif origin := gateway.session_of_payment(event.payment_intent_id):
            session.stripe_session_id = origin[0]
    return session if session is not None and session.stripe_session_id else None


def _through_payment_intent(event: WebhookEvent, account: str) -> CheckoutSession | None:
    """By Stripe's own session of the payment. After a restore only its marks say whose it is."""
    origin = event.payment_intent_id and gateway.session_of_payment(event.payment_intent_id)
    if not origin:
        return None
    stripe_id, marks = origin
    sessions = CheckoutSession.objects.filter(account=account)
    if session := sessions.filter(stripe_session_id=stripe_id).first():
        return session
    if marks.get("shop") != Installation.current():
        return None
    event.metadata_shop, event.metadata_order = marks["shop"][:64], marks.get("order", "")[:64]
    event.save(update_fields=["metadata_shop", "metadata_order"])
    ours = marks.get("session", "")
    session = sessions.filter(pk=ours).first() if _is_uuid(ours) else None
    if session is not None and session.stripe_session_id:
        return recovered.adopt(stripe_id, account)
    if session is not None:
        session.stripe_session_id = stripe_id
    return session


def _is_uuid(value: Any) -> bool:
    try:
        uuid.UUID(str(value))
    except ValueError:
        return False
    return True


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
