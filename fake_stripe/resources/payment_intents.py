"""PaymentIntents, made by Checkout or by a server: confirmed, captured, canceled."""

from typing import Any

from stripe.params import (
    PaymentIntentCancelParams,
    PaymentIntentCaptureParams,
    PaymentIntentConfirmParams,
    PaymentIntentCreateParams,
    PaymentIntentIncrementAuthorizationParams,
    PaymentIntentListParams,
    PaymentIntentRetrieveParams,
    PaymentIntentUpdateParams,
)

from fake_stripe.checkout import lifecycle
from fake_stripe.engine.errors import (
    StripeError,
    exclusive_parameters,
    not_offered,
    unexpected_state,
)
from fake_stripe.engine.money import refuse_amount
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import changes, merged_metadata
from fake_stripe.methods import methods, rules
from fake_stripe.payments import charges, confirmation, intents
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation, payment_method_types
from fake_stripe.protocol.rules import Rules, at_least, email, longest, url
from fake_stripe.schema import Object

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
# What can always be changed, and what until the payment is under way.
CHANGEABLE = {"metadata", "description", "receipt_email"}
BEFORE_PAYMENT = {
    "amount", "currency", "customer", "payment_method", "setup_future_usage", "shipping",
    "statement_descriptor", "statement_descriptor_suffix", "transfer_group", "capture_method",
}  # fmt: skip
NOT_OFFERED = (
    "amount_details", "application_fee_amount", "confirmation_token", "customer_account", "hooks",
    "mandate", "on_behalf_of", "payment_details", "radar_options", "transfer_data",
    "use_stripe_sdk",
)  # fmt: skip
CREATE_RULES: Rules = {
    **rules.RULES,
    "amount": at_least(1),
    "description": longest(1000),
    "receipt_email": email,
    "return_url": url,
    "statement_descriptor": longest(22),
    "statement_descriptor_suffix": longest(22),
}


def refuse_create(params: dict[str, Any]) -> None:
    """What cannot be asked for, or goes only with a confirmation."""
    for name in NOT_OFFERED:
        if name in params:
            raise not_offered(name)
    for name in ("off_session", "error_on_requires_action", "return_url"):
        if name in params and not params.get("confirm"):
            message = f"You cannot provide `{name}` when `confirm` is not set to true."
            raise StripeError(message, param=name)
    if "payment_method" in params and "payment_method_data" in params:
        raise exclusive_parameters(
            "payment_method", "payment_method_data", param="payment_method_data"
        )


@operation(
    "POST",
    "/v1/payment_intents",
    PaymentIntentCreateParams,
    rules=CREATE_RULES,
    refuse=refuse_create,
    older=payment_method_types(methods.KNOWN),
)
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """A PaymentIntent, confirmed at once if that is asked."""
    return confirmation.create(tx, params)


def refuse_confirm(params: dict[str, Any]) -> None:
    """What a confirmation cannot carry here."""
    for name in (*NOT_OFFERED, "amount_to_confirm"):
        if name in params:
            raise not_offered(name)


@operation(
    "POST",
    "/v1/payment_intents/{id}/confirm",
    PaymentIntentConfirmParams,
    rules=CREATE_RULES,
    refuse=refuse_confirm,
)
def confirm(tx: Transaction, params: dict[str, Any], intent_id: str) -> Object:
    """Try to pay."""
    return confirmation.confirm(tx, tx.at_path("payment_intent", intent_id, "intent"), params)


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
        if name not in CHANGEABLE | BEFORE_PAYMENT | {"expand"}:
            raise not_offered(name)


@operation(
    "POST", "/v1/payment_intents/{id}", PaymentIntentUpdateParams, rules=CREATE_RULES,
    refuse=refuse_update,
)  # fmt: skip
def update(tx: Transaction, params: dict[str, Any], intent_id: str) -> Object:
    """Change metadata and the like; what decides the payment only before it is under way."""
    intent = tx.at_path("payment_intent", intent_id, "intent")
    late = sorted(BEFORE_PAYMENT & params.keys())
    if late and (intent["status"] not in confirmation.CONFIRMABLE or intent["_"].get("session")):
        message = (
            f"This PaymentIntent's {late[0]} could not be updated because it has a status of"
            f" {intent['status']}."
        )
        raise unexpected_state(message, intent)
    changed = changes(intent, params)
    if currency := params.get("currency"):
        changed["currency"] = currency.lower()
    merged = {"amount": intent["amount"], "currency": intent["currency"], **params}
    refuse_amount(merged["amount"], merged["currency"].lower())
    if customer := changed.get("customer"):
        tx.get("customer", customer, "customer")
    if method := confirmation.method_named(tx, params):
        changed |= {"payment_method": method["id"], "status": "requires_confirmation"}
    tx.change(intent, **changed)
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
    final = params.get("final_capture", True)
    if not final and charges.offers(tx, intent, "multicapture") != "available":
        message = "This PaymentIntent does not support multicapture."
        raise StripeError(message, param="final_capture")
    if "metadata" in params:
        intent["metadata"] = merged_metadata(intent["metadata"], params["metadata"])
    intents.capture(tx, intent, amount, final=final)
    if final:
        lifecycle.captured(tx, intent)
    return intent


@operation(
    "POST",
    "/v1/payment_intents/{id}/increment_authorization",
    PaymentIntentIncrementAuthorizationParams,
    rules={"amount": at_least(1)},
    refuse=refuse_capture,
)
def increment(tx: Transaction, params: dict[str, Any], intent_id: str) -> Object:
    """Hold more than was authorized at first."""
    intent = tx.at_path("payment_intent", intent_id, "intent")
    if intent["status"] != "requires_capture":
        message = (
            "This PaymentIntent could not be incremented because it has a status of"
            f" {intent['status']}. Only a PaymentIntent with one of the following statuses may be"
            " incremented: requires_capture."
        )
        raise unexpected_state(message, intent)
    if charges.offers(tx, intent, "incremental_authorization") != "available":
        message = "This PaymentIntent does not support incremental authorization."
        raise StripeError(message)
    if params["amount"] <= intent["amount"]:
        message = "The new amount must be greater than the currently authorized amount."
        raise StripeError(message, param="amount")
    refuse_amount(params["amount"], intent["currency"])
    charges.increment(tx, intent, params["amount"])
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
    if intent["status"] != "requires_capture" and intent["_"].get("session"):
        message = (
            "You cannot cancel this PaymentIntent because it was created by a Checkout Session."
            " Expire the Checkout Session instead."
        )
        raise unexpected_state(message, intent)
    intents.cancel(tx, intent, params.get("cancellation_reason"))
    return intent
