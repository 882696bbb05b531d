"""What a page whose currency Stripe chooses may charge, kept before it is asked for."""

from typing import Any

from shop.orders.currencies.terms import Amounts, Thing, Where, can_be_charged, in_each, is_on
from shop.orders.delivery.terms import Terms
from shop.orders.models import Order, OrderLine
from shop.orders.tax.anew import on_what_is_left


def frozen(
    order: Order,
    delivery: dict[str, Any],
    tax: dict[str, Any],
    discount: dict[str, Any],
    terms: Terms,
) -> dict[str, Any]:
    """What CheckoutSession.currencies keeps; empty where the order's currency is to be named.

    `delivery`, `tax` and `discount` are what the session keeps in the order's own currency, by
    these `terms` of delivery.
    """
    if not is_on() or "name" in discount:
        return {}
    lines = list(order.lines.select_related("price__variant__product"))
    if any(line.price.unit_amount != line.unit_amount for line in lines):
        return {}
    things = [Thing(line.position, line.price, line.quantity) for line in lines]
    where = _where(delivery, terms)
    kept = {amounts.currency: kept_of(amounts, tax, lines) for amounts in in_each(things, where)}
    # What was read of the own currency in this moment must be what the page is asked for.
    own = _own(order, delivery, tax, lines)
    is_charged = all(_is_charged(code, each, tax) for code, each in kept.items())
    return kept if is_charged and kept.get(order.currency) == own else {}


def _where(delivery: dict[str, Any], terms: Terms) -> Where | None:
    if not delivery:
        return None
    methods = [option["method"] for option in delivery["options"]]
    return Where(delivery["countries"], methods, terms)


def kept_of(amounts: Amounts, tax: dict[str, Any], lines: list[OrderLine]) -> dict[str, Any]:
    """What is kept of one currency; at the rates of `tax`, on what things cost in that."""
    deliveries = {str(method): amount for method, amount in amounts.deliveries.items()}
    taxed = {}
    if "lines" in tax:
        left = {
            line.position: (amounts.lines[line.position], line.variant.requires_shipping)
            for line in lines
        }
        taxed = _parts(on_what_is_left(tax, left, deliveries))
    return {
        "subtotal": amounts.subtotal,
        "lines": {
            str(key): {"price": price.pk, "unit_amount": price.unit_amount}
            for key, price in amounts.prices.items()
        },
        "deliveries": deliveries,
        "tax": taxed,
    }


def _own(
    order: Order, delivery: dict[str, Any], tax: dict[str, Any], lines: list[OrderLine]
) -> dict[str, Any]:
    """The order's own currency, as the session keeps it elsewhere."""
    return {
        "subtotal": order.subtotal,
        "lines": {
            str(line.position): {"price": line.price_id, "unit_amount": line.unit_amount}
            for line in lines
        },
        "deliveries": {
            str(option["method"]): option["amount"] for option in delivery.get("options", [])
        },
        "tax": _parts(tax) if "lines" in tax else {},
    }


def _parts(tax: dict[str, Any]) -> dict[str, Any]:
    """What of frozen taxes differs by currency."""
    return {"lines": tax["lines"], "deliveries": tax["deliveries"]}


def _is_charged(currency: str, kept: dict[str, Any], tax: dict[str, Any]) -> bool:
    """Whether Stripe takes whatever this may come to."""
    known = [] if tax.get("is_inclusive") else kept["tax"].get("lines", {}).values()
    on_top = sum(each["amount"] for each in known)
    each = kept["deliveries"].values() or [0]
    totals = [kept["subtotal"], *(kept["subtotal"] + delivery + on_top for delivery in each)]
    return can_be_charged(currency, totals)
