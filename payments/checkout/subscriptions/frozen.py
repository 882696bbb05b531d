"""What renews: decided and kept before the page is asked for."""

from typing import Any

from payments.checkout.delivery import cheapest_of
from payments.models import CheckoutSession
from shop.catalog.models import Price
from shop.orders.models import Order


def frozen(order: Order, session: CheckoutSession, price: Price) -> dict[str, Any]:
    """As CheckoutSession.recurring has it; `price` is that of one of the lines, all alike paid.

    `session` knows its delivery and its tax already.
    """
    delivery = cheapest_of(session.delivery) or 0
    taxes = [] if session.tax.get("is_inclusive") else session.tax.get("lines", {}).values()
    on_top = sum(tax["amount"] for tax in taxes)
    return {
        "interval": price.interval,
        "interval_count": price.interval_count,
        "trial_days": price.trial_days or 0,
        "subtotal": order.subtotal,
        "delivery": delivery,
        "tax_on_top": on_top,
        "total": order.subtotal + delivery + on_top,
    }
