"""Charges as they are written: one for each attempt to move money."""

from typing import Any

from fake_stripe.engine.assumptions import assumed
from fake_stripe.engine.ids import new_id
from fake_stripe.engine.transaction import Transaction
from fake_stripe.schema import Object

# Methods whose payments are charges of a card, by their ids.
WITH_CARD = ("card", "link")


def create_charge(
    tx: Transaction, intent: Object, method: Object, *, details: Object, **values: Any
) -> Object:
    """A charge of the intent's whole amount."""
    receipt = f"{tx.public_url}/receipts/{intent['id']}"
    return tx.create(
        "charge",
        id=charge_id(tx, "charge", method),
        amount=intent["amount"],
        amount_refunded=0,
        billing_details=method["billing_details"],
        calculated_statement_descriptor="FAKE STRIPE",
        currency=intent["currency"],
        customer=intent["customer"],
        description=intent["description"],
        disputed=False,
        fraud_details={},
        metadata=intent["metadata"],
        payment_intent=intent["id"],
        payment_method=method["id"],
        payment_method_details=details,
        receipt_email=intent["receipt_email"],
        receipt_url=receipt if values["status"] == "succeeded" else None,
        refunded=False,
        shipping=intent["shipping"],
        statement_descriptor_suffix=intent["statement_descriptor_suffix"],
        **{name: intent[name] for name in ("presentment_details",) if name in intent},
        **values,
    )


def charge_id(tx: Transaction, kind: str, method: Object) -> str:
    """The id of a charge with this method, or of its refund."""
    is_own = assumed(tx.store, "ids_without_card") == "own"
    return new_id(kind, with_card=method["type"] in WITH_CARD or not is_own)


def outcome(kind: str, *, reason: str | None = None, risk: str = "normal") -> Object:
    """What a charge tells of the bank's and the risk check's answers."""
    seller = {
        "authorized": "Payment complete.",
        "blocked": "Stripe blocked this payment as too risky.",
    }.get(kind, f"The bank returned the decline code `{reason or 'generic_decline'}`.")
    network = {
        "authorized": "approved_by_network",
        "blocked": "not_sent_to_network",
    }.get(kind, "declined_by_network")
    return {
        "network_status": network,
        "reason": reason,
        "risk_level": risk,
        "risk_score": {"normal": 20, "elevated": 70}.get(risk, 90),
        "seller_message": seller,
        "type": kind,
    }
