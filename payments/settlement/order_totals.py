"""What an order costs: what its completed session says, and what a capture of less takes off.

Called by payments.settlement.settle alone, inside its transaction, with the order locked.
"""

from collections.abc import Iterable
from typing import Any

import structlog

from payments.models import CheckoutSession, Payment, StripeRequest
from payments.stripe.facts import SessionFacts
from payments.stripe.taxes import TaxFacts
from payments.stripe.terms.discounts.page_code import PageCode, accepted
from shop.orders import reduction
from shop.orders.discounts.taking import note
from shop.orders.discounts.terms import Who
from shop.orders.models import DeliveryMethod, Order, OrderHold
from shop.orders.tax.anew import on_what_is_left
from shop.orders.tax.due import summary

log = structlog.get_logger(__name__)

UNPAID = [Order.Status.PENDING, Order.Status.EXPIRED, Order.Status.PAYMENT_FAILED]


def forget(order: Order) -> None:
    """Of an order that is not paid: another page tells anew what is owed and where it goes."""
    if order.status in UNPAID and order.total is not None:
        order.total, order.taxes, order.tax_ids, order.discounts = None, [], [], []
        order.save(update_fields=["total", "taxes", "tax_ids", "discounts"])


def write(order: Order, session: CheckoutSession, facts: SessionFacts) -> None:
    """What the completed session says of the order, once; what does not fit opens a hold."""
    if order.total is not None:
        return
    delivery = _chosen_delivery(session, facts)
    code = accepted(session, facts)
    taxed = session.tax if code is None else _tax_with(order, session, facts)
    problems = [
        *_mismatches(order, session, facts, code),
        *_delivery_mismatches(session, facts),
        *tax_mismatches(session, facts, taxed),
    ]
    order.discount = facts.discount or _in_lines(session)
    order.discounts = _discounts(order, session, code)
    order.shipping = facts.shipping
    order.tax = _on_top(session, facts)
    order.taxes = _summary(session, facts, taxed, str(delivery.get("method", "")))
    order.tax_ids = facts.reckoned.ids if session.asks_for_tax_ids else []
    order.total = facts.total
    order.email, order.name, order.phone = facts.email, facts.name[:255], facts.phone[:50]
    order.billing_address, order.shipping_address = facts.billing_address, facts.shipping_address
    # Staff may have deleted it while the page was open.
    order.delivery_method = DeliveryMethod.objects.filter(pk=delivery.get("method") or 0).first()
    order.delivery_name = delivery.get("name", "")
    order.delivery_min_days = delivery.get("min_days")
    order.delivery_max_days = delivery.get("max_days")
    order.keep_answers(session.questions, facts.answers.given)
    order.keep_consent(session.consent, facts.answers.agreed_to)
    order.business_name = facts.answers.business_name[:255]
    order.individual_name = facts.answers.individual_name[:255]
    order.save(
        update_fields=[
            "answers", "consent", "business_name", "individual_name",
            "discount", "discounts", "shipping", "tax", "taxes", "tax_ids", "total",
            "email", "name", "phone",
            "billing_address", "shipping_address",
            "delivery_method", "delivery_name", "delivery_min_days", "delivery_max_days",
        ]
    )  # fmt: skip
    for line in order.lines.all():
        share = next((fact for fact in facts.lines or [] if fact.position == line.position), None)
        if share is not None:
            line.discount = share.discount or session.discount.get("lines", {}).get(
                str(line.position), 0
            )
            line.tax, line.total = share.tax, share.total
            line.save(update_fields=["discount", "tax", "total"])
    if code is not None:
        note(code.discount, order, code.word, Who(session.user, session.visitor))
    if problems:
        order.hold(OrderHold.Reason.AMOUNTS, " ".join(problems))
        log.error("amounts do not match", order=str(order), problems=problems)
    if why := _not_taxed(session, facts) or _taxed_elsewhere(session, facts):
        order.hold(OrderHold.Reason.TAX, why)


def _summary(
    session: CheckoutSession, facts: SessionFacts, taxed: dict[str, Any], method: str
) -> list[dict[str, Any]]:
    """What each rate came to, the largest first: as it was frozen, or as Stripe worked it out."""
    if not session.is_taxed_by_stripe:
        return summary(taxed, method)
    taxes = sorted(facts.reckoned.taxes, key=lambda tax: -float(tax.percentage))
    return [tax.plain for tax in taxes]


def _mismatches(
    order: Order, session: CheckoutSession, facts: SessionFacts, code: PageCode | None
) -> list[str]:
    """Everything about the session that we did not ask for."""
    problems = []
    if facts.currency != order.currency:
        problems.append(f"The session is in {facts.currency}, the order in {order.currency}.")
    subtotal = order.subtotal - _in_lines(session)
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


def _in_lines(session: CheckoutSession) -> int:
    """What the prices on the page were lowered by, in minor units."""
    return int(session.discount.get("amount", 0))


