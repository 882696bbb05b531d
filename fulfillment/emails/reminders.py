"""The reminder of an order that was left unpaid: to who asked for it, and only while it helps."""

from django.conf import settings
from django.db.models import Q

from payments import checkout
from payments.checkout.again import AGAIN_FOR
from shop.orders.models import Order

DAYS_TO_PAY = AGAIN_FOR.days
OVER = [Order.Status.EXPIRED, Order.Status.PAYMENT_FAILED, Order.Status.CANCELLED]


def is_wanted(order: Order) -> bool:
    """Whether it can still be paid as it was, and who left it has not bought since, or begun to."""
    if settings.CHECKOUT_RECOVERY == "off" or not order.recovery_email:
        return False
    theirs = Q(email__iexact=order.recovery_email) | Q(recovery_email__iexact=order.recovery_email)
    for name in ("visitor", "user"):
        if (known := getattr(order, name)) is not None:
            theirs |= Q(**{name: known})
    since = Order.objects.filter(theirs, created_at__gt=order.created_at).exclude(status__in=OVER)
    return not since.exists() and checkout.may_pay_again(order)
