"""Which rates the tax of a period's invoice is at, as its order keeps them."""

from collections.abc import Iterable, Sequence
from typing import Any

from payments.models import CheckoutSession, Subscription
from payments.stripe.billing.facts import InvoiceLineFacts
from shop.orders.tax.arithmetic import in_proportion
from shop.orders.tax.due import summary

# Which variant was invoiced in which line.
Goods = Iterable[tuple[int, InvoiceLineFacts]]


def taxes_of(
    row: Subscription, goods: Goods, delivery: Sequence[InvoiceLineFacts]
) -> list[dict[str, Any]]:
    """As Order.taxes keeps them: at the rates that the first page was asked for.

    The invoice's lines are taxed at these for ever; what was worked out by Stripe Tax is split as
    it was in the first order.
    """
    session = row.session
    if session is None or not session.tax:
        return []
    goods = list(goods)
    if session.is_taxed_by_stripe:
        return _as_before(session, sum(line.tax for line in [*(g[1] for g in goods), *delivery]))
    return _at_frozen_rates(session, goods, delivery)


def _at_frozen_rates(
    session: CheckoutSession, goods: Goods, delivery: Sequence[InvoiceLineFacts]
) -> list[dict[str, Any]]:
    frozen = session.tax
    rates = _rates_by_variant(session)
    fallback = next(iter(frozen["rates"]), None)
    lines = {}
    for place, (variant_id, line) in enumerate(goods):
        rate = rates.get(variant_id, fallback)
        if rate is not None:
            lines[str(place)] = {"rate": rate, **_amounts(line, frozen)}
    chosen = session.delivery.get("options", [{}])[0].get("method", "")
    deliveries = frozen.get("deliveries", {}) if delivery else {}
    return summary({**frozen, "lines": lines, "deliveries": deliveries}, str(chosen))


def _rates_by_variant(session: CheckoutSession) -> dict[int, Any]:
    lines = session.order.lines.all() if session.order else []
    frozen = session.tax["lines"]
    return {
        line.variant_id: frozen[str(line.position)]["rate"]
        for line in lines
        if str(line.position) in frozen
    }


def _amounts(line: InvoiceLineFacts, frozen: dict[str, Any]) -> dict[str, int]:
    paid = line.subtotal - line.discount
    return {"base": paid - line.tax if frozen.get("is_inclusive") else paid, "amount": line.tax}


def _as_before(session: CheckoutSession, tax: int) -> list[dict[str, Any]]:
    before = session.order.taxes if session.order else []
    whole = sum(one["amount"] for one in before)
    split = in_proportion(tax, {place: one["amount"] for place, one in enumerate(before)})
    return [
        {
            **one,
            "amount": split[place],
            "base": one["base"] * tax // whole if whole else one["base"],
        }
        for place, one in enumerate(before)
    ]
