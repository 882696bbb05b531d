"""Which payments lack a document: those from before there were any, and those where it failed."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from fulfillment.documents import making
from fulfillment.documents.models import Document, Kind
from payments.models import CheckoutSession, Payment, Refund
from shop import clock
from shop.orders.models import Order

# Long after which its invoice should be there.
STRIPE_TAKES = timedelta(days=2)


def lacking(*, since: date | None = None) -> "QuerySet[Any]":
    """Payments whose captures or refunds have fewer documents than money, the oldest first.

    `since`: those alone that were captured on that day or later.
    """
    documents = Document.objects.filter(payment=OuterRef("pk"))
    back = Refund.objects.filter(payment=OuterRef("pk"), is_release=False, status="succeeded")
    at_stripe = Payment.objects.filter(session__stripe_invoice__has_key="asked")
    payments = Payment.objects.exclude(order=None).exclude(purpose__in=Payment.WITHOUT_DOCUMENT)
    if since is not None:
        payments = payments.filter(captured_at__date__gte=since)
    return (
        payments.filter(captured_amount__gt=0)
        .annotate(
            invoiced=_summed(documents.filter(kind=Kind.INVOICE), "total"),
            credited=_summed(documents.filter(kind=Kind.CREDIT_NOTE), "total"),
            back=_summed(back, "amount"),
        )
        .filter(
            Q(captured_amount__gt=F("invoiced")) & ~Q(pk__in=at_stripe.values("pk"))
            | Q(back__gt=F("credited"))
        )
        .order_by("captured_at", "pk")
    )


def failed() -> int:
    """How many payments lack one though the shop makes documents by now."""
    first = Document.objects.filter(kind=Kind.INVOICE).order_by("entry_id").first()
    if first is None:
        return 0
    return lacking().filter(entries__pk__gte=first.entry_id).distinct().count()


def not_made_by_stripe() -> int:
    """For how many pages whose money was taken days ago Stripe has not told an invoice's number."""
    long_ago = clock.now() - STRIPE_TAKES
    asked = CheckoutSession.objects.filter(
        stripe_invoice__has_key="asked", payments__captured_amount__gt=0, created_at__lt=long_ago
    )
    return asked.exclude(stripe_invoice__has_key="number").distinct().count()


@transaction.atomic
def make_for(payment_id: uuid.UUID) -> list[Document]:
    """What the payment lacks, with its order locked; nothing where somebody was faster."""
    Order.objects.select_for_update(of=("self",)).get(payments=payment_id)
    payment = Payment.objects.select_related("order", "session").get(pk=payment_id)
    return making.make_missing(payment)


def _summed(rows: "QuerySet[Any]", column: str) -> Coalesce:
    sums = rows.order_by().values("payment").annotate(sum=Sum(column)).values("sum")
    return Coalesce(Subquery(sums), 0)
