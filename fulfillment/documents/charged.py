"""What an order costs as its documents name it: its lines, its delivery, and the tax in each."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import Any

from django.utils.translation import gettext as _

from fulfillment.documents.portions import Portion, Rate, gross_of, share_out
from payments.models import CheckoutSession
from shop.orders.models import Order, OrderLine
from shop.orders.tax.arithmetic import tax_on

DELIVERY, OTHER = "delivery", "other"
# State, county, city and a district are four; more that fit were chance.
MOST_TOGETHER = 4


@dataclass(frozen=True)
class Item:
    """One thing that is charged, in words of the present language; amounts in minor units."""

    key: str
    title: str
    portions: list[Portion]
    choice: str = ""
    sku: str = ""
    # None where it is no number of things.
    quantity: int | None = None
    unit: int | None = None
    # As the price says: without what comes on top, and before a discount.
    amount: int = 0
    # What the order's discount takes off it.
    off: int = 0

    @property
    def gross(self) -> int:
        return gross_of(self.portions)


@dataclass
class Taxes:
    """The taxes of an order as its payment page had frozen them."""

    by_line: dict[int, tuple[Rate, int]] = field(default_factory=dict)
    in_delivery: list[Portion] = field(default_factory=list)
    is_on_top: bool = False
    # What comes on top of the price of delivery, in minor units.
    on_delivery: int = 0


def items_of(order: Order, session: CheckoutSession | None) -> list[Item]:
    """What the customer owes now, after all that was taken off.

    Their gross sums are `order.due`, unless the payment page did not fit the order.
    """
    taxes = _taxes(order, session)
    lines = order.lines.select_related("variant__product")
    items = [_line(line, taxes) for line in lines if line.left]
    if order.shipping:
        items.append(_delivery(order, taxes))
    return items


def discounts_of(order: Order, items: Sequence[Item]) -> list[dict[str, Any]]:
    """What the order's discount takes off the items: [{"name", "amount"}], as customers know it."""
    off = sum(item.off for item in items)
    names = [f"{name} ({code})" if code else name for name, code, _ in order.discount_names]
    return [{"name": ", ".join(names), "amount": off}] if names and off else []


def other(amount: int, words: str) -> Item:
    """Money that is for no line of the order."""
    return Item(OTHER, words, [Portion(OTHER, None, amount)], amount=amount)


def of_order(order: Order, amount: int) -> Item:
    """Money for the order of which no more is known."""
    return other(amount, _("Payment for order %(number)s") % {"number": order.number})


def _taxes(order: Order, session: CheckoutSession | None) -> Taxes:
    frozen = session.in_currency(order.currency).tax if session is not None else {}
    is_on_top = bool(order.tax)
    if session is not None and session.is_taxed_by_stripe:
        return _taxes_by_stripe(order, is_on_top=is_on_top)
    in_all = [
        Portion(OTHER, (tax["name"], tax["percentage"]), tax["base"] + tax["amount"], tax["amount"])
        for tax in order.taxes
    ]
    if not in_all or not frozen:
        return Taxes(is_on_top=is_on_top)
    by_line: dict[int, tuple[Rate, int]] = {}
    # What the order kept, less what its lines hold, is the delivery's.
    sums: dict[Rate, list[int]] = defaultdict(lambda: [0, 0])
    for line in order.lines.all():
        if kept := frozen["lines"].get(str(line.position)):
            rate, (gross, tax) = _rate(frozen, kept), _paid_of(line, kept)
            by_line[line.position] = rate, tax
            sums[rate][0] += gross
            sums[rate][1] += tax
    in_delivery = []
    for part in _merged(in_all):
        gross, tax = part.gross - sums[part.rate][0], part.tax - sums[part.rate][1]
        if gross > 0:
            in_delivery.append(Portion(DELIVERY, part.rate, gross, tax))
    return Taxes(by_line, in_delivery, is_on_top=is_on_top)


def _paid_of(line: OrderLine, frozen: dict[str, Any]) -> tuple[int, int]:
    """What was paid for the line, and the tax in it; as it was frozen where that was not noted.

    The customer may have changed on the page what had been worked out before.
    """
    if line.total is None or line.tax is None:
        return frozen["base"] + frozen["amount"], frozen["amount"]
    return line.total, line.tax


