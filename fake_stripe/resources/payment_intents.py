"""PaymentIntents, which Checkout makes: read, captured, canceled."""

from typing import Any

from stripe.params import (
    PaymentIntentCancelParams,
    PaymentIntentCaptureParams,
    PaymentIntentListParams,
    PaymentIntentRetrieveParams,
    PaymentIntentUpdateParams,
)

from fake_stripe import checkout, payments
from fake_stripe.errors import StripeError, not_offered, unexpected_state
from fake_stripe.lists import listing
from fake_stripe.operations import operation
from fake_stripe.rules import Rules, at_least, longest
from fake_stripe.schema import Object
from fake_stripe.transaction import Transaction
from fake_stripe.updates import changes, merged_metadata

CANCELABLE = (
    "requires_payment_method",
    "requires_capture",
    "requires_confirmation",
    "requires_action",
    "processing",
)
CAPTURE_RULES: Rules = {
    "amount_to_capture": at_least(1),
    "statement_descriptor_suffix": longest(22),
}
CAPTURE_NOT_OFFERED = (
    "amount_details", "application_fee_amount", "hooks", "payment_details", "transfer_data",
)  # fmt: skip
# What an update may change here; Checkout decides the rest.
CHANGEABLE = {"metadata", "description", "receipt_email"}


@operation("GET", "/v1/payment_intents/{id}", PaymentIntentRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], intent_id: str) -> Object:
    """One PaymentIntent."""
    if "client_secret" in params:
        raise not_offered("client_secret")
    return tx.at_path("payment_intent", intent_id, "intent")


@operation("GET", "/v1/payment_intents", PaymentIntentListParams)
def list_intents(tx: Transaction, params: dict[str, Any]) -> Object:
    """PaymentIntents, newest first."""
    where = {name: params.get(name) for name in ("customer", "customer_account")}
    return listing(tx, "payment_intent", "/v1/payment_intents", params, where)


def refuse_update(params: dict[str, Any]) -> None:
    """What cannot be changed here."""
    for name in params:
        if name not in CHANGEABLE | {"expand"}:
            raise not_offered(name)


@operation(
    "POST", "/v1/payment_intents/{id}", PaymentIntentUpdateParams, refuse=refuse_update
)  # fmt: skip
def update(tx: Transaction, params: dict[str, Any], intent_id: str) -> Object:
    """Change metadata and the like."""
    intent = tx.at_path("payment_intent", intent_id, "intent")
    tx.change(intent, **changes(intent, params))
    return intent


def refuse_capture(params: dict[str, Any]) -> None:
    """What a capture cannot carry here."""
    for name in CAPTURE_NOT_OFFERED:
        if name in params:
            raise not_offered(name)


@operation(
    "POST",
    "/v1/payment_intents/{id}/capture",
    PaymentIntentCaptureParams,
    rules=CAPTURE_RULES,
    refuse=refuse_capture,
)
def capture(tx: Transaction, params: dict[str, Any], intent_id: str) -> Object:
    """Take all of the held money, or a part, which ends the hold."""
    intent = tx.at_path("payment_intent", intent_id, "intent")
    if intent["status"] != "requires_capture":
        message = (
            "This PaymentIntent could not be captured because it has a status of"
            f" {intent['status']}. Only a PaymentIntent with one of the following statuses may be"
            " captured: requires_capture."
        )
        raise unexpected_state(message, intent)
    amount: int = params.get("amount_to_capture") or intent["amount_capturable"]
    if amount > intent["amount_capturable"]:
        message = (
            f"The provided amount ({amount}) is greater than the capturable amount"
            f" ({intent['amount_capturable']})."
        )
        raise StripeError(message, code="amount_too_large", param="amount_to_capture")
    if params.get("final_capture") is False:
        message = "This PaymentIntent does not support multicapture."
        raise StripeError(message, param="final_capture")
    if "metadata" in params:
        intent["metadata"] = merged_metadata(intent["metadata"], params["metadata"])
    payments.capture(tx, intent, amount)
    checkout.captured(tx, intent)
    return intent


@operation("POST", "/v1/payment_intents/{id}/cancel", PaymentIntentCancelParams)
def cancel(tx: Transaction, params: dict[str, Any], intent_id: str) -> Object:
    """Release the hold; Checkout's own intents can be canceled in no other state."""
    intent = tx.at_path("payment_intent", intent_id, "intent")
    if intent["status"] not in CANCELABLE:
        message = (
            "You cannot cancel this PaymentIntent because it has a status of"
            f" {intent['status']}. Only a PaymentIntent with one of the following statuses may be"
            f" canceled: {', '.join(CANCELABLE)}."
        )
        raise unexpected_state(message, intent)
    if intent["status"] != "requires_capture":
        message = (
            "You cannot cancel this PaymentIntent because it was created by a Checkout Session."
            " Expire the Checkout Session instead."
        )
        raise unexpected_state(message, intent)
    payments.cancel(tx, intent, params.get("cancellation_reason"))
    return intent
