"""Products."""

import re
from typing import Any

from stripe.params import (
    ProductCreateParams,
    ProductDeleteParams,
    ProductListParams,
    ProductRetrieveParams,
    ProductUpdateParams,
)

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.ids import new_id
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import changes
from fake_stripe.pricing.catalog import create_price, create_product, dimensions, refuse_amounts
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.rules import Rules, longest, most_items, url
from fake_stripe.schema import Object

RULES: Rules = {
    "id": longest(5000),
    "name": longest(5000),
    "description": longest(40000),
    "images": most_items(8),
    "images[]": longest(2048),
    "marketing_features": most_items(15),
    "marketing_features[].name": longest(80),
    "statement_descriptor": longest(22),
    "unit_label": longest(12),
    "url": url,
}


def refuse(params: dict[str, Any]) -> None:
    """The price that comes along has to have an amount."""
    if data := params.get("default_price_data"):
        refuse_amounts(data, "default_price_data")


@operation("POST", "/v1/products", ProductCreateParams, rules=RULES, refuse=refuse)
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """A product, under an id of the caller's choice or a fresh one, perhaps with its price."""
    product_id = params.get("id") or new_id("product")
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", product_id):
        raise StripeError("Invalid product id.", param="id")
    if tx.store.find("product", product_id):
        message = f"Product already exists: {product_id}"
        raise StripeError(message, code="resource_already_exists", param="id")
    product = create_product(tx, {**params, "id": product_id})
    if data := params.get("default_price_data"):
        price = create_price(tx, {**data, "product": product_id})
        tx.change(product, default_price=price["id"])
        tx.emit("product.created", product)
        tx.emit("price.created", price)
    else:
        tx.emit("product.created", product)
    return product


@operation("GET", "/v1/products/{id}", ProductRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], product_id: str) -> Object:
    """One product."""
    return tx.at_path("product", product_id)


@operation("POST", "/v1/products/{id}", ProductUpdateParams, rules=RULES)
def update(tx: Transaction, params: dict[str, Any], product_id: str) -> Object:
    """Change a product; `default_price` must be one of its own."""
    product = tx.at_path("product", product_id)
    if price_id := params.get("default_price"):
        price = tx.get("price", price_id, "default_price")
        if price["product"] != product_id:
            message = f"The price specified ({price_id}) does not belong to this product."
            raise StripeError(message, param="default_price")
    changed = changes(product, params)
    if "package_dimensions" in changed:
        changed["package_dimensions"] = dimensions(changed["package_dimensions"])
    for name in ("images", "marketing_features"):
        if name in changed:
            changed[name] = changed[name] or []
    if previous := tx.change(product, **changed):
        previous |= tx.change(product, updated=tx.now)
    tx.emit("product.updated", product, previous)
    return product


@operation("GET", "/v1/products", ProductListParams)
def list_products(tx: Transaction, params: dict[str, Any]) -> Object:
    """Products, newest first."""
    conditions: list[tuple[str, list[Any]]] = []
    if ids := params.get("ids"):
        conditions.append((f"id IN ({', '.join('?' * len(ids))})", ids))
    where = {name: params.get(name) for name in ("active", "shippable", "url")}
    return listing(tx, "product", "/v1/products", params, where, *conditions)


@operation("DELETE", "/v1/products/{id}", ProductDeleteParams)
def delete(tx: Transaction, params: dict[str, Any], product_id: str) -> Object:
    """Delete a product that has no prices."""
    product = tx.at_path("product", product_id)
    if tx.store.select("price", {"product": product_id}, limit=1):
        message = (
            "This product cannot be deleted because it has one or more user-created prices."
        )  # fmt: skip
        raise StripeError(message)
    tx.store.delete("product", product_id)
    tx.emit("product.deleted", product)
    return {"id": product_id, "object": "product", "deleted": True}
