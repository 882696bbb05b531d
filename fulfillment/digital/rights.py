"""Whether an order's downloads are open: as long as it is paid, and stands."""

from datetime import timedelta

from django.utils.translation import gettext as _

from fulfillment.balance import Balance
from payments.models import Subscription
from shop import clock
from shop.orders.models import Order

Status = Order.Status
# What a subscription gives stays open so long after what is paid: Stripe may be late to renew it.
GRACE = timedelta(days=3)
PAID = {Status.CONFIRMED, Status.PARTLY_SHIPPED, Status.SHIPPED, Status.COMPLETED}


def why_closed(order: Order, balance: Balance) -> str:
    """Why nothing can be fetched now, for the customer; empty while it can.

    A part of the money that went back closes nothing: nobody knows for which thing it was.
    """
    is_over = order.status == Status.CANCELLED or order.cancel_requested_at is not None
    if is_over or balance.is_refunded or balance.lost:
        return _("This order was called off or its money went back, so its downloads have ended.")
    if order.status not in PAID or not balance.is_covered:
        return _("The downloads open once the payment is complete.")
    if order.is_held:
        return _("We are looking at this order; its downloads open again once that is done.")
    if _is_of_ended_subscription(order):
        return _("The subscription is not paid any more, so its downloads have ended.")
    return ""


def _is_of_ended_subscription(order: Order) -> bool:
    """Whether it is of a period of one, none of which is paid for now."""
    subscription = Subscription.objects.filter(invoices__order=order).first()
    until = subscription.paid_until if subscription is not None else None
    return until is not None and until + GRACE < clock.now()
