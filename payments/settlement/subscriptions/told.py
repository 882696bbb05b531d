"""What of a subscription's life its customer is to be told of: facts for those above."""

from dataclasses import dataclass

from payments.models import Subscription, SubscriptionInvoice
from payments.settlement.subscriptions import next_look
from payments.signals import subscription_changed
from payments.stripe.billing.calls import Told
from payments.stripe.facts import PaymentFacts
from shop import clock

Status = SubscriptionInvoice.Status


@dataclass(frozen=True)
class Standing:
    """How it stood before: whether it was over, ended, paused, what was in it, and how often each
    invoice was tried.
    """

    was_over: bool
    ended_with_period: bool
    was_paused: bool
    items: set[tuple[str, int, int]]
    attempts: dict[str, int]


def standing(row: Subscription) -> Standing:
    """As the database has it, before anything is merged."""
    return Standing(
        was_over=row.is_over,
        ended_with_period=row.cancel_at_period_end,
        was_paused=bool(row.paused_by),
        items=_items(row),
        attempts=dict(row.invoices.values_list("stripe_invoice_id", "attempts")),
    )


def _items(row: Subscription) -> set[tuple[str, int, int]]:
    return set(row.items.values_list("stripe_item_id", "unit_amount", "quantity"))


def tell(row: Subscription, before: Standing, money: dict[str, PaymentFacts], facts: Told) -> None:
    """Send what is new: a charge that failed or asks for its owner, what was changed by whomever,
    what comes, and the end.
    """
    intents = {invoice.id: invoice.payment_intent for invoice in facts.invoices}
    for invoice in row.invoices.filter(status=Status.OPEN, stripe_invoice_id__in=intents):
        if invoice.attempts > before.attempts.get(invoice.stripe_invoice_id, 0):
            paid = money.get(intents[invoice.stripe_invoice_id])
            _send(row, "action_required" if _asks(paid) else "renewal_failed", invoice)
    if row.is_over and not before.was_over:
        _send(row, "ended")
    elif not row.is_over:
        _tell_changes(row, before)
    warned_at = next_look.warned_at(row)
    is_soon = warned_at is not None and warned_at <= clock.now()
    if is_soon and row.period_end and row.period_end > clock.now() and _renews(row):
        _send(row, "renews_soon")


def _tell_changes(row: Subscription, before: Standing) -> None:
    if row.cancel_at_period_end != before.ended_with_period:
        _send(row, "ending" if row.cancel_at_period_end else "kept")
    if bool(row.paused_by) != before.was_paused:
        _send(row, "paused" if row.paused_by else "resumed")
    if before.items and _items(row) != before.items:
        _send(row, "changed")


def _renews(row: Subscription) -> bool:
    return row.status in {Subscription.Status.ACTIVE, Subscription.Status.TRIALING}


def _asks(paid: PaymentFacts | None) -> bool:
    """Whether the customer's bank wants them to say yes."""
    if paid is None:
        return False
    return paid.intent_status == "requires_action" or "authentication" in paid.failure_code


def _send(row: Subscription, fact: str, invoice: SubscriptionInvoice | None = None) -> None:
    subscription_changed.send(sender=Subscription, subscription=row, fact=fact, invoice=invoice)
