"""A page on which a subscription begins: its rows, and what becomes of the page's order.

Called by payments.settlement.settle alone.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models.functions import Now

from payments.models import CheckoutSession, Payment, SavedMethod, Subscription
from payments.settlement.customers.merge import keep as keep_for
from payments.settlement.subscriptions import merge, next_look
from payments.stripe.billing import calls
from payments.stripe.billing.calls import Told
from payments.stripe.customers.calls import read_method
from payments.stripe.customers.facts import KeptFacts, MethodFacts
from payments.stripe.errors import OutcomeUnknown
from payments.stripe.facts import SessionFacts
from shop.orders.models import Order
from shop.transitions import can_move

Status = CheckoutSession.Status
FIRST = "subscription_create"


@dataclass(frozen=True)
class Begun:
    """What a page has begun, and when that was read, by the database's clock."""

    told: Told
    read_at: datetime
    # What it is paid with, as its owner has agreed to.
    method: MethodFacts | None = None

    @property
    def is_trial(self) -> bool:
        """Whether it costs nothing yet, and nothing is sent."""
        first = self.told.invoices[:1]
        return self.told.subscription.trial_end is not None and not any(
            invoice.total for invoice in first
        )


def read(session: CheckoutSession, facts: SessionFacts) -> Begun | None:
    """What Stripe tells of the subscription that the page has begun; None before that.

    Raises Refused, OutcomeUnknown.
    """
    if session.mode != CheckoutSession.Mode.SUBSCRIPTION or facts.status != Status.COMPLETE:
        return None
    if not facts.subscription:
        raise OutcomeUnknown("The page is complete, and names no subscription yet.")
    read_at = CheckoutSession.objects.values_list(Now(), flat=True).get(pk=session.pk)
    told = calls.read_subscription(facts.subscription)
    method_id = told.subscription.method_id
    return Begun(told, read_at, read_method(method_id) if method_id else None)


def keep(
    session: CheckoutSession | None,
    facts: SessionFacts | None,
    payment: Payment | None,
    begun: Begun | None,
) -> None:
    """Keep what has begun, if anything; the page's own order is that of its first period."""
    if session is None or facts is None or begun is None:
        return
    row = merge.begin(session, facts, begun.told.subscription)
    if begun.method is not None and begun.told.subscription.customer_id:
        kept = KeptFacts(begun.method, use=SavedMethod.SetUpBy.SUBSCRIPTION)
        keep_for(session, begun.told.subscription.customer_id, kept)
    if row.read_at is not None and begun.read_at < row.read_at:
        raise OutcomeUnknown("A newer answer was applied in the meantime.")
    row.read_at = begun.read_at
    merge.merge(row, begun.told)
    if not begun.is_trial:
        _link_first(row, session, payment)
    next_look.note(row)


def _link_first(row: Subscription, session: CheckoutSession, payment: Payment | None) -> None:
    first = row.invoices.filter(billing_reason=FIRST).order_by("created_at").first()
    if first is None or first.no_order:
        return
    first.order = first.order or session.order
    first.payment = first.payment or payment
    first.save(update_fields=["order", "payment"])


def end_of_trial_order(order: Order, facts: SessionFacts) -> None:
    """Nothing is due and nothing is sent: the order of the page ends, and its units go back."""
    if not can_move(order, Order.Status.CANCELLED):
        return
    order.email, order.name, order.phone = facts.email, facts.name[:255], facts.phone[:50]
    order.billing_address, order.shipping_address = facts.billing_address, facts.shipping_address
    order.save(update_fields=["email", "name", "phone", "billing_address", "shipping_address"])
    order.keep_why(Order.CancelReason.TRIAL)
    order.cancel("the trial has begun")


def waits_for_page(row: Subscription) -> bool:
    """Whether the first period is not known to be paid, or to need no payment."""
    first = row.invoices.filter(billing_reason=FIRST).first()
    return first is None or (first.payment_id is None and not first.no_order)
