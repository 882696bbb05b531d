"""SetupIntents, made by Checkout or by a server, and the attempts at them."""

from typing import Any

from stripe.params import (
    SetupAttemptListParams,
    SetupIntentCancelParams,
    SetupIntentConfirmParams,
    SetupIntentCreateParams,
    SetupIntentListParams,
    SetupIntentRetrieveParams,
    SetupIntentUpdateParams,
)

from fake_stripe.engine.errors import (
    StripeError,
    exclusive_parameters,
    not_offered,
    unexpected_state,
)
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import changes, merged_metadata
from fake_stripe.methods import methods
from fake_stripe.payments import confirmation, setup_intents
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation, payment_method_types
from fake_stripe.protocol.rules import Rules, longest, url
from fake_stripe.schema import Object

PATH = "/v1/setup_intents"
RULES: Rules = {"description": longest(1000), "return_url": url}
NOT_OFFERED = (
    "attach_to_self", "confirmation_token", "customer_account", "flow_directions", "mandate_data",
    "on_behalf_of", "payment_method_configuration", "single_use", "use_stripe_sdk",
)  # fmt: skip


def refuse(params: dict[str, Any]) -> None:
    """What cannot be asked for, or not together."""
    for name in NOT_OFFERED:
        if name in params:
            raise not_offered(name)
    if "payment_method" in params and "payment_method_data" in params:
        raise exclusive_parameters(
            "payment_method", "payment_method_data", param="payment_method_data"
        )


def refuse_create(params: dict[str, Any]) -> None:
    """An address to come back to belongs to a confirmation."""
    refuse(params)
    if "return_url" in params and not params.get("confirm"):
        message = "You cannot provide `return_url` when `confirm` is not set to true."
        raise StripeError(message, param="return_url")


@operation(
    "POST", PATH, SetupIntentCreateParams, rules=RULES, refuse=refuse_create,
    older=payment_method_types(methods.KNOWN),
)  # fmt: skip
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """A SetupIntent, confirmed at once if that is asked."""
    if customer := params.get("customer"):
        tx.get("customer", customer, "customer")
    method = confirmation.method_named(tx, params)
    intent = setup_intents.create_intent(
        tx,
        automatic_payment_methods=confirmation.automatic_of(tx, params),
        customer=params.get("customer"),
        description=params.get("description"),
        metadata=merged_metadata({}, params.get("metadata")),
        payment_method=method["id"] if method else None,
        payment_method_options=dict(params.get("payment_method_options") or {}),
        payment_method_types=types_of(params),
        status="requires_confirmation" if method else "requires_payment_method",
        usage=params.get("usage", "off_session"),
    )
    return confirmed(tx, intent, params) if params.get("confirm") else intent


def types_of(params: dict[str, Any]) -> list[str]:
    """The payment methods that the intent can set up."""
    wanted = params.get("payment_method_types") or params.get("allowed_payment_method_types")
    excluded = params.get("excluded_payment_method_types", [])
    types = [
        name
        for name in setup_intents.KINDS
        if name not in excluded and (not wanted or name in wanted)
    ]
    if not types:
        raise not_offered("allowed_payment_method_types" if wanted else "usage")
    return types


@operation("GET", PATH + "/{id}", SetupIntentRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], intent_id: str) -> Object:
    """One SetupIntent."""
    if "client_secret" in params:
        raise not_offered("client_secret")
    return tx.at_path("setup_intent", intent_id, "intent")


