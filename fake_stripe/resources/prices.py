"""Prices: their amounts never change; what replaces them is another price."""

from typing import Any

from stripe.params import (
    PriceCreateParams,
    PriceListParams,
    PriceRetrieveParams,
    PriceUpdateParams,
)

from fake_stripe.engine.errors import (
    StripeError,
    exclusive_parameters,
    missing_parameter,
    not_offered,
)
from fake_stripe.engine.money import MAXIMUM
from fake_stripe.engine.transaction import Transaction, difference
from fake_stripe.engine.updates import changes
from fake_stripe.pricing.catalog import (
    create_price,
    create_product,
    option_amounts,
    option_name,
    refuse_amounts,
)
from fake_stripe.protocol.expansion import includable
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.rules import Rules, between, currency, longest, most_items
from fake_stripe.schema import Object

RULES: Rules = {
    "currency": currency,
    "unit_amount": between(0, MAXIMUM),
    "lookup_key": longest(200),
    "lookup_keys": most_items(10),
    "nickname": longest(5000),
    "product_data.name": longest(5000),
}


def refuse(params: dict[str, Any]) -> None:
    """What a new price must not be."""
    refuse_amounts(params)
    given = [name for name in ("product", "product_data") if name in params]
    if not given:
        raise missing_parameter("product")
    if len(given) > 1:
        raise exclusive_parameters("product", "product_data", param="product_data")
    if params.get("billing_scheme") == "tiered":
        raise not_offered("billing_scheme")


@operation("POST", "/v1/prices", PriceCreateParams, rules=RULES, refuse=refuse)
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """A price of a product that is there, or of one made along with it."""
    if data := params.get("product_data"):
        product = create_product(tx, data)
        tx.emit("product.created", product)
        params = {**params, "product": product["id"]}
    tx.get("product", params["product"], "product")
    make_room(tx, params)
    price = create_price(tx, params)
    tx.emit("price.created", price)
    return price


@includable("price", "currency_options")
def currency_options(_tx: Transaction, price: Object) -> Object:
    """The price in each of its currencies."""
    own = option_amounts(
        {
            "custom_unit_amount": price["custom_unit_amount"],
            "unit_amount": price["unit_amount"],
            "unit_amount_decimal": price["unit_amount_decimal"],
            "tax_behavior": price["tax_behavior"],
        }
    )
    return {price["currency"]: own, **price.get("_", {}).get("currency_options", {})}


def make_room(tx: Transaction, params: dict[str, Any], price_id: str = "") -> None:
    """See that a lookup key is free, or take it from the price that has it."""
    if not (key := params.get("lookup_key")):
        return
    for holder in tx.store.select("price", {"lookup_key": key}):
        if holder["id"] == price_id:
            continue
        if not params.get("transfer_lookup_key"):
            message = (
                f"A price (`{holder['id']}`) already uses that lookup key. Use"
                " `transfer_lookup_key=true` to transfer it."
            )
            raise StripeError(message, param="lookup_key")
        previous = tx.change(holder, lookup_key=None)
        tx.emit("price.updated", holder, previous)


@operation("GET", "/v1/prices/{id}", PriceRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], price_id: str) -> Object:
    """One price."""
    return tx.at_path("price", price_id, "price")


def refuse_update(params: dict[str, Any]) -> None:
    """What a price's further currencies must not be."""
    options = params.get("currency_options")
    for name, option in options.items() if isinstance(options, dict) else ():
        currency(name, option_name("", name))
        refuse_amounts({**option, "currency": name}, option_name("", name))


@operation("POST", "/v1/prices/{id}", PriceUpdateParams, rules=RULES, refuse=refuse_update)
def update(tx: Transaction, params: dict[str, Any], price_id: str) -> Object:
    """Change what may change: active, lookup key, nickname, metadata, tax behavior, currencies."""
    price = tx.at_path("price", price_id, "price")
    if params.get("active") is False:
        product = tx.store.find("product", price["product"])
        if product and product["default_price"] == price_id:
            message = (
                "This price cannot be archived because it is the default price of its product."
            )
            raise StripeError(message, param="active")
    fixed = price["tax_behavior"] != "unspecified"
    if params.get("tax_behavior", price["tax_behavior"]) != price["tax_behavior"] and fixed:
        message = "You cannot change `tax_behavior` once it is `inclusive` or `exclusive`."
        raise StripeError(message, param="tax_behavior")
    make_room(tx, params, price_id)
    earlier = currency_options(tx, price)
    if isinstance(options := params.pop("currency_options", None), dict):
        kept = price["_"]["currency_options"]
        kept |= {name.lower(): option_amounts(option) for name, option in options.items()}
    params.pop("transfer_lookup_key", None)
    previous = tx.change(price, **changes(price, params))
    if options:
        later = currency_options(tx, price)
        previous |= difference({"currency_options": earlier}, {"currency_options": later})
    tx.emit("price.updated", price, previous)
    return price


@operation("GET", "/v1/prices", PriceListParams, rules=RULES)
def list_prices(tx: Transaction, params: dict[str, Any]) -> Object:
    """Prices, newest first."""
    conditions: list[tuple[str, list[Any]]] = []
    if keys := params.get("lookup_keys"):
        marks = ", ".join("?" * len(keys))
        conditions.append((f"json_extract(body, '$.lookup_key') IN ({marks})", keys))
    where = {name: params.get(name) for name in ("active", "currency", "product", "type")}
    for name, value in params.get("recurring", {}).items():
        where[f"recurring.{name}"] = value
    return listing(tx, "price", "/v1/prices", params, where, *conditions)
