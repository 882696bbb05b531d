"""What of a session's own terms counts for what it came to."""

from copy import copy
from dataclasses import replace
from typing import Any

from payments.models import CheckoutSession
from payments.stripe.facts import LineFacts, SessionFacts


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


def delivery_in_lines(session: CheckoutSession, facts: SessionFacts) -> LineFacts | None:
    """The line that delivery is on a page which begins a subscription: the one that is no goods.

    Such a page knows no ways of delivery to choose from; what is sent each time is paid each time.
    """
    if session.mode != CheckoutSession.Mode.SUBSCRIPTION or not session.delivery:
        return None
    return next((line for line in facts.lines or [] if line.position is None), None)


def with_delivery_apart(
    session: CheckoutSession, facts: SessionFacts
) -> tuple[CheckoutSession, SessionFacts]:
    """Page and facts as any other page would have them: delivery beside the goods, as chosen.

    A code's share of its line lowers what it costs.
    """
    if session.mode != CheckoutSession.Mode.SUBSCRIPTION or not session.delivery:
        return session, facts
    (option,) = session.delivery["options"]
    line = delivery_in_lines(session, facts)
    if line is None:
        chosen = "" if option["amount"] else str(option["method"])
        return session, replace(facts, delivery_method=chosen)
    apart = copy(session)
    lower = {**option, "amount": option["amount"] - line.discount}
    apart.delivery = {**session.delivery, "options": [lower]}
    return apart, replace(
        facts,
        subtotal=facts.subtotal - line.subtotal,
        discount=facts.discount - line.discount,
        shipping=facts.shipping + line.subtotal - line.discount,
        delivery_method=str(option["method"]),
        lines=[other for other in facts.lines or [] if other is not line],
    )
