"""Which events of the inbox a read answers, and what they tell that is read besides.

Called by payments.settlement.settle and its like alone.
"""

from collections.abc import Sequence

from django.db.models import Q
from django.utils import timezone

from payments.models import (
    CheckoutSession,
    Dispute,
    Payment,
    RiskSign,
    WebhookEvent,
)
from payments.stripe import gateway
from shop import work
from shop.work import Outcome


def about(
    subject: CheckoutSession | Payment, session: CheckoutSession | None
) -> list[WebhookEvent]:
    """Open events that may be about the subject; which of them really are, the read tells."""
    about = Q()
    if session is not None:
        about |= Q(object_id=session.stripe_session_id or "-")
        if session.order_id is not None:
            about |= Q(metadata_order=str(session.order_id))
        if session.mode != CheckoutSession.Mode.SETUP:
            intents = list(session.payments.values_list("stripe_payment_intent_id", flat=True))
            about |= Q(payment_intent_id__in=intents)
    if isinstance(subject, Payment):
        about |= Q(payment_intent_id=subject.stripe_payment_intent_id)
    return list(
        WebhookEvent.objects.open()
        .filter(about)
        .only("pk", "type", "object_id", "payment_intent_id")
    )


def read_also(
    subject: CheckoutSession | Payment,
    session: CheckoutSession | None,
    events: Sequence[WebhookEvent],
) -> set[str]:
    """What is known or told of that a charge, read early or at all, does not say of itself."""
    payments = Q(payment=subject) if isinstance(subject, Payment) else Q()
    if session is not None:
        payments |= Q(payment__session=session)
    also = {
        what
        for what, prefix in [
            (gateway.DISPUTES, "charge.dispute."),
            (gateway.WARNINGS, "radar.early_fraud_warning."),
        ]
        if any(event.type.startswith(prefix) for event in events)
    }
    if session is not None and session.is_taxed_by_stripe:
        also.add(gateway.TAXES)
    if session is not None and session.stripe_invoice:
        also.add(gateway.INVOICE)
    if session is not None and session.mode == CheckoutSession.Mode.SETUP:
        also.add(gateway.SET_UP)
    if session is not None and session.mode == CheckoutSession.Mode.SUBSCRIPTION:
        also.add(gateway.FIRST_INVOICE)
    if Dispute.objects.filter(payments).exists():
        also.add(gateway.DISPUTES)
    if RiskSign.objects.filter(payments, kind=RiskSign.Kind.WARNING, is_open=True).exists():
        also.add(gateway.WARNINGS)
    return also


def finish(
    events: Sequence[WebhookEvent], read: set[str | None], outcome: Outcome = Outcome.SETTLED
) -> None:
    """Done, whatever their lease, are the events about exactly what was read."""
    about = [event.pk for event in events if ids_of(event) & read]
    WebhookEvent.objects.open().filter(pk__in=about).update(
        status=work.Work.Status.DONE,
        outcome=outcome,
        detail="",
        finished_at=timezone.now(),
        lease_token=None,
        lease_until=None,
        last_error="",
    )


def ids_of(event: WebhookEvent) -> set[str | None]:
    """What an event names: its object, and the PaymentIntent of that."""
    return {event.object_id, event.payment_intent_id}
