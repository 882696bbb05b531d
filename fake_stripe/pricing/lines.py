"""The lines of a session: their prices, from the catalog or inline, and their sums."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from fake_stripe.engine.errors import StripeError, not_offered
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import merged_metadata
from fake_stripe.pricing import custom_amounts
from fake_stripe.pricing.catalog import create_price, create_product
from fake_stripe.pricing.line_rules import RECURS
from fake_stripe.schema import Object

# The most of a line that a customer may choose, unless told otherwise.
MOST = 99


def create_items(
    tx: Transaction, session_id: str, params: dict[str, Any]
) -> tuple[str, list[Object]]:
    """Write the lines; all of them are in one currency."""
    currency = params.get("currency", "").lower()
    items = []
    for index, sent in enumerate(params["line_items"]):
        name = f"line_items[{index}]"
        price = price_of(tx, sent, name, params["mode"])
        currency = currency or price["currency"]
        items.append(create_item(tx, session_id, {**sent, "price": price}, currency, name))
    custom_amounts.refuse_company(params, items)
    if params["mode"] == "subscription":
        refuse_periods(items)
        if begins_free(params):
            make_free(tx, items)
    return currency, items


def refuse_periods(items: list[Object]) -> None:
    """Something recurs, not too much of it, and all of it in one rhythm."""
    recurring = [item["price"]["recurring"] for item in items if item["price"]["recurring"]]
    if not recurring:
        message = (
            "You must provide at least one recurring price in `subscription` mode when using"
            " prices."
        )
        raise StripeError(message, param="line_items")
    if max(len(recurring), len(items) - len(recurring)) > 20:
        message = "A subscription has at most 20 recurring and 20 one-time line items."
        raise StripeError(message, param="line_items")
    if len({(interval["interval"], interval["interval_count"]) for interval in recurring}) > 1:
        message = "Checkout does not support multiple prices with different billing intervals."
        raise StripeError(message, param="line_items")


def begins_free(params: dict[str, Any]) -> bool:
    """Whether a session's subscription begins with a trial."""
    data = params.get("subscription_data", {})
    return "trial_period_days" in data or "trial_end" in data


def make_free(tx: Transaction, items: list[Object]) -> None:
    """Ask nothing yet for what recurs."""
    for item in items:
        if item["price"]["recurring"]:
            kept = {**item["_"], "recurring_unit": item["_"]["unit"], "unit": "0"}
            tx.change(item, amount_subtotal=0, amount_total=0, _=kept)


def create_item(
    tx: Transaction, session_id: str, sent: dict[str, Any], currency: str, name: str
) -> Object:
    """Write one line of a price, or of the id of one."""
    price = sent["price"] if isinstance(sent["price"], dict) else price_of(tx, sent, name)
    unit = amount_in(price, currency, name)
    total = int((Decimal(unit) * sent["quantity"]).quantize(Decimal(1), ROUND_HALF_UP))
    product = tx.get("product", price["product"])
    return tx.create(
        "item",
        adjustable_quantity=bounds(sent.get("adjustable_quantity")),
        amount_discount=0,
        amount_subtotal=total,
        amount_tax=0,
        amount_total=total,
        currency=currency,
        description=product["name"],
        metadata=merged_metadata({}, sent.get("metadata")),
        price={key: value for key, value in price.items() if key != "_"},
        quantity=sent["quantity"],
        _={
            "session": session_id,
            "currencies": list(price.get("_", {}).get("currency_options", {})),
            "custom": amounts_in(price, currency, name)["custom_unit_amount"],
            "about": product["description"],
            "images": product["images"],
            "tax_code": product["tax_code"] or "",
            "tax_rates": rate_ids(tx, sent.get("tax_rates"), name),
            "unit": unit,
        },
    )


def bounds(sent: dict[str, Any] | None) -> Object | None:
    """The quantities that a customer may choose, with Stripe's defaults."""
    if not sent:
        return None
    if not sent["enabled"]:
        return {"enabled": False, "maximum": None, "minimum": None}
    return {
        "enabled": True,
        "maximum": sent.get("maximum", MOST),
        "minimum": sent.get("minimum", 0),
    }


def rate_ids(tx: Transaction, sent: Any, name: str) -> list[str]:
    """The tax rates that a line names: all there, active, each of a line once."""
    for index, rate_id in enumerate(sent or []):
        param = f"{name}[tax_rates][{index}]"
        if not tx.get("tax_rate", rate_id, param)["active"]:
            message = f"The tax rate {rate_id} is archived; use one that is active."
            raise StripeError(message, param=param)
    return list(dict.fromkeys(sent or []))


def price_of(
    tx: Transaction, sent: dict[str, Any], name: str, mode: str = "payment"
) -> Object:  # fmt: skip
    """The price of a line: one of the catalog, or one made of the inline data."""
    if "price" in sent:
        price = tx.get("price", sent["price"], f"{name}[price]")
        if not price["active"]:
            message = "The price specified is inactive. This field only accepts active prices."
            raise StripeError(message, param=f"{name}[price]")
        refuse_product(tx, price["product"], f"{name}[price]")
        if price["custom_unit_amount"]:
            custom_amounts.refuse(sent, name, mode)
        if price["type"] == "recurring" and mode == "payment":
            raise StripeError(RECURS, param=f"{name}[price]")
        if price["recurring"] and price["recurring"]["usage_type"] == "metered":
            raise not_offered(f"{name}[price]")
        return price
    data = dict(sent["price_data"])
    if "product" in data:
        refuse_product(tx, data["product"], f"{name}[price_data][product]")
    else:
        # What is made inline is no part of the catalog: it can be used by this session alone.
        product = create_product(tx, {**data.pop("product_data"), "active": False})
        data["product"] = product["id"]
    return create_price(tx, {**data, "active": False})


def refuse_product(tx: Transaction, product_id: str, param: str) -> None:
    """Refuse a product that is not there or not sold any more."""
    product = tx.get("product", product_id, param)
    if not product["active"]:
        message = f"The product {product_id} is marked as inactive."
        raise StripeError(message, code="product_inactive", param=param)


def amount_in(price: Object, currency: str, name: str) -> str:
    """A price's unit amount in the session's currency."""
    amounts = amounts_in(price, currency, name)
    if custom := amounts["custom_unit_amount"]:
        return str(custom_amounts.start_of(custom, currency))
    return str(amounts["unit_amount_decimal"])


def amounts_in(price: Object, currency: str, name: str) -> Object:
    """What a price tells of its amount in the session's currency."""
    if price["currency"] == currency:
        return price
    option: Object = price.get("_", {}).get("currency_options", {}).get(currency)
    if not option:
        message = (
            f"The price specified only supports `{price['currency']}`. This doesn't match the"
            f" expected currency: `{currency}`."
        )
        raise StripeError(message, param=f"{name}[price]")
    return option
