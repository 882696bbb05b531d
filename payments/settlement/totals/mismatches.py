"""What of a completed session is not as the shop asked for: each a sentence for staff."""

from collections.abc import Iterable
from typing import Any

from payments.models import CheckoutSession
from payments.settlement.totals.session_terms import chosen_delivery, in_lines, tax_on_top
from payments.stripe.facts import SessionFacts
from payments.stripe.taxes import TaxFacts
from payments.stripe.terms.discounts.page_code import PageCode
from shop.orders.models import Order


def line_mismatches(
    order: Order, session: CheckoutSession, facts: SessionFacts, code: PageCode | None
) -> list[str]:
    """Everything about the session that we did not ask for."""
    problems = []
    if facts.currency != order.currency:
        problems.append(f"The session is in {facts.currency}, the order in {order.currency}.")
    subtotal = order.subtotal - in_lines(session)
    if facts.subtotal != subtotal:
        problems.append(f"The lines sum to {facts.subtotal}, not {subtotal}.")
    if facts.discount and code is None:
        problems.append("There is a discount that was not offered.")
    problems += parts_mismatches(session, facts)
    off = session.discount.get("lines", {})
    ours = {
        line.position: (line.quantity, line.amount.amount - off.get(str(line.position), 0))
        for line in order.lines.all()
    }
    theirs = {line.position: (line.quantity, line.subtotal) for line in facts.lines or []}
    if ours != theirs:
        problems.append("The lines are not the ones that were ordered.")
    payment = facts.payment
    if payment is not None and (payment.amount, payment.currency) != (facts.total, facts.currency):
        problems.append(f"The payment is {payment.amount} {payment.currency}, not {facts.total}.")
    return problems


def parts_mismatches(session: CheckoutSession, facts: SessionFacts) -> list[str]:
    """Whether lines − discount + delivery + tax on top are something else than the total."""
    on_top = tax_on_top(session, facts)
    if facts.subtotal - facts.discount + facts.shipping + on_top != facts.total:
        return [f"The parts do not add up to {facts.total}."]
    return []


def delivery_mismatches(session: CheckoutSession, facts: SessionFacts) -> list[str]:
    """What about the delivery this page was not asked to offer."""
    problems = []
    chosen = chosen_delivery(session, facts)
    if facts.shipping != chosen.get("amount", 0):
        problems.append(f"Delivery costs {facts.shipping}, not {chosen.get('amount', 0)}.")
    if bool(session.delivery or facts.delivery_method) and not chosen:
        problems.append("The delivery that was chosen is none that was offered.")
    countries = session.delivery.get("countries")
    if countries and facts.shipping_address.get("country") not in countries:
        where = facts.shipping_address.get("country") or "no country"
        problems.append(f"It goes to {where}, where it was not offered to be sent.")
    return problems


def tax_mismatches(
    session: CheckoutSession, facts: SessionFacts, taxed: dict[str, Any]
) -> list[str]:
    """What of the tax is not what was worked out before the page was asked for."""
    ours: dict[int | None, int] = {
        int(place): tax["amount"] for place, tax in taxed.get("lines", {}).items()
    }
    problems = []
    if session.is_taxed_by_stripe:
        return _stripes_mismatches(facts, is_inclusive=session.tax["is_inclusive"])
    if facts.reckoned.status:
        problems.append("Stripe has worked out a tax that it was not asked for.")
    if facts.tax != sum(ours.values()):
        problems.append(f"The tax is {facts.tax}, not {sum(ours.values())}.")
    odd = [line.position for line in facts.lines or [] if line.tax != ours.get(line.position, 0)]
    if odd:
        problems.append(f"The tax of line {', '.join(map(str, odd))} is not what was due.")
    return problems


def _stripes_mismatches(facts: SessionFacts, *, is_inclusive: bool) -> list[str]:
    """What of a tax that Stripe has worked out is not as it has to be, wherever the customer is."""
    problems = []
    taxes = facts.reckoned.taxes
    if facts.reckoned.status == "complete" and _sum(taxes) != facts.tax:
        problems.append(f"The tax is {facts.tax}, but its rates come to {_sum(taxes)}.")
    if any(tax.amount and tax.is_inclusive != is_inclusive for tax in taxes):
        where = "in the prices" if is_inclusive else "on top of the prices"
        problems.append(f"The tax does not stand {where}.")
    odd = [
        line.position
        for line in facts.lines or []
        if line.total != line.subtotal - line.discount + (0 if is_inclusive else line.tax)
    ]
    if odd:
        problems.append(f"Line {', '.join(map(str, odd))} does not add up.")
    return problems


def _sum(taxes: Iterable[TaxFacts]) -> int:
    return sum(tax.amount for tax in taxes)


def not_taxed(session: CheckoutSession, facts: SessionFacts) -> str:
    """Whether Stripe could not work out a tax that it was asked for, as a sentence."""
    status = facts.reckoned.status
    if not session.is_taxed_by_stripe or status == "complete":
        return ""
    return f"Stripe could not work out the tax: {status or 'it was not asked to'}."


def taxed_elsewhere(session: CheckoutSession, facts: SessionFacts) -> str:
    """Whether what is not sent went to somebody in a country with other rates, as a sentence."""
    if "countries" not in session.tax or session.delivery:
        return ""
    country = facts.billing_address.get("country") or "no country"
    if country in session.tax["countries"]:
        return ""
    return f"The customer is in {country}; the tax is that of {session.tax['country']}."
