"""What was bought of what a page let the customer change.

Called by payments.settlement.totals.order_totals alone, with the order locked.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from payments.models import CheckoutSession
from payments.stripe.facts import LineFacts, SessionFacts
from shop.catalog import stock
from shop.orders.models import Order, OrderLine


def placed(session: CheckoutSession, facts: SessionFacts) -> SessionFacts:
    """The facts with additions at their places: Stripe marks these by their price alone."""
    places = {one["stripe_price"]: position for position, one in _additions(session).items()}
    if not places or facts.lines is None:
        return facts
    lines = [
        replace(line, position=places.get(line.stripe_price)) if line.position is None else line
        for line in facts.lines
    ]
    return replace(facts, lines=lines)


def take_over(order: Order, session: CheckoutSession, facts: SessionFacts) -> bool:
    """Write what was bought, as far as it could be chosen; what else was set aside goes back.

    Whether it was taken over. What was not on offer so leaves the lines as they are, and they do
    not match then.
    """
    if not session.changes:
        return False
    lines = {line.position: line for line in order.lines.all()}
    bought = _bought(order, session, lines, facts.lines or [])
    if bought is not None:
        _write(order, session, lines, bought)
    stock.give_back_but(order.units(), cause_kind="order", cause_id=order.reservation)
    return bought is not None


@dataclass(frozen=True)
class Choice:
    """What may be bought at a place, how many of it, and what each costs."""

    variant: int
    unit_amount: int
    units: range


def _additions(session: CheckoutSession) -> dict[int, dict[str, Any]]:
    return {one["position"]: one for one in session.changes.get("additions", [])}


def _bought(
    order: Order,
    session: CheckoutSession,
    lines: Mapping[int, OrderLine],
    facts: Iterable[LineFacts],
) -> dict[int, int] | None:
    """{position: units}, where all of it could be chosen at the frozen price; else None."""
    choices, additions = _choices(session, lines), _additions(session)
    bought: dict[int, int] = {}
    needed = Counter[int]()
    for fact in facts:
        choice = choices.get(fact.position or 0)
        if fact.position is None or fact.position in bought or choice is None:
            return None
        is_ours = fact.subtotal == choice.unit_amount * fact.quantity
        if fact.quantity not in choice.units or not is_ours:
            return None
        bought[fact.position] = fact.quantity
        needed[choice.variant] += fact.quantity
    if any(position not in bought for position in lines if position not in additions):
        return None
    return bought if _is_set_aside(order, needed) else None


def _choices(session: CheckoutSession, lines: Mapping[int, OrderLine]) -> dict[int, Choice]:
    most = session.changes.get("lines", {})
    choices = {}
    for position, line in lines.items():
        top = most.get(str(position))
        units = range(line.quantity, line.quantity + 1) if top is None else range(1, top + 1)
        choices[position] = Choice(line.variant_id, line.unit_amount, units)
    for position, one in _additions(session).items():
        # Another page of the order may have put something else there.
        if position not in choices or choices[position].variant == one["variant"]:
            units = range(one["quantity"], one["quantity"] + 1)
            choices[position] = Choice(one["variant"], one["unit_amount"], units)
        else:
            del choices[position]
    return choices


def _is_set_aside(order: Order, needed: Mapping[int, int]) -> bool:
    """Whether the order holds as much; one that is over holds nothing, and takes it anew."""
    held = stock.outstanding(cause_kind="order", cause_id=order.reservation)
    return not held or all(held.get(variant, 0) >= units for variant, units in needed.items())


def _write(
    order: Order,
    session: CheckoutSession,
    lines: Mapping[int, OrderLine],
    bought: Mapping[int, int],
) -> None:
    most = session.changes.get("lines", {})
    for position, line in lines.items():
        if position not in bought:
            # Taken on an earlier page of the order, whose payment came to nothing.
            line.delete()
        elif line.quantity != bought[position]:
            line.quantity = bought[position]
            line.ordered = most[str(position)] if line.quantity < most[str(position)] else None
            line.save(update_fields=["ordered", "quantity"])
    for position, addition in _additions(session).items():
        if position in bought and position not in lines:
            OrderLine.objects.create(order=order, **_line(addition))
    order.subtotal = sum(line.amount.amount for line in order.lines.all())
    order.save(update_fields=["subtotal"])


def _line(addition: Mapping[str, Any]) -> dict[str, Any]:
    words = ("position", "sku", "title", "choice", "unit_amount", "quantity")
    return {
        "variant_id": addition["variant"],
        "price_id": addition["price"],
        **{name: addition[name] for name in words},
        # A page of the release before does not say them.
        "translations": addition.get("translations", {}),
    }