def _taxes_by_stripe(order: Order, *, is_on_top: bool) -> Taxes:
    """As Stripe Tax worked them out: each line's amount is known, its rates by their sums alone."""
    kept = [tax for tax in order.taxes if tax["amount"]]
    lines = [line for line in order.lines.all() if line.tax]
    by_line = {
        line.position: (_rate_of(line, kept, is_on_top=is_on_top), line.tax or 0) for line in lines
    }
    rest = sum(tax["amount"] for tax in kept) - sum(line.tax or 0 for line in lines)
    if rest <= 0 or not order.shipping:
        return Taxes(by_line, is_on_top=is_on_top)
    rates = {rate for rate, _ in by_line.values()}
    rate = rates.pop() if len(rates) == 1 else _together(kept)
    on_top = rest if is_on_top else 0
    part = Portion(DELIVERY, rate, order.shipping + on_top, rest, is_on_top)
    return Taxes(by_line, [part], is_on_top=is_on_top, on_delivery=on_top)


def _rate_of(line: OrderLine, kept: list[dict[str, Any]], *, is_on_top: bool) -> Rate:
    """The fewest that come to the line's tax, as where a state and a city have one each; else all
    of them.
    """
    amount = line.discounted.amount
    for number in range(1, min(len(kept), MOST_TOGETHER) + 1):
        for some in combinations(kept, number):
            share = sum((Decimal(tax["percentage"]) for tax in some), Decimal(0))
            due = tax_on(amount, share, is_inclusive=not is_on_top)
            # Each of them is rounded by itself.
            if abs(due - (line.tax or 0)) < number:
                return _together(some)
    return _together(kept)


def _together(some: Sequence[dict[str, Any]]) -> Rate:
    return tuple(word for tax in some for word in (tax["name"], tax["percentage"]))


def _rate(frozen: dict[str, Any], tax: dict[str, Any]) -> Rate:
    rate = frozen["rates"][str(tax["rate"])]
    return rate["name"], rate["percentage"]


def _merged(portions: list[Portion]) -> list[Portion]:
    """Two rates that are called alike are one on a document."""
    sums: dict[Rate, Portion] = {}
    for part in portions:
        before = sums.get(part.rate, Portion(part.key, part.rate, 0))
        sums[part.rate] = Portion(
            part.key, part.rate, before.gross + part.gross, before.tax + part.tax
        )
    return list(sums.values())


def _line(line: OrderLine, taxes: Taxes) -> Item:
    """As many units as are left, for what these cost."""
    gross = line.worth_of(line.left).amount
    amount = line.unit_amount * line.left
    rate, tax = taxes.by_line.get(line.position, (None, 0))
    whole = line.amount.amount if line.total is None else line.total
    part = Portion(str(line.position), rate, whole, tax, taxes.is_on_top).scaled(gross)
    if taxes.is_on_top and rate is not None and line.left < line.quantity:
        # So that price and tax sum to what the units cost, to the last unit.
        tax = tax * line.left // line.quantity if line.discount else gross - amount
        part = Portion(part.key, rate, gross, tax, is_on_top=True)
    return Item(
        part.key,
        line.title_read,
        [part],
        choice=line.choice_read,
        sku=line.sku,
        quantity=line.left,
        unit=line.unit_amount,
        amount=amount,
        off=max(0, amount - (part.gross - part.on_top)) if line.discount else 0,
    )


def _delivery(order: Order, taxes: Taxes) -> Item:
    """Its price includes its taxes in every currency, but where Stripe Tax put them on top."""
    cost = (order.shipping or 0) + taxes.on_delivery
    portions = taxes.in_delivery
    if gross_of(portions) != cost:
        portions = share_out(cost, portions) if gross_of(portions) > cost else []
        portions = portions or [Portion(DELIVERY, None, cost)]
    title = order.delivery_name or _("Delivery")
    return Item(DELIVERY, title, portions, amount=order.shipping or 0)
