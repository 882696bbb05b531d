"""Early fraud warnings, as the API shows them; one card brings them about."""

from typing import Any

from stripe.params.radar import EarlyFraudWarningListParams, EarlyFraudWarningRetrieveParams

from fake_stripe.engine.transaction import Transaction
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.schema import Object

KIND = "radar.early_fraud_warning"


@operation("GET", "/v1/radar/early_fraud_warnings/{id}", EarlyFraudWarningRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], warning_id: str) -> Object:
    """One early fraud warning."""
    return tx.at_path(KIND, warning_id)


@operation("GET", "/v1/radar/early_fraud_warnings", EarlyFraudWarningListParams)
def list_warnings(tx: Transaction, params: dict[str, Any]) -> Object:
    """Early fraud warnings, newest first."""
    where = {name: params.get(name) for name in ("charge", "payment_intent")}
    return listing(tx, KIND, "/v1/radar/early_fraud_warnings", params, where)
