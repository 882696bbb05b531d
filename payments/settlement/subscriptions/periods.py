"""The order of a period that was paid: of each invoice one, or a reason why there is none.

Called by payments.settlement.subscriptions.settle alone, with the subscription locked.
"""

from dataclasses import dataclass
from typing import Any

import structlog
from django.db import transaction

from payments.models import Payment, Subscription, SubscriptionInvoice
from payments.settlement import next_look
from payments.settlement.follow import follow
from payments.settlement.merge import merge_payment
from payments.settlement.subscriptions.period_taxes import taxes_of
from payments.stripe.billing.facts import InvoiceFacts, InvoiceLineFacts
from payments.stripe.facts import PaymentFacts
from shop.catalog import stock
from shop.catalog.models import Price, Variant
from shop.catalog.stock import OutOfStock
from shop.orders.models import DeliveryMethod, Order, OrderHold, OrderLine, words_of
from shop.transitions import can_move

log = structlog.get_logger(__name__)

NoOrder = SubscriptionInvoice.NoOrder
# What bills a whole period; anything else was written by hand, or evens out a change. A change to
# another rhythm begins a whole period of its own, which has its goods.
OF_PERIODS = ["subscription_create", "subscription_cycle", "subscription_update"]


def is_due(invoice: SubscriptionInvoice) -> bool:
    """Whether it is paid and nothing has come of it yet."""
    is_paid = invoice.status == SubscriptionInvoice.Status.PAID
    return is_paid and invoice.order_id is None and not invoice.no_order


def is_of_page(row: Subscription, invoice: SubscriptionInvoice) -> bool:
    """Whether the page on which it all began has its order: settled with that page."""
    session = row.session
    is_first = invoice.billing_reason == OF_PERIODS[0]
    return is_first and session is not None and session.order_id is not None and not row.trial_end


def make_order(
    row: Subscription,
    invoice: SubscriptionInvoice,
    facts: InvoiceFacts,
    paid: PaymentFacts | None,
) -> None:
    """The order of the invoice's period, confirmed by its money; or why none is made."""
    goods = _goods(row, facts)
    if reason := _why_none(facts, goods):
        invoice.no_order = reason
        invoice.save(update_fields=["no_order"])
        file_prorated(row, invoice, paid)
        return
    order = _write(row, facts, goods)
    invoice.order = order
    payment = _pay(row, order, paid, Payment.Purpose.RENEWAL) if paid is not None else None
    invoice.payment = payment
    invoice.save(update_fields=["order", "payment"])
    _reserve(order)
    if payment is not None:
        follow(order, None, None, payment)
        next_look.note(None, payment)
    elif can_move(order, Order.Status.CONFIRMED) and order.status == Order.Status.PENDING:
        order.confirm("nothing was left to pay of the period's invoice")
    log.info("renewed", subscription=str(row), invoice=str(invoice), order=str(order))


def file_prorated(
    row: Subscription, invoice: SubscriptionInvoice, paid: PaymentFacts | None
) -> None:
    """The money of a change, with the order of the period in which it was made.

    There it can be seen and refunded; it pays nothing of that order.
    """
    order = _order_of_its_period(row, invoice)
    if order is None or paid is None or invoice.no_order != NoOrder.PRORATION:
        return
    payment = _pay(row, order, paid, Payment.Purpose.PRORATED)
    invoice.payment = payment
    invoice.save(update_fields=["payment"])
    next_look.note(None, payment)


def _order_of_its_period(row: Subscription, invoice: SubscriptionInvoice) -> Order | None:
    before = row.invoices.exclude(order=None).filter(created_at__lte=invoice.created_at)
    latest = before.order_by("-created_at", "-id").first()
    if latest is not None:
        return latest.order
    return row.session.order if row.session is not None else None


@dataclass(frozen=True)
class Good:
    """A thing of the catalog, and the line in which it was invoiced."""

    variant: Variant
    price: Price
    line: InvoiceLineFacts


def _goods(row: Subscription, facts: InvoiceFacts) -> list[Good]:
    """What of the invoice is sold here: by its price, as the item may be another thing by now."""
    named = [line.price for line in facts.recurring]
    ours = Price.objects.filter(stripe_account=row.account, stripe_price_id__in=named)
    prices = {price.stripe_price_id: price for price in ours.select_related("variant__product")}
    items = {
        item.stripe_item_id: item.price
        for item in row.items.select_related("price__variant__product")
        if item.price is not None
    }
    found = [(prices.get(line.price) or items.get(line.item), line) for line in facts.recurring]
    return [Good(price.variant, price, line) for price, line in found if price is not None]


