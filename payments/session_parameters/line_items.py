"""What is bought, as the payment page lists it."""

from typing import Any

from payments.models import CheckoutSession
from payments.session_parameters.tax import behavior
from shop.catalog.stripe_plan.taxed import tax_code
from shop.catalog.stripe_sync.synced_ids import synced_price_ids, synced_product_ids
from shop.orders.models import Order, OrderLine


def line_items(session: CheckoutSession, order: Order) -> list[dict[str, Any]]:
    """The order's lines, each marked with its position, with the tax that is due on it."""
    lines = list(order.lines.select_related("variant", "price__variant"))
    prices = synced_price_ids([line.price for line in lines])
    # A Price that says nothing of tax, or otherwise, gives way to its amount on the same Product.
    stated = [
        line
        for line in lines
        if line.price.is_chosen or (session.is_taxed_by_stripe and line.price_id not in prices)
    ]
    products = synced_product_ids([line.variant for line in stated])
    return [
        {
            **_line_item(
                line, prices.get(line.price_id), products.get(line.variant_id), behavior(session)
            ),
            **_tax(session.tax, line),
        }
        for line in lines
    ]


def _tax(frozen: dict[str, Any], line: OrderLine) -> dict[str, Any]:
    if "lines" not in frozen:
        return {}
    rate = frozen["lines"][str(line.position)]["rate"]
    return {"tax_rates": [frozen["rates"][str(rate)]["stripe"]]}


def _line_item(
    line: OrderLine,
    stripe_price_id: str | None,
    stripe_product_id: str | None,
    taxed_so: dict[str, str],
) -> dict[str, Any]:
    """The synced Price while it is current, else the same amount inline."""
    item: dict[str, Any] = {"quantity": line.quantity, "metadata": {"line": str(line.position)}}
    if stripe_price_id and line.price.unit_amount == line.unit_amount:
        return {**item, "price": stripe_price_id}
    stated = {
        "currency": line.order.currency,
        "unit_amount": line.unit_amount,
        **taxed_so,
    }
    if stripe_product_id:
        return {**item, "price_data": {**stated, "product": stripe_product_id}}
    name = f"{line.title} ({line.choice})" if line.choice else line.title
    described: dict[str, Any] = {"name": name[:250], "metadata": {"sku": line.sku}}
    if taxed_so and (code := tax_code(line.variant)):
        described["tax_code"] = code
    return {**item, "price_data": {**stated, "product_data": described}}
