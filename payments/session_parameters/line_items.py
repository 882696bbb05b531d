"""What is bought, as the payment page lists it."""

from decimal import Decimal
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from payments.models import CheckoutSession
from payments.session_parameters.page_changes import adjustable
from payments.session_parameters.subscription import delivery_line, rhythm
from payments.session_parameters.tax import behavior
from shop.catalog.stripe_plan.mapping import description_of
from shop.catalog.stripe_plan.pictures import addresses
from shop.catalog.stripe_plan.taxed import tax_code
from shop.catalog.stripe_sync.synced_ids import synced_price_ids, synced_product_ids
from shop.orders.models import Order, OrderLine
from shop.templatetags.money import written
from shop.translation.translated import present_language

SMALLEST = Decimal(1).scaleb(-12)


def line_items(session: CheckoutSession, order: Order) -> list[dict[str, Any]]:
    """The order's lines, each marked with its position, with the tax that is due on it.

    In the words of the order's language.
    """
    with translation.override(order.language):
        return _line_items(session, order)


def _line_items(session: CheckoutSession, order: Order) -> list[dict[str, Any]]:
    lines = list(
        order.lines.select_related("variant__image", "price__variant").prefetch_related(
            "variant__product__images"
        )
    )
    prices = synced_price_ids([line.price for line in lines])
    # A Price that says nothing of tax, or otherwise, gives way to its amount on the same Product.
    needs_product = session.is_taxed_by_stripe or session.is_subscription
    stated = [
        line
        for line in lines
        if line.price.is_chosen or (needs_product and line.price_id not in prices)
    ]
    products = synced_product_ids([line.variant for line in stated])
    goods = [
        {
            "quantity": line.quantity,
            "metadata": {"line": str(line.position)},
            **(
                _less(session, line)
                or _in_words(session, line)
                or _full(
                    line,
                    prices.get(line.price_id),
                    products.get(line.variant_id),
                    {**behavior(session), **rhythm(session)},
                )
            ),
            **_tax(session.tax, line),
            **adjustable(session, line),
        }
        for line in lines
    ]
    return [*goods, *delivery_line(session, order.currency)]


def _tax(frozen: dict[str, Any], line: OrderLine) -> dict[str, Any]:
    if "lines" not in frozen:
        return {}
    rate = frozen["lines"][str(line.position)]["rate"]
    return {"tax_rates": [frozen["rates"][str(rate)]["stripe"]]}


def _less(session: CheckoutSession, line: OrderLine) -> dict[str, Any]:
    """The line at what it costs with its discount, and the price before that said beside it.

    So that the total is right to the last unit: Stripe multiplies and rounds, and takes twelve
    decimals (docs.stripe.com/api/prices/create).
    """
    off = session.discount.get("lines", {}).get(str(line.position), 0)
    if not off:
        return {}
    each = Decimal(line.amount.amount - off) / line.quantity
    said = _("%(name)s: %(before)s before") % {
        "name": session.discount["name"],
        "before": written(line.amount),
    }
    taxed_so = behavior(session)
    inline = {
        "currency": line.order.currency,
        "unit_amount_decimal": f"{each.quantize(SMALLEST):f}",
        "product_data": {**_described(line, taxed_so), "description": said},
        **taxed_so,
    }
    return {"price_data": inline}


def _in_words(session: CheckoutSession, line: OrderLine) -> dict[str, Any]:
    """Its amount beside the customer's words, where these are others than Stripe's Product has.

    Not where Stripe chooses the page's currency: only a Price has an amount in each. Nor of what
    renews: it is known again by its Price.
    """
    product = line.variant.product
    about = description_of(product.translated("description"))
    own = (line.title, line.choice, description_of(product.description))
    if not present_language() or session.currencies or session.is_subscription:
        return {}
    if (line.title_read, line.choice_read, about) == own:
        return {}
    taxed_so = behavior(session)
    described = _described(line, taxed_so)
    if about:
        described["description"] = about
    inline = {
        "currency": line.order.currency,
        "unit_amount": line.unit_amount,
        "product_data": described,
        **taxed_so,
    }
    return {"price_data": inline}


def _full(
    line: OrderLine,
    stripe_price_id: str | None,
    stripe_product_id: str | None,
    terms: dict[str, Any],
) -> dict[str, Any]:
    """The synced Price while it is current, else the same amount inline."""
    if stripe_price_id and line.price.unit_amount == line.unit_amount:
        return {"price": stripe_price_id}
    stated = {"currency": line.order.currency, "unit_amount": line.unit_amount, **terms}
    taxed_so = {name: value for name, value in terms.items() if name == "tax_behavior"}
    if stripe_product_id:
        return {"price_data": {**stated, "product": stripe_product_id}}
    return {"price_data": {**stated, "product_data": _described(line, taxed_so)}}


def _described(line: OrderLine, taxed_so: dict[str, str]) -> dict[str, Any]:
    """What is known of the thing, for a page alone."""
    choice = line.choice_read
    name = f"{line.title_read} ({choice})" if choice else line.title_read
    described: dict[str, Any] = {"name": name[:250], "metadata": {"sku": line.sku}}
    if pictures := addresses(line.variant.image, line.variant.product.images.all()):
        # The page shows the first.
        described["images"] = pictures[:1]
    if taxed_so and (code := tax_code(line.variant)):
        described["tax_code"] = code
    return described
