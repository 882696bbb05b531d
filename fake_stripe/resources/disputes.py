"""Disputes, as the API shows them; they are opened by special cards or by the controls."""

from typing import Any

from stripe.params import DisputeListParams, DisputeRetrieveParams

from fake_stripe.lists import listing
from fake_stripe.operations import operation
from fake_stripe.schema import Object
from fake_stripe.transaction import Transaction


@operation("GET", "/v1/disputes/{id}", DisputeRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], dispute_id: str) -> Object:
    """One dispute."""
    return tx.at_path("dispute", dispute_id)


@operation("GET", "/v1/disputes", DisputeListParams)
def list_disputes(tx: Transaction, params: dict[str, Any]) -> Object:
    """Disputes, newest first."""
    where = {name: params.get(name) for name in ("charge", "payment_intent")}
    return listing(tx, "dispute", "/v1/disputes", params, where)
