"""Shipping rates: what a delivery costs."""

from typing import Any

from stripe.params import (
    ShippingRateCreateParams,
    ShippingRateListParams,
    ShippingRateRetrieveParams,
    ShippingRateUpdateParams,
)

from fake_stripe.errors import missing_parameter, not_offered
from fake_stripe.lists import listing
from fake_stripe.operations import operation
from fake_stripe.rules import Rules, between, currency, longest
from fake_stripe.schema import Object
from fake_stripe.transaction import Transaction
from fake_stripe.updates import changes, merged_metadata

RULES: Rules = {
    "display_name": longest(100),
    "fixed_amount.amount": between(0, 99_999_999),
    "fixed_amount.currency": currency,
}


def refuse(params: dict[str, Any]) -> None:
    """A rate has a fixed amount, in one currency."""
    if "fixed_amount" not in params:
        raise missing_parameter("fixed_amount")
    if "currency_options" in params["fixed_amount"]:
        raise not_offered("fixed_amount[currency_options]")


@operation("POST", "/v1/shipping_rates", ShippingRateCreateParams, rules=RULES, refuse=refuse)
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """A rate."""
    return create_shipping_rate(tx, params)


def create_shipping_rate(tx: Transaction, params: dict[str, Any]) -> Object:
    """Write a rate, also one that comes inside a session's options."""
    fixed = params["fixed_amount"]
    return tx.create(
        "shipping_rate",
        active=True,
        delivery_estimate=params.get("delivery_estimate"),
        display_name=params["display_name"],
        fixed_amount={"amount": fixed["amount"], "currency": fixed["currency"].lower()},
        metadata=merged_metadata({}, params.get("metadata")),
        tax_behavior=params.get("tax_behavior", "unspecified"),
        tax_code=params.get("tax_code"),
        type="fixed_amount",
    )


@operation("GET", "/v1/shipping_rates/{id}", ShippingRateRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], rate_id: str) -> Object:
    """One rate."""
    return tx.at_path("shipping_rate", rate_id, "shipping_rate_token")


@operation("POST", "/v1/shipping_rates/{id}", ShippingRateUpdateParams)
def update(tx: Transaction, params: dict[str, Any], rate_id: str) -> Object:
    """Archive a rate, or change its metadata or tax behavior."""
    rate = tx.at_path("shipping_rate", rate_id, "shipping_rate_token")
    if "fixed_amount" in params:
        raise not_offered("fixed_amount")
    tx.change(rate, **changes(rate, params))
    return rate


@operation("GET", "/v1/shipping_rates", ShippingRateListParams)
def list_shipping_rates(tx: Transaction, params: dict[str, Any]) -> Object:
    """Rates, newest first."""
    where = {"active": params.get("active")}
    conditions: list[tuple[str, list[Any]]] = []
    if wanted := params.get("currency"):
        conditions.append(("json_extract(body, '$.fixed_amount.currency') = ?", [wanted.lower()]))
    return listing(tx, "shipping_rate", "/v1/shipping_rates", params, where, *conditions)
