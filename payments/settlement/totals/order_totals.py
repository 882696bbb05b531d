"""What an order costs: what its completed session says.

Called by payments.settlement.settle alone, inside its transaction, with the order locked.
"""

from typing import Any

import structlog

from payments.models import CheckoutSession
from payments.settlement.totals import chosen_currency
from payments.settlement.totals.bought import placed, take_over
from payments.settlement.totals.mismatches import (
    delivery_mismatches,
    line_mismatches,
    not_taxed,
    tax_mismatches,
    taxed_elsewhere,
)
from payments.settlement.totals.session_terms import (
    chosen_delivery,
    in_lines,
    tax_on_top,
    with_delivery_apart,
)
from payments.stripe.facts import SessionFacts
from payments.stripe.terms.discounts.page_code import PageCode, accepted
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
    session = chosen_currency.take(order, session, facts)
    code = accepted(session, facts)
    session, facts = with_delivery_apart(session, placed(session, facts))
    was_chosen = take_over(order, session, facts)
    delivery = chosen_delivery(session, facts)
    is_anew = was_chosen or code is not None
    taxed = _tax_with(order, session, facts) if is_anew else session.tax
    problems = [
        *line_mismatches(order, session, facts, code),
        *delivery_mismatches(session, facts),
        *tax_mismatches(session, facts, taxed),
    ]
    order.discount = facts.discount or in_lines(session)
    order.discounts = _discounts(order, session, code)
    order.shipping = facts.shipping
    order.tax = tax_on_top(session, facts)
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
    if why := not_taxed(session, facts) or taxed_elsewhere(session, facts):
        order.hold(OrderHold.Reason.TAX, why)


def _summary(
    session: CheckoutSession, facts: SessionFacts, taxed: dict[str, Any], method: str
) -> list[dict[str, Any]]:
    """What each rate came to, the largest first: as it was frozen, or as Stripe worked it out."""
    if not session.is_taxed_by_stripe:
        return summary(taxed, method)
    taxes = sorted(facts.reckoned.taxes, key=lambda tax: -float(tax.percentage))
    return [tax.plain for tax in taxes]


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
    """The tax on what the lines cost by what the customer has chosen, at the rates of the page."""
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
