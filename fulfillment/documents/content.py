"""All that a document shows, as plain JSON, frozen when it is made.

Amounts are in minor units; of "discount", the sum, "discounts" names what has a name.
Σ lines + delivery + tax on top − discount = total, always.
"""

from collections.abc import Sequence
from datetime import datetime
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from fulfillment.documents.charged import DELIVERY, Item
from fulfillment.documents.portions import Portion, by_rate, gross_of, share_out, taxes_of
from fulfillment.order_page.page import lines_of, names_of
from payments import method_names
from payments.models import Payment
from shop.orders.models import Order

REFUND = "refund"


class DoesNotAddUp(Exception):
    """A document whose parts are not its total is none."""


def whole(
    items: Sequence[Item], amount: int, discounts: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """All that is charged, at its prices; what these come to more is a discount.

    As far as it has a name it is one of the `discounts`: {"name", "amount"}.
    """
    portions = share_out(amount, [part for item in items for part in item.portions])
    lines = [
        {
            "title": item.title,
            "choice": item.choice,
            "sku": item.sku,
            "quantity": item.quantity,
            "unit": item.unit,
            "amount": item.amount,
        }
        for item in items
        if item.key != DELIVERY
    ]
    shown = _summed(lines, _delivery(items), portions, amount, is_part=False)
    named = sum(one["amount"] for one in discounts) <= shown["discount"]
    return {**shown, "discounts": list(discounts) if named else []}


def part(items: Sequence[Item], portions: Sequence[Portion]) -> dict[str, Any]:
    """A part of what is charged: of each item what falls to it, without numbers of things."""
    lines = []
    delivery = None
    for item in items:
        shares = [share for share in portions if share.key == item.key]
        amount = gross_of(shares) - sum(share.on_top for share in shares)
        if shares and item.key == DELIVERY:
            delivery = {"title": item.title, "amount": amount}
        elif shares:
            lines.append(_bare(item.title, amount, choice=item.choice, sku=item.sku))
    return _summed(lines, delivery, portions, gross_of(portions), is_part=True)


def one_line(words: str, portions: Sequence[Portion]) -> dict[str, Any]:
    """An amount of which nobody has said what it is for, with its share of the taxes."""
    portions = by_rate(portions, REFUND)
    amount = gross_of(portions) - sum(part.on_top for part in portions)
    lines = [_bare(words, amount)]
    return _summed(lines, None, portions, gross_of(portions), is_part=True)


def taken_back(invoice: dict[str, Any]) -> dict[str, Any]:
    """All of an invoice."""
    shown = ["lines", "delivery", "discount", "on_top", "taxes", "portions", "is_part"]
    return {**{name: invoice[name] for name in shown}, "discounts": invoice.get("discounts", [])}


def about(order: Order, payment: Payment, issued_at: datetime) -> dict[str, Any]:
    """Who sells, who buys, and what it belongs to, in the order's language, which is the present
    one.
    """
    address = order.billing_address if order.billing_address.get("line1") else None
    return {
        "language": order.language,
        "seller": {
            "name": settings.SELLER_NAME,
            "address": [
                part.strip() for part in settings.SELLER_ADDRESS.split(",") if part.strip()
            ],
            "tax_number": settings.SELLER_TAX_NUMBER,
            "email": parseaddr(settings.SUPPORT_EMAIL)[1],
        },
        "buyer": {
            "names": names_of(order),
            "address": lines_of(address or order.shipping_address),
        },
        "order": order.number,
        "ordered_at": timezone.localtime(order.created_at).isoformat(),
        # Kept, so that a shop that moves to another time zone moves no document to another day.
        "issued_on": timezone.localdate(issued_at).isoformat(),
        "paid_with": _paid_with(payment),
    }


def portions_in(content: dict[str, Any]) -> list[Portion]:
    """What it had taken apart, for the documents after it."""
    return [Portion.read(plain) for plain in content["portions"]]


def _paid_with(payment: Payment) -> str:
    name = method_names.name_of(payment)
    if not payment.last4:
        return name
    words = {"paid_with": name, "digits": payment.last4}
    return _("%(paid_with)s ending in %(digits)s") % words


def _delivery(items: Sequence[Item]) -> dict[str, Any] | None:
    found = next((item for item in items if item.key == DELIVERY), None)
    return {"title": found.title, "amount": found.amount} if found else None


def _bare(title: str, amount: int, *, choice: str = "", sku: str = "") -> dict[str, Any]:
    return {
        "title": title,
        "choice": choice,
        "sku": sku,
        "quantity": None,
        "unit": None,
        "amount": amount,
    }


def _summed(
    lines: list[dict[str, Any]],
    delivery: dict[str, Any] | None,
    portions: Sequence[Portion],
    total: int,
    *,
    is_part: bool,
) -> dict[str, Any]:
    """Raises DoesNotAddUp."""
    on_top = sum(part.on_top for part in portions)
    taxes = taxes_of(portions)
    prices = sum(line["amount"] for line in lines) + (delivery["amount"] if delivery else 0)
    discount = prices + on_top - total
    if discount < 0 or gross_of(portions) != total:
        raise DoesNotAddUp(f"{prices} and {on_top} on top are not {total}.")
    return {
        "lines": lines,
        "delivery": delivery,
        "discount": discount,
        "on_top": on_top,
        "taxes": taxes,
        "portions": [part.plain for part in portions],
        "is_part": is_part,
    }
