"""A page on which a subscription begins: its rows, and what becomes of the page's order.

Called by payments.settlement.settle alone.
"""

from payments.models import CheckoutSession, Payment, SubscriptionInvoice
from payments.settlement.subscriptions import merge
from payments.stripe.billing import calls
from payments.stripe.billing.calls import Told
from payments.stripe.facts import SessionFacts

FIRST = "subscription_create"


def read_begun(session: CheckoutSession, facts: SessionFacts) -> Told | None:
    """What Stripe tells of the subscription that the page has begun; None before that.

    Raises Refused, OutcomeUnknown.
    """
    if session.mode != CheckoutSession.Mode.SUBSCRIPTION or not facts.subscription:
        return None
    return calls.read_subscription(facts.subscription)


def begin(
    session: CheckoutSession | None,
    facts: SessionFacts | None,
    payment: Payment | None,
    told: Told | None,
) -> None:
    """Keep what has begun, if anything; the page's own order is that of its first period."""
    if session is None or facts is None or told is None:
        return
    row = merge.begin(session, facts, told.subscription)
    merge.merge(row, told)
    first = row.invoices.filter(billing_reason=FIRST).order_by("created_at").first()
    if first is not None and first.order_id is None and not first.no_order and payment is not None:
        SubscriptionInvoice.objects.filter(pk=first.pk).update(order=session.order, payment=payment)