def _discounts(
    order: Order, session: CheckoutSession, code: PageCode | None
) -> list[dict[str, Any]]:
    """What the order keeps of its discount: its words, and what it took off the goods."""
    frozen = session.discount
    if code is not None:
        kept = {"name": code.name(order.language), "code": code.word}
    elif "name" in frozen:
        kept = {"name": frozen["name"], "code": frozen["code"]}
    else:
        return []
    return [{**kept, "amount": order.discount}]


def _tax_with(order: Order, session: CheckoutSession, facts: SessionFacts) -> dict[str, Any]:
    """The tax on what a code on the page has left of the lines, at the rates that were frozen."""
    if not session.tax or session.is_taxed_by_stripe:
        return dict(session.tax)
    off = {line.position: line.discount for line in facts.lines or []}
    left = {
        line.position: (
            line.amount.amount - off.get(line.position, 0),
            line.variant.requires_shipping,
        )
        for line in order.lines.select_related("variant", "order")
    }
    options = session.delivery.get("options", [])
    prices = {str(option["method"]): option["amount"] for option in options}
    return on_what_is_left(session.tax, left, prices)


def parts_mismatches(session: CheckoutSession, facts: SessionFacts) -> list[str]:
    """Whether lines − discount + delivery + tax on top are something else than the total."""
    on_top = _on_top(session, facts)
    if facts.subtotal - facts.discount + facts.shipping + on_top != facts.total:
        return [f"The parts do not add up to {facts.total}."]
    return []


def _chosen_delivery(session: CheckoutSession, facts: SessionFacts) -> dict[str, Any]:
    """The one of our options that was chosen, as it was offered; empty when none of them was."""
    options = session.delivery.get("options", [])
    ours = (option for option in options if str(option["method"]) == facts.delivery_method)
    return next(ours, {})


def _delivery_mismatches(session: CheckoutSession, facts: SessionFacts) -> list[str]:
    """What about the delivery this page was not asked to offer."""
    problems = []
    chosen = _chosen_delivery(session, facts)
    if facts.shipping != chosen.get("amount", 0):
        problems.append(f"Delivery costs {facts.shipping}, not {chosen.get('amount', 0)}.")
    if bool(session.delivery or facts.delivery_method) and not chosen:
        problems.append("The delivery that was chosen is none that was offered.")
    countries = session.delivery.get("countries")
    if countries and facts.shipping_address.get("country") not in countries:
        where = facts.shipping_address.get("country") or "no country"
        problems.append(f"It goes to {where}, where it was not offered to be sent.")
    return problems


def _on_top(session: CheckoutSession, facts: SessionFacts) -> int:
    """What of the tax is paid beside the prices; nothing where these include it."""
    return 0 if session.tax.get("is_inclusive") else facts.tax


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


def _not_taxed(session: CheckoutSession, facts: SessionFacts) -> str:
    """Whether Stripe could not work out a tax that it was asked for, as a sentence."""
    status = facts.reckoned.status
    if not session.is_taxed_by_stripe or status == "complete":
        return ""
    return f"Stripe could not work out the tax: {status or 'it was not asked to'}."


def _taxed_elsewhere(session: CheckoutSession, facts: SessionFacts) -> str:
    """Whether what is not sent went to somebody in a country with other rates, as a sentence."""
    if "countries" not in session.tax or session.delivery:
        return ""
    country = facts.billing_address.get("country") or "no country"
    if country in session.tax["countries"]:
        return ""
    return f"The customer is in {country}; the tax is that of {session.tax['country']}."


def take_off_the_rest(order: Order | None, payment: Payment, *, is_final: bool) -> None:
    """A capture of less than was held lowers what is due, as its request says why.

    One that nobody here asked for was made in the Dashboard; a person looks at the order and says
    what leaves for it, before which nothing is taken off. So they look where it was not final and
    the rest is still held, or was made in another currency.
    """
    partly = payment.captured_amount < payment.authorized_amount
    if order is None or not partly or payment.purpose == Payment.Purpose.EXTRA:
        return
    if not is_final or payment.currency != order.currency:
        rest = " The rest is still held." if payment.capturable else ""
        order.hold(
            OrderHold.Reason.LATE_FACT,
            f"{payment.captured} of {payment.authorized} was captured at Stripe.{rest}",
        )
        return
    missing = order.due - payment.captured
    if missing.amount <= 0:
        return
    captures = payment.requests.filter(
        kind=StripeRequest.Kind.CAPTURE, amount=payment.captured_amount
    )
    request = captures.order_by("created_at").last()
    if request is None:
        note = f"Only {payment.captured} of {order.due} was captured at Stripe."
        order.hold(OrderHold.Reason.LATE_FACT, note)
        return
    reduction.write(
        order,
        missing,
        reason=request.reason,
        units={int(position): units for position, units in request.units_off.items()},
        written_off=request.written_off,
        cause_id=request.pk,
        actor_id=request.actor_id,
        actor_name=request.actor_name,
    )
