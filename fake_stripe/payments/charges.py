"""Charges as they are written: one for each attempt to move money, and holds that are raised."""

from typing import Any

from fake_stripe.engine.assumptions import assumed
from fake_stripe.engine.errors import StripeError
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


def outcome(
    kind: str, *, reason: str | None = None, risk: str = "normal", advice: str | None = None
) -> Object:
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
        "advice_code": advice,
        "network_status": network,
        "reason": reason,
        "risk_level": risk,
        "risk_score": {"normal": 20, "elevated": 70}.get(risk, 90),
        "seller_message": seller,
        "type": kind,
    }


def advice(tx: Transaction) -> str | None:
    """What the bank of a declined card advises; nothing unless a test asks for it."""
    advised = assumed(tx.store, "advice")
    return None if advised == "none" else advised


# How often a hold can be raised (docs.stripe.com/payments/incremental-authorization).
MOST_INCREMENTS = 10


def offers(tx: Transaction, intent: Object, feature: str) -> str:
    """Whether a hold can be raised or captured in parts, as its charge tells."""
    details = tx.get("charge", intent["latest_charge"])["payment_method_details"]
    status: str = details.get("card", {}).get(feature, {}).get("status", "unavailable")
    return status


def increment(tx: Transaction, intent: Object, amount: int) -> None:
    """Raise a hold to `amount`, in minor units; it is the new whole, not what is added.

    Stripe allows ten raises of a PaymentIntent
    (docs.stripe.com/payments/incremental-authorization); another one is a StripeError. The caller
    has seen that the hold can be raised.
    """
    times = intent["_"].get("increments", 0) + 1
    if times > MOST_INCREMENTS:
        raise StripeError("You have reached the maximum of 10 increments for this PaymentIntent.")
    charge = tx.get("charge", intent["latest_charge"])
    details = charge["payment_method_details"]
    details = {**details, "card": {**details["card"], "amount_authorized": amount}}
    previous = tx.change(charge, amount=amount, payment_method_details=details)
    tx.emit("charge.updated", charge, previous)
    private = {**intent["_"], "increments": times}
    tx.change(intent, amount=amount, amount_capturable=amount, _=private)
    tx.emit("payment_intent.amount_capturable_updated", intent)
