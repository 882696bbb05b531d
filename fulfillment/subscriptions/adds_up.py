"""What must hold of subscriptions, answered by the rows that break it."""

from collections.abc import Iterator

from django.db.models import F, Q

from payments.models import Payment, Subscription, SubscriptionInvoice
from shop.orders.models import Order

Status = SubscriptionInvoice.Status


def each_paid_period_has_its_order() -> Iterator[str]:
    """I11: of each paid invoice there is one order, of its money, or a reason why there is none."""
    paid = SubscriptionInvoice.objects.filter(status=Status.PAID)
    for invoice in paid.filter(order=None, no_order="").select_related("subscription"):
        yield f"invoice {invoice} of {invoice.subscription} is paid and made no order"
    other = paid.exclude(order=None).exclude(payment=None).exclude(payment__order=F("order"))
    for invoice in other:
        yield f"invoice {invoice} was paid by the payment of another order"
    stray = Payment.objects.filter(
        purpose__in=[Payment.Purpose.RENEWAL, Payment.Purpose.PRORATED],
        captured_amount__gt=0,
        subscription_invoice=None,
    )
    for payment in stray:
        yield f"{payment} paid an invoice, and none names it"


def nothing_is_sent_unpaid() -> Iterator[str]:
    """I11: an order of a period whose invoice is not paid was not confirmed."""
    unpaid = ~Q(status=Status.PAID)
    done = [Order.Status.SHIPPED, Order.Status.PARTLY_SHIPPED, Order.Status.COMPLETED]
    for invoice in SubscriptionInvoice.objects.filter(unpaid, order__status__in=done):
        yield f"{invoice.order} was sent, and invoice {invoice} is {invoice.status}"


def subscriptions_are_looked_at() -> Iterator[str]:
    """I11: one that may renew has its moment."""
    forgotten = Subscription.objects.filter(status__in=Subscription.LIVE, next_look_at=None)
    for row in forgotten:
        yield f"{row} is {row.status}, and nobody looks at it again"
