"""Why an order ended, as its customer is told: on its page and by mail. Notes stay in the house."""

from django.utils.translation import gettext as _

from shop.orders.models import Order


def why_cancelled(order: Order) -> str:
    """One sentence; empty where the rest of the page or mail says it all, or nobody knows."""
    match order.cancel_reason:
        case Order.CancelReason.STAFF:
            return _("We have called it off.")
        case Order.CancelReason.CART_CHANGED:
            return _("Your cart had changed, and a new order took its place.")
        case Order.CancelReason.REFUSED:
            return _("The payment page could not be opened.")
        case Order.CancelReason.REFUNDED:
            return _("Its payment was refunded.")
        case Order.CancelReason.RELEASED:
            return _("Its payment was released before it was charged.")
        case Order.CancelReason.EXPIRED | Order.CancelReason.DEADLINE:
            return _("We did not get to confirm your order before the hold on your money ended.")
        case Order.CancelReason.LOST:
            return _("Your bank has taken the money back.")
        case Order.CancelReason.OVERTAKEN:
            return _(
                "You paid on a page whose time was over, and the order is no longer as it was then."
            )
    return ""
