"""The one writer of subscriptions: ask Stripe what is true now, and apply it in one commit.

Events, the sweep and finished requests all call it, in any order and as often as they like.
"""

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from payments.models import (
    CheckoutSession,
    StripeRequest,
    Subscription,
    SubscriptionInvoice,
    WebhookEvent,
)
from payments.settlement import noticed
from payments.settlement.subscriptions import next_look, periods, told
from payments.settlement.subscriptions.merge import end_unknown, let_go_of_items, merge
from payments.stripe import gateway
from payments.stripe.billing import calls
from payments.stripe.billing.calls import Told
from payments.stripe.errors import OutcomeUnknown, Refused
from payments.stripe.facts import PaymentFacts
from shop import work
from shop.orders.models import Order
from shop.work import Outcome

FINAL = [SubscriptionInvoice.Status.PAID, SubscriptionInvoice.Status.VOID]


def settle_subscription(
    subscription: Subscription,
    *,
    noticing: WebhookEvent | None = None,
    finishing: StripeRequest | None = None,
    outcome: Outcome = Outcome.SETTLED,
    detail: str = "",
) -> None:
    """Bring a subscription, its items and invoices in line with Stripe, and what follows from it.

    Also finishes the request that called it, and the event it was told by. What the page on which
    it began was paid with is settled with that page. Raises OutcomeUnknown when Stripe does not
    answer; then nothing has changed.
    """
    read_at = Subscription.objects.values_list(Now(), flat=True).get(pk=subscription.pk)
    facts, money = _read(subscription)
    with transaction.atomic(durable=True):
        _lock_page(subscription)
        row = Subscription.objects.select_for_update(of=("self",)).get(pk=subscription.pk)
        if finishing is not None:
            work.finish(finishing, outcome, detail)
        if facts is None:
            end_unknown(row)
        else:
            _apply(row, facts, money, read_at)
        next_look.note(row)
        if noticing is not None:
            noticed.finish(
                [noticing],
                noticed.ids_of(noticing),
                Outcome.SETTLED if facts is not None else Outcome.GONE,
            )


def _lock_page(subscription: Subscription) -> None:
    """The orders, then the page, then the subscription: as whoever settles the page does.

    A row that is written twice in a transaction has its foreign keys checked, which locks them. At
    the orders that are there the money of a change is filed.
    """
    page = CheckoutSession.objects.filter(subscriptions=subscription)
    there = Q(checkout_sessions__in=page) | Q(subscription_invoice__subscription=subscription)
    found = Order.objects.filter(pk__in=Order.objects.filter(there).values("pk"))
    list(found.order_by("pk").select_for_update().values_list("pk"))
    list(page.select_for_update(of=("self",), no_key=True).values_list("pk"))


def _read(row: Subscription) -> tuple[Told | None, dict[str, PaymentFacts]]:
    """What is true now, and the money of the invoices that matter; None for what Stripe lost."""
    try:
        facts = calls.read_subscription(row.stripe_subscription_id, since=_since(row))
    except Refused as error:
        if error.code != "resource_missing":
            raise
        return None, {}
    known = dict(row.invoices.values_list("stripe_invoice_id", "payment"))
    wanted = [
        invoice.payment_intent
        for invoice in facts.invoices
        if invoice.payment_intent and known.get(invoice.id) is None and invoice.attempts
    ]
    return facts, {intent: gateway.read_payment(intent) for intent in wanted}


def _since(row: Subscription) -> datetime | None:
    """From when on invoices are read: what is over and done with is not read again."""
    unfinished = row.invoices.exclude(status__in=FINAL) | row.invoices.filter(
        status=SubscriptionInvoice.Status.PAID, order=None, no_order=""
    )
    oldest = unfinished.order_by("created_at").first()
    newest = row.invoices.order_by("-created_at").first()
    first = oldest or newest
    return first.created_at if first else None


def _apply(
    row: Subscription, facts: Told, money: dict[str, PaymentFacts], read_at: datetime
) -> None:
    if row.read_at is not None and read_at < row.read_at:
        raise OutcomeUnknown("A newer answer was applied in the meantime.")
    row.read_at = read_at
    before = told.standing(row)
    merge(row, facts)
    by_id = {invoice.id: invoice for invoice in facts.invoices}
    for invoice in row.invoices.filter(stripe_invoice_id__in=by_id).order_by("created_at", "id"):
        fact = by_id[invoice.stripe_invoice_id]
        paid = money.get(fact.payment_intent)
        if periods.is_due(invoice) and not periods.is_of_page(row, invoice):
            periods.make_order(row, invoice, fact, paid)
        elif invoice.payment_id is None:
            periods.file_prorated(row, invoice, paid)
    let_go_of_items(row, facts.subscription.items)
    told.tell(row, before, money, facts)
