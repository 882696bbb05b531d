"""What is bought, as the payment page lists it."""

from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from payments.models import CheckoutSession
from shop.catalog.stripe_sync.synced_ids import synced_price_ids, synced_product_ids
from shop.orders.models import Order, OrderLine
from shop.templatetags.money import written

SMALLEST = Decimal(1).scaleb(-12)


def line_items(session: CheckoutSession, order: Order) -> list[dict[str, Any]]:
    """The order's lines, each marked with its position, with the tax that is due on it."""
    lines = list(order.lines.select_related("variant", "price__variant"))
    prices = synced_price_ids([line.price for line in lines])
    products = synced_product_ids([line.variant for line in lines if line.price.is_chosen])
    return [
        {
            "quantity": line.quantity,
            "metadata": {"line": str(line.position)},
            **(
                _less(session.discount, line)
                or _full(line, prices.get(line.price_id), products.get(line.variant_id))
            ),
            **_tax(session.tax, line),
        }
        for line in lines
    ]


def _tax(frozen: dict[str, Any], line: OrderLine) -> dict[str, Any]:
    if not frozen:
        return {}
    rate = frozen["lines"][str(line.position)]["rate"]
    return {"tax_rates": [frozen["rates"][str(rate)]["stripe"]]}


def _less(frozen: dict[str, Any], line: OrderLine) -> dict[str, Any]:
    """The line at what it costs with its discount, and the price before that said beside it.

    So that the total is right to the last unit: Stripe multiplies and rounds, and takes twelve
    decimals (docs.stripe.com/api/prices/create).
    """
    off = frozen.get("lines", {}).get(str(line.position), 0)
    if not off:
        return {}
    each = Decimal(line.amount.amount - off) / line.quantity
    with translation.override(line.order.language):
        said = _("%(name)s: %(before)s before") % {
            "name": frozen["name"],
            "before": written(line.amount),
        }
    described = {"name": _name_of(line), "description": said, "metadata": {"sku": line.sku}}
    inline = {
        "currency": line.order.currency,
        "unit_amount_decimal": f"{each.quantize(SMALLEST):f}",
        "product_data": described,
    }
    return {"price_data": inline}


def _full(
    line: OrderLine, stripe_price_id: str | None, stripe_product_id: str | None
) -> dict[str, Any]:
    """The synced Price while it is current, else the same amount inline."""
    if stripe_price_id and line.price.unit_amount == line.unit_amount:
        return {"price": stripe_price_id}
    stated = {"currency": line.order.currency, "unit_amount": line.unit_amount}
    if stripe_product_id:
        return {"price_data": {**stated, "product": stripe_product_id}}
    described = {"name": _name_of(line), "metadata": {"sku": line.sku}}
    return {"price_data": {**stated, "product_data": described}}


def _name_of(line: OrderLine) -> str:
    return (f"{line.title} ({line.choice})" if line.choice else line.title)[:250]
