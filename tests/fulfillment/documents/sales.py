"""Orders as documents are made of them: taxed lines and a delivery, captured in the books."""

import uuid
from decimal import Decimal
from typing import Any

from django.utils import timezone

from fulfillment.documents import making
from fulfillment.models import Document
from payments.models import CheckoutSession, MoneyEntry, Payment, Refund
from shop.catalog.models import Price
from shop.orders.models import Order
from shop.orders.tax.arithmetic import in_proportion, tax_on
from tests.support.factories import PriceFactory

RATES = {"1": {"name": "VAT", "percentage": "20"}, "2": {"name": "VAT", "percentage": "5.5"}}


def sold(
    lines: list[tuple[int, int, str]],
    *,
    currency: str = "eur",
    delivery: int = 0,
    is_inclusive: bool = True,
    is_taxed: bool = True,
    discount: int = 0,
) -> Payment:
    """An order of lines of (unit amount, quantity, rate), paid and not captured yet.

    The discount is off the first line, before its tax.
    """
    price = _price()
    order = Order.objects.create(
        currency=currency,
        name="Ada Byron",
        billing_address={"line1": "Kelp Road 7", "country": "AT"},
    )
    taxes: dict[str, Any] = {}
    on_top = 0
    for position, (unit, quantity, rate) in enumerate(lines, 1):
        off = discount if position == 1 else 0
        net = unit * quantity - off
        tax = tax_on(net, Decimal(RATES[rate]["percentage"]), is_inclusive=is_inclusive)
        tax = tax if is_taxed else 0
        taxes[str(position)] = {
            "rate": int(rate), "base": net - tax if is_inclusive else net, "amount": tax,
        }  # fmt: skip
        added = 0 if is_inclusive else tax
        on_top += added
        order.lines.create(
            position=position,
            variant=price.variant,
            price=price,
            sku=price.variant.sku,
            title=f"Lantern {position}",
            unit_amount=unit,
            quantity=quantity,
            discount=off,
            tax=tax,
            total=net + added,
        )
    session = CheckoutSession.objects.create(
        order=order, account="acct/test", expires_at=timezone.now(), due_at=timezone.now()
    )
    sums = {rate: [0, 0] for rate in RATES}
    if is_taxed:
        session.tax = {"is_inclusive": is_inclusive, "rates": RATES, "lines": taxes}
        session.save()
        for tax in taxes.values():
            sums[str(tax["rate"])][0] += tax["base"]
            sums[str(tax["rate"])][1] += tax["amount"]
        weights = {n: unit * quantity for n, (unit, quantity, _) in enumerate(lines)}
        for n, part in in_proportion(delivery, weights).items():
            rate = lines[n][2]
            tax = tax_on(part, Decimal(RATES[rate]["percentage"]), is_inclusive=True)
            sums[rate][0] += part - tax
            sums[rate][1] += tax
    order.subtotal = sum(unit * quantity for unit, quantity, _ in lines)
    order.discount, order.shipping, order.tax = discount, delivery, on_top
    order.total = order.subtotal - discount + delivery + on_top
    order.delivery_name = "Standard" if delivery else ""
    order.taxes = [
        {**RATES[rate], "base": base, "amount": tax} for rate, (base, tax) in sums.items() if base
    ]
    order.save()
    return Payment.objects.create(
        account="acct/test",
        stripe_payment_intent_id=f"pi_{uuid.uuid4().hex}",
        status="authorized",
        currency=currency,
        amount=order.total,
        authorized_amount=order.total,
        order=order,
        session=session,
    )


def _price() -> Price:
    return Price.objects.filter(variant__sku="DOCUMENTED").first() or PriceFactory(
        variant__sku="DOCUMENTED"
    )


def capture(payment: Payment, amount: int) -> Document:
    """So much was captured, in one go; its invoice."""
    payment.captured_amount += amount
    payment.captured_at = timezone.now()
    payment.save()
    payment.entries.create(
        kind=MoneyEntry.Kind.CAPTURE,
        stripe_object_id="ch_1",
        sequence=payment.captured_amount,
        amount=amount,
        currency=payment.currency,
    )
    (document,) = making.make_missing(again(payment))
    return document


def refund(payment: Payment, amount: int, **values: Any) -> Refund:
    """So much went back."""
    return Refund.objects.create(
        payment=payment,
        account="acct/test",
        stripe_refund_id=f"re_{uuid.uuid4().hex}",
        amount=amount,
        currency=payment.currency,
        created_at=timezone.now(),
        **{"status": "succeeded", **values},
    )


def credited(payment: Payment, amount: int) -> Document:
    """Its credit note."""
    refund(payment, amount)
    (document,) = making.make_missing(again(payment))
    return document


def again(payment: Payment) -> Payment:
    """As it is in the database, with its order."""
    return Payment.objects.select_related("order", "session").get(pk=payment.pk)


def sums_up(document: Document) -> bool:
    """Whether what it shows is its total, and its taxes lie in that."""
    shown = document.content
    prices = sum(line["amount"] for line in shown["lines"])
    prices += shown["delivery"]["amount"] if shown["delivery"] else 0
    taxed = sum(tax["base"] + tax["amount"] for tax in shown["taxes"])
    counted = [
        line["unit"] * line["quantity"] == line["amount"]
        for line in shown["lines"]
        if line["quantity"] is not None
    ]
    return (
        prices + shown["on_top"] - shown["discount"] == document.total
        and taxed <= document.total
        and min([shown["discount"], *(line["amount"] for line in shown["lines"])]) >= 0
        and all(counted)
    )
