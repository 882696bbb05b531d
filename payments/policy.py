"""When held money is taken: by the stock check, by staff, or at once."""

from collections.abc import Mapping
from datetime import timedelta
from types import MappingProxyType

from django.conf import settings

from payments.models import Payment
from shop import clock
from shop.orders.models import Order, OrderHold

# Time enough for a person to look after the warning, and for the calls to be repeated.
ACT_BEFORE_DEADLINE = timedelta(hours=6)
NOWHERE: Mapping[str, int] = MappingProxyType({})


def limit_exceeded(order: Order, *, besides: int = 0) -> bool:
    """Whether staff look at every order this large, under any policy.

    `besides`: what delivery and tax may add to what is due, in minor units, before it is paid.
    """
    limit = settings.CAPTURE_REVIEW_ABOVE.get(order.currency)
    return limit is not None and order.due.amount + besides > limit


def waits_for_staff(order: Order) -> bool:
    """Whether the hold waits in the capture queue; what is subscribed to was taken at once."""
    is_theirs = settings.CAPTURE_POLICY == "staff" or limit_exceeded(order)
    return is_theirs and not is_subscribed(order)


def is_subscribed(order: Order) -> bool:
    """Whether it is a period of a subscription: Stripe charges it at once, under any policy."""
    return order.lines.exclude(price__interval="").exists()


def asks_for_hold(
    order: Order, *, besides: int = 0, elsewhere: Mapping[str, int] = NOWHERE
) -> bool:
    """Whether the payment page shall hold the money instead of taking it; see limit_exceeded.

    `elsewhere`: what the order may come to in currencies that Stripe may choose, in minor units.
    """
    # What is paid on a copy of an expired page may have to be let go (payments.recovered).
    is_copied = settings.CHECKOUT_RECOVERY == "stripe"
    limits = settings.CAPTURE_REVIEW_ABOVE
    is_large = limit_exceeded(order, besides=besides) or any(
        amount > limits[currency] for currency, amount in elsewhere.items() if currency in limits
    )
    return settings.CAPTURE_POLICY != "automatic" or is_copied or is_large


def invoiced_by_stripe(
    order: Order, *, besides: int = 0, elsewhere: Mapping[str, int] = NOWHERE
) -> bool:
    """Whether the page has Stripe make the invoice: it makes one of money that is taken at once."""
    is_held = asks_for_hold(order, besides=besides, elsewhere=elsewhere)
    return bool(settings.INVOICE_CREATION) and not is_held


def captures_after_stock_check(order: Order) -> bool:
    """Whether the worker may capture once the units are taken."""
    return not waits_for_staff(order) and not order.is_held


def near_deadline(payment: Payment) -> bool:
    """Whether the authorization ends so soon that something must be done now."""
    return (
        payment.capture_before is not None
        and payment.capture_before - clock.now() < ACT_BEFORE_DEADLINE
    )


def at_deadline(order: Order) -> str:
    """ "capture" or "release": what becomes of a hold that nobody has decided on in time."""
    if order.holds.filter(closed_at=None, reason=OrderHold.Reason.AMOUNTS).exists():
        return "release"
    if waits_for_staff(order) or order.is_held:
        return str(settings.CAPTURE_AT_DEADLINE)
    return "capture"
