"""What of a session's own terms counts for what it came to."""

from typing import Any

from payments.models import CheckoutSession
from payments.stripe.facts import SessionFacts


def in_lines(session: CheckoutSession) -> int:
    """What the prices on the page were lowered by, in minor units."""
    return int(session.discount.get("amount", 0))


def tax_on_top(session: CheckoutSession, facts: SessionFacts) -> int:
    """What of the tax is paid beside the prices; nothing where these include it."""
    return 0 if session.tax.get("is_inclusive") else facts.tax


def chosen_delivery(session: CheckoutSession, facts: SessionFacts) -> dict[str, Any]:
    """The one of our options that was chosen, as it was offered; empty when none of them was."""
    options = session.delivery.get("options", [])
    ours = (option for option in options if str(option["method"]) == facts.delivery_method)
    return next(ours, {})