def _why_none(facts: InvoiceFacts, goods: list[Good]) -> str:
    if facts.billing_reason not in OF_PERIODS or not facts.recurring:
        return NoOrder.PRORATION
    if facts.total <= 0:
        return NoOrder.NOTHING_DUE
    return "" if goods else NoOrder.NO_GOODS


def _write(
    row: Subscription,
    facts: InvoiceFacts,
    goods: list[Good],
) -> Order:
    """Order and lines, to the cent what was invoiced."""
    delivery = [line for line in facts.recurring if line.item in _delivery_items(row)]
    sent = sum(line.subtotal - line.discount for line in delivery)
    subtotal = sum(good.line.subtotal for good in goods)
    on_top = sum(line.tax_on_top for line in facts.lines)
    off = sum(good.line.discount for good in goods)
    # What Stripe owes the customer of before, and what evens out a change, is taken off as well.
    credit = max(0, subtotal - off + sent + on_top - facts.amount_due)
    order = Order.objects.create(
        currency=facts.currency,
        user=row.user,
        visitor=row.session.visitor if row.session else None,
        language=row.language,
        country=str(row.shipping_address.get("country") or "")[:2],
        subtotal=subtotal,
        discount=off + credit,
        shipping=sent,
        tax=on_top,
        total=facts.amount_due,
        taxes=taxes_of(row, [(good.variant.pk, good.line) for good in goods], delivery),
        email=row.email,
        name=row.name,
        phone=row.phone,
        billing_address=row.billing_address,
        shipping_address=row.shipping_address,
        **_delivery(row),
    )
    shares = _shares(credit, [good.line.subtotal - good.line.discount for good in goods])
    for position, (good, share) in enumerate(zip(goods, shares, strict=True), 1):
        _write_line(order, position, good, share)
    if subtotal - off - credit + sent + on_top != facts.amount_due:
        order.hold(
            OrderHold.Reason.AMOUNTS,
            f"Invoice {facts.number or facts.id} has more in it than the goods of its period.",
        )
    return order


def _delivery_items(row: Subscription) -> set[str]:
    return {item.stripe_item_id for item in row.items.all() if item.is_delivery}


def _delivery(row: Subscription) -> dict[str, Any]:
    if not row.delivery:
        return {}
    method = DeliveryMethod.objects.filter(pk=row.delivery.get("method") or 0).first()
    return {
        "delivery_method": method,
        "delivery_name": row.delivery.get("name", ""),
        "delivery_min_days": row.delivery.get("min_days"),
        "delivery_max_days": row.delivery.get("max_days"),
    }


def _shares(credit: int, amounts: list[int]) -> list[int]:
    """What of a credit is taken off which line: the first lines first, none below nothing."""
    shares = []
    for amount in amounts:
        shares.append(min(credit, amount))
        credit -= shares[-1]
    return shares


def _write_line(order: Order, position: int, good: Good, credit: int) -> None:
    variant, line = good.variant, good.line
    OrderLine.objects.create(
        order=order,
        position=position,
        variant=variant,
        price=good.price,
        sku=variant.sku,
        **words_of(variant),
        unit_amount=line.subtotal // line.quantity,
        quantity=line.quantity,
        discount=line.discount + credit,
        tax=line.tax,
        total=line.total - credit,
    )


def _pay(row: Subscription, order: Order, paid: PaymentFacts, purpose: Payment.Purpose) -> Payment:
    """The money of an invoice; a row of it that was made before is taken."""
    Payment.objects.get_or_create(
        account=row.account,
        stripe_payment_intent_id=paid.id,
        defaults={
            "purpose": purpose,
            "order": order,
            "currency": paid.currency,
            "amount": paid.amount,
        },
    )
    return merge_payment(order, None, paid)


def _reserve(order: Order) -> None:
    """Set the units aside; where they are gone the order ends, and its money goes back."""
    try:
        with transaction.atomic():
            stock.reserve(order.units(), cause_kind="order", cause_id=order.reservation)
    except OutOfStock as gone:
        order.keep_why(Order.CancelReason.OUT_OF_STOCK, note=f"sold out at renewal: {gone}")
        order.cancel("sold out at renewal")