@operation("POST", PATH + "/{id}", SetupIntentUpdateParams, rules=RULES, refuse=refuse)
def update(tx: Transaction, params: dict[str, Any], intent_id: str) -> Object:
    """Change a SetupIntent that has not been confirmed."""
    intent = tx.at_path("setup_intent", intent_id, "intent")
    for name in params:
        if name not in ("metadata", "description", "expand") and intent["status"] in (
            "succeeded", "canceled",
        ):  # fmt: skip
            message = f"You cannot update `{name}` of a SetupIntent that has {intent['status']}."
            raise unexpected_state(message, intent)
    if params.get("customer"):
        tx.get("customer", params["customer"], "customer")
    method = confirmation.method_named(tx, params)
    params = {name: value for name, value in params.items() if name != "payment_method_data"}
    changed = changes(intent, params)
    if method:
        changed |= {"payment_method": method["id"], "status": "requires_confirmation"}
    tx.change(intent, **changed)
    return intent


@operation("POST", PATH + "/{id}/confirm", SetupIntentConfirmParams, rules=RULES, refuse=refuse)
def confirm(tx: Transaction, params: dict[str, Any], intent_id: str) -> Object:
    """Try to set the method up. Raises CardError when the bank says no."""
    intent = tx.at_path("setup_intent", intent_id, "intent")
    return confirmed(tx, intent, params)


def confirmed(tx: Transaction, intent: Object, params: dict[str, Any]) -> Object:
    """The intent after an attempt; a decline is raised, and kept all the same."""
    refuse_of_session(intent, "confirm")
    if intent["status"] not in setup_intents.CANCELABLE:
        message = f"You cannot confirm this SetupIntent because it has already {intent['status']}."
        raise unexpected_state(message, intent)
    method = confirmation.method_to_confirm(tx, intent, params)
    back = params.get("return_url") or intent["_"].get("return_url")
    tx.change(intent, _={**intent["_"], "return_url": back})
    confirmation.refuse_redirects(intent, method, back)
    return carry_on(tx, intent, method)


def carry_on(
    tx: Transaction, intent: Object, method: Object, answer: Any = None
) -> Object:  # fmt: skip
    """Make the attempt; a server that asks learns of a decline by the error."""

    def keep() -> None:
        if intent["customer"] and not method["customer"]:
            methods.attach(tx, method, intent["customer"])

    attempt = setup_intents.attempt(tx, intent, method, on_accept=keep, answer=answer)
    if attempt.error and answer is None:
        raise attempt.error
    return intent


@operation("POST", PATH + "/{id}/cancel", SetupIntentCancelParams)
def cancel(tx: Transaction, params: dict[str, Any], intent_id: str) -> Object:
    """Give up a SetupIntent."""
    intent = tx.at_path("setup_intent", intent_id, "intent")
    refuse_of_session(intent, "cancel")
    if intent["status"] not in setup_intents.CANCELABLE:
        message = (
            "You cannot cancel this SetupIntent because it has a status of"
            f" {intent['status']}. Only a SetupIntent with one of the following statuses may be"
            f" canceled: {', '.join(setup_intents.CANCELABLE)}."
        )
        raise unexpected_state(message, intent)
    setup_intents.cancel(tx, intent, params.get("cancellation_reason"))
    return intent


def refuse_of_session(intent: Object, verb: str) -> None:
    """What Checkout has made, Checkout carries on; an expired session ends it."""
    if intent["_"].get("session"):
        message = (
            f"You cannot {verb} this SetupIntent because it was created by a Checkout Session."
        )
        raise unexpected_state(message, intent)


@operation("GET", PATH, SetupIntentListParams)
def list_intents(tx: Transaction, params: dict[str, Any]) -> Object:
    """SetupIntents, newest first."""
    for name in ("attach_to_self", "customer_account"):
        if name in params:
            raise not_offered(name)
    where = {name: params.get(name) for name in ("customer", "payment_method")}
    return listing(tx, "setup_intent", PATH, params, where)


@operation("GET", "/v1/setup_attempts", SetupAttemptListParams)
def list_attempts(tx: Transaction, params: dict[str, Any]) -> Object:
    """The attempts at one SetupIntent, newest first."""
    where = {"setup_intent": params["setup_intent"]}
    return listing(tx, "setup_attempt", "/v1/setup_attempts", params, where)
