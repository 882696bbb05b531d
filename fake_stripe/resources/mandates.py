"""Mandates: what customers have agreed to be debited for."""

from typing import Any

from stripe.params import MandateRetrieveParams

from fake_stripe.engine.transaction import Transaction
from fake_stripe.protocol.operations import operation
from fake_stripe.schema import Object


@operation("GET", "/v1/mandates/{id}", MandateRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], mandate_id: str) -> Object:
    """One mandate."""
    return tx.at_path("mandate", mandate_id, "mandate")
