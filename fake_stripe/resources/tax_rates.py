"""Tax rates: a share, on top of a price or inside it."""

from typing import Any

from stripe.params import (
    TaxRateCreateParams,
    TaxRateListParams,
    TaxRateRetrieveParams,
    TaxRateUpdateParams,
)

from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import changes
from fake_stripe.pricing.tax_rates import create_tax_rate
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.rules import Rules, between, longest
from fake_stripe.schema import Object

RULES: Rules = {"display_name": longest(50), "percentage": between(0, 100)}


@operation("POST", "/v1/tax_rates", TaxRateCreateParams, rules=RULES)
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """A rate; its percentage and whether prices include it never change."""
    rate = create_tax_rate(tx, params)
    tx.emit("tax_rate.created", rate)
    return rate


@operation("GET", "/v1/tax_rates/{id}", TaxRateRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], rate_id: str) -> Object:
    """One rate."""
    return tx.at_path("tax_rate", rate_id, "tax_rate")


@operation("POST", "/v1/tax_rates/{id}", TaxRateUpdateParams, rules=RULES)
def update(tx: Transaction, params: dict[str, Any], rate_id: str) -> Object:
    """Archive a rate, or change how it is called."""
    rate = tx.at_path("tax_rate", rate_id, "tax_rate")
    previous = tx.change(rate, **changes(rate, params))
    tx.emit("tax_rate.updated", rate, previous)
    return rate


@operation("GET", "/v1/tax_rates", TaxRateListParams)
def list_rates(tx: Transaction, params: dict[str, Any]) -> Object:
    """Rates, newest first."""
    where = {name: params.get(name) for name in ("active", "inclusive")}
    return listing(tx, "tax_rate", "/v1/tax_rates", params, where)
