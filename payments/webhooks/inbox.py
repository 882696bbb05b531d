"""The inbox: a verified delivery is stored; a worker finds its subject and settles that."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from payments import recovered
from payments.models import CheckoutSession, WebhookEvent
from payments.settlement import settle
from payments.settlement.customers.settle import settle_customer
from payments.settlement.subscriptions.settle import settle_subscription
from payments.stripe import signatures
from payments.stripe.terms.discounts import take_over
from payments.webhooks.handled import HANDLED
from payments.webhooks.subjects import (
    OF_CUSTOMERS,
    OF_SUBSCRIPTIONS,
    customer_of,
    locate,
    subscription_of,
)
from shop import stripe_client, work
from shop.catalog.stripe_sync import pull as sync_pull
from shop.models import Installation
from shop.work import Outcome

NOT_OURS = "not of this installation"


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
    if event.type.startswith(OF_SUBSCRIPTIONS):
        _process_of_subscription(event)
        return
    if event.type.startswith(OF_CUSTOMERS):
        _process_of_customer(event)
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
        work.finish(event, Outcome.IGNORED, NOT_OURS)


def _process_of_subscription(event: WebhookEvent) -> None:
    """What Stripe renews, and what was changed there; of what was bought here alone."""
    subject = subscription_of(event)
    if isinstance(subject, CheckoutSession):
        # The page's own event may come later, or never.
        settle.settle(subject)
        subject = subject.subscriptions.first()
        if subject is None:
            raise work.TryLater("Its page is not complete yet.")
    if subject is None:
        work.finish(event, Outcome.IGNORED, NOT_OURS)
    else:
        settle.settle_with_page(subject)
        settle_subscription(subject, noticing=event)


def _process_of_customer(event: WebhookEvent) -> None:
    """What was changed in Stripe's portal or in the Dashboard; of customers of ours alone."""
    customer = customer_of(event)
    if customer is None:
        work.finish(event, Outcome.IGNORED, NOT_OURS)
    else:
        settle_customer(customer, noticing=event)
