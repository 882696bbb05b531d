"""Shipping rates: what a delivery costs."""

from typing import Any

from stripe.params import (
    ShippingRateCreateParams,
    ShippingRateListParams,
    ShippingRateRetrieveParams,
    ShippingRateUpdateParams,
)

from fake_stripe.engine.errors import StripeError, missing_parameter
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import changes, merged_metadata
from fake_stripe.protocol.expansion import includable
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.rules import Rules, between, currency, longest
from fake_stripe.schema import Object

MOST = 99_999_999
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


def refuse_options(fixed: dict[str, Any], prefix: str = "") -> None:
    """Further currencies are known ones, each told once, with an amount that can be charged."""
    name = f"{prefix}[fixed_amount]" if prefix else "fixed_amount"
    for code, option in (fixed.get("currency_options") or {}).items():
        param = f"{name}[currency_options][{code}]"
        currency(code, param)
        if code.lower() == fixed.get("currency", "").lower():
            message = f"`{code}` is the currency of the rate itself; give its amount there."
            raise StripeError(message, param=param)
        if "amount" in option:
            between(0, MOST)(option["amount"], f"{param}[amount]")


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
        _={"currency_options": merged_options({}, fixed.get("currency_options"))},
    )


def merged_options(present: Object, sent: Any) -> Object:
    """The further currencies after an update: each that is named is changed or added."""
    merged = dict(present)
    for code, option in (sent or {}).items():
        known = merged.get(code.lower(), {"tax_behavior": "unspecified"})
        if "amount" not in {**known, **option}:
            raise missing_parameter(f"fixed_amount[currency_options][{code}][amount]")
        merged[code.lower()] = {**known, **option}
    return merged


@includable("shipping_rate", "fixed_amount.currency_options")
def currency_options(tx: Transaction, rate: Object) -> Object:
    """The rate in each of its currencies."""
    own = {"amount": rate["fixed_amount"]["amount"], "tax_behavior": rate["tax_behavior"]}
    further = tx.get("shipping_rate", rate["id"])["_"]["currency_options"]
    return {rate["fixed_amount"]["currency"]: own, **further}


def in_currency(tx: Transaction, rate: Object, code: str) -> Object | None:
    """What a rate costs in a currency, and how it is taxed; None where it has no such amount."""
    option: Object | None = currency_options(tx, rate).get(code)
    return option


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
