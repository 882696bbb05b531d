"""Shipping rates: what a delivery costs."""

from typing import Any

from stripe.params import (
    ShippingRateCreateParams,
    ShippingRateListParams,
    ShippingRateRetrieveParams,
    ShippingRateUpdateParams,
)

from fake_stripe.engine.errors import missing_parameter
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import changes
from fake_stripe.pricing.shipping import MOST, create_shipping_rate, merged_options, refuse_options
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.rules import Rules, between, currency, longest
from fake_stripe.schema import Object

RULES: Rules = {
    "display_name": longest(100),
    "fixed_amount.amount": between(0, MOST),
    "fixed_amount.currency": currency,
}


def refuse(params: dict[str, Any]) -> None:
    """A rate has a fixed amount, perhaps in several currencies."""
    if "fixed_amount" not in params:
        raise missing_parameter("fixed_amount")
    refuse_options(params["fixed_amount"])


@operation("POST", "/v1/shipping_rates", ShippingRateCreateParams, rules=RULES, refuse=refuse)
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """A rate."""
    return create_shipping_rate(tx, params)


@operation("GET", "/v1/shipping_rates/{id}", ShippingRateRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], rate_id: str) -> Object:
    """One rate."""
    return tx.at_path("shipping_rate", rate_id, "shipping_rate_token")


def refuse_update(params: dict[str, Any]) -> None:
    """What a rate's further currencies must not be."""
    refuse_options(params.get("fixed_amount", {}))


@operation(
    "POST", "/v1/shipping_rates/{id}", ShippingRateUpdateParams, refuse=refuse_update
)  # fmt: skip
def update(tx: Transaction, params: dict[str, Any], rate_id: str) -> Object:
    """Archive a rate, or change its metadata, tax behavior or further currencies."""
    rate = tx.at_path("shipping_rate", rate_id, "shipping_rate_token")
    sent = params.pop("fixed_amount", {}).get("currency_options") or {}
    own = rate["fixed_amount"]["currency"]
    refuse_options({"currency": own, "currency_options": sent})
    options = merged_options(rate["_"]["currency_options"], sent)
    tx.change(rate, **changes(rate, params), _={"currency_options": options})
    return rate


@operation("GET", "/v1/shipping_rates", ShippingRateListParams)
def list_shipping_rates(tx: Transaction, params: dict[str, Any]) -> Object:
    """Rates, newest first."""
    where = {"active": params.get("active")}
    conditions: list[tuple[str, list[Any]]] = []
    if wanted := params.get("currency"):
        conditions.append(("json_extract(body, '$.fixed_amount.currency') = ?", [wanted.lower()]))
    return listing(tx, "shipping_rate", "/v1/shipping_rates", params, where, *conditions)
