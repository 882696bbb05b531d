"""What the subscription itself is told."""

from typing import Any

from payments.models import CheckoutSession
from shop.orders.models import Order

# docs.stripe.com/api/checkout/sessions/create, subscription_data.description.
LONGEST_DESCRIPTION = 500


def subscription_data(
    session: CheckoutSession, order: Order, marks: dict[str, str]
) -> dict[str, Any]:
    """Its marks, for a session's are not copied to it; what it is for, and how long it is free."""
    titles = ", ".join(line.title for line in order.lines.all())
    data: dict[str, Any] = {"metadata": marks, "description": titles[:LONGEST_DESCRIPTION]}
    if days := session.recurring["trial_days"]:
        data["trial_period_days"] = days
    return data
