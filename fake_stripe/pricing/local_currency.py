"""Prices with amounts of their own in several currencies: a session is in the customer's own."""

from typing import Any

from fake_stripe.engine.transaction import Transaction
from fake_stripe.methods.presentment import local_of
from fake_stripe.pricing.shipping import in_currency
from fake_stripe.schema import Object


def chosen(tx: Transaction, params: dict[str, Any], email: str | None) -> dict[str, Any]:
    """The session's currency by where the customer is, as a parameter; nothing if none is chosen.

    A currency that the request names stands. The customer's is taken where all that is sold,
    shipped and taken off has an amount in it.
    """
    local = local_of(email)
    if "currency" in params or not local:
        return {}
    fits = all(
        [
            *(is_sold_in(tx, item, local) for item in params["line_items"]),
            *(is_sold_in(tx, item, local) for item in params.get("optional_items") or []),
            *(is_shipped_in(tx, option, local) for option in params.get("shipping_options", [])),
            *(is_taken_off_in(tx, discount, local) for discount in params.get("discounts") or []),
        ]
    )
    return {"currency": local} if fits else {}


def is_sold_in(tx: Transaction, item: dict[str, Any], currency: str) -> bool:
    """Whether a line's price has an amount in a currency."""
    if "price_data" in item:
        return bool(item["price_data"]["currency"].lower() == currency)
    price = tx.store.find("price", item.get("price", "")) or {"currency": None, "_": {}}
    return currency in (price["currency"], *price.get("_", {}).get("currency_options", {}))


def is_shipped_in(tx: Transaction, option: dict[str, Any], currency: str) -> bool:
    """Whether a shipping option has an amount in a currency."""
    if "shipping_rate" in option:
        rate = tx.store.find("shipping_rate", option["shipping_rate"])
        return bool(rate and in_currency(tx, rate, currency))
    fixed: Object = option["shipping_rate_data"]["fixed_amount"]
    named = (fixed["currency"], *(fixed.get("currency_options") or {}))
    return currency in [name.lower() for name in named]


def is_taken_off_in(tx: Transaction, discount: dict[str, Any], currency: str) -> bool:
    """Whether a coupon takes anything off in a currency."""
    code = tx.store.find("promotion_code", discount.get("promotion_code", ""))
    coupon_id = code["promotion"]["coupon"] if code else discount.get("coupon", "")
    coupon = tx.store.find("coupon", coupon_id)
    if coupon is None or coupon["percent_off"] is not None:
        return coupon is not None
    return currency in (coupon["currency"], *coupon["_"]["currencies"])
