"""Disputes: opened by special cards or by the controls, answered by the shop."""

from typing import Any

from stripe.params import (
    DisputeCloseParams,
    DisputeListParams,
    DisputeRetrieveParams,
    DisputeUpdateParams,
)

from fake_stripe.engine.errors import StripeError, not_offered
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import changes, merged_metadata
from fake_stripe.payments import dispute_evidence
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.schema import Object

# Evidence that is an uploaded file, not a text.
FILES = (
    "cancellation_policy", "customer_communication", "customer_signature",
    "duplicate_charge_documentation", "receipt", "refund_policy", "service_documentation",
    "shipping_documentation", "uncategorized_file",
)  # fmt: skip
LONGEST_TEXT = 20_000
LONGEST_IN_ALL = 150_000


@operation("GET", "/v1/disputes/{id}", DisputeRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], dispute_id: str) -> Object:
    """One dispute."""
    return tx.at_path("dispute", dispute_id, "dispute")


@operation("GET", "/v1/disputes", DisputeListParams)
def list_disputes(tx: Transaction, params: dict[str, Any]) -> Object:
    """Disputes, newest first."""
    where = {name: params.get(name) for name in ("charge", "payment_intent")}
    return listing(tx, "dispute", "/v1/disputes", params, where)


def refuse(params: dict[str, Any]) -> None:
    """Evidence that is too long, or that nobody here would read."""
    if "intended_submission_method" in params:
        raise not_offered("intended_submission_method")
    evidence = params.get("evidence") or {}
    for name in ("appeal", "enhanced_evidence", *FILES):
        if evidence.get(name):
            raise not_offered(f"evidence[{name}]")
    for name, text in evidence.items():
        if len(text) > LONGEST_TEXT:
            message = f"Evidence must be at most {LONGEST_TEXT} characters."
            raise StripeError(message, param=f"evidence[{name}]")


@operation("POST", "/v1/disputes/{id}", DisputeUpdateParams, refuse=refuse)
def update(tx: Transaction, params: dict[str, Any], dispute_id: str) -> Object:
    """Change metadata at any time; stage evidence or, unless told otherwise, submit it."""
    entry = tx.at_path("dispute", dispute_id, "dispute")
    if "metadata" in params:
        merged = merged_metadata(entry["metadata"], params["metadata"])
        previous = tx.change(entry, metadata=merged)
        if "evidence" not in params and "submit" not in params:
            tx.emit("charge.dispute.updated", entry, previous)
            return entry
    evidence = changes({}, params.get("evidence") or {})
    refuse_length({**entry["evidence"], **evidence})
    dispute_evidence.answer(tx, entry, evidence, submit=params.get("submit", True))
    return entry


def refuse_length(evidence: Object) -> None:
    """All texts of a dispute together have a limit of their own."""
    if sum(len(text) for text in evidence.values() if isinstance(text, str)) > LONGEST_IN_ALL:
        message = f"All evidence together must be at most {LONGEST_IN_ALL} characters."
        raise StripeError(message, param="evidence")


@operation("POST", "/v1/disputes/{id}/close", DisputeCloseParams)
def close(tx: Transaction, params: dict[str, Any], dispute_id: str) -> Object:
    """Accept the loss, for good."""
    entry = tx.at_path("dispute", dispute_id, "dispute")
    if entry["status"] not in dispute_evidence.OPEN:
        message = (
            f"This dispute cannot be closed because its status is {entry['status']}; only one that"
            " needs a response can."
        )
        raise StripeError(message)
    dispute_evidence.lose(tx, entry)
    return entry
