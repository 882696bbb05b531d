"""PaymentIntents that a server makes and confirms itself, with the customer there or not."""

from typing import Any

from fake_stripe.engine.errors import StripeError, not_offered, unexpected_state
from fake_stripe.engine.money import refuse_amount
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import merged_metadata
from fake_stripe.methods import configurations, methods, test_cards, test_debits, types
from fake_stripe.methods.types import TABLE, type_of
from fake_stripe.payments import attempts, intents
from fake_stripe.payments.attempts import Answer
from fake_stripe.schema import Object

# The version since which an intent takes the Dashboard's methods unless it says otherwise
# (docs.stripe.com/upgrades#2023-08-16).
AUTOMATIC_SINCE = "2023-08-16"
CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
KEPT = (
    "capture_method", "confirmation_method", "customer", "description", "receipt_email",
    "setup_future_usage", "shipping", "statement_descriptor", "statement_descriptor_suffix",
    "transfer_group", "excluded_payment_method_types", "allowed_payment_method_types",
)  # fmt: skip


def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """A PaymentIntent, confirmed at once if that is asked."""
    currency = params["currency"].lower()
    refuse_amount(params["amount"], currency)
    if customer := params.get("customer"):
        tx.get("customer", customer, "customer")
    method = method_named(tx, params)
    if method is not None:
        refuse_of_another(method, params.get("customer"))
    automatic = automatic_of(tx, params)
    intent = intents.create_intent(
        tx,
        **{name: params[name] for name in KEPT if params.get(name) not in (None, "")},
        amount=params["amount"],
        automatic_payment_methods=automatic,
        currency=currency,
        metadata=merged_metadata({}, params.get("metadata")),
        payment_method=method["id"] if method else None,
        payment_method_configuration_details=configurations.details(tx, params),
        payment_method_options=dict(params.get("payment_method_options") or {}),
        payment_method_types=types_of(tx, params, currency),
        status="requires_confirmation" if method else "requires_payment_method",
        _={},
    )
    return confirm(tx, intent, params) if params.get("confirm") else intent


def automatic_of(tx: Transaction, params: dict[str, Any]) -> Object | None:
    """The methods are those of the Dashboard unless an older request names them itself, or is of a
    version in which that had to be asked for.
    """
    if "payment_method_types" in params:
        return None
    sent = params.get("automatic_payment_methods")
    if sent is None and tx.version < AUTOMATIC_SINCE:
        return None
    sent = sent or {"enabled": True}
    return {"allow_redirects": sent.get("allow_redirects", "always"), "enabled": sent["enabled"]}


def types_of(tx: Transaction, params: dict[str, Any], currency: str) -> list[str]:
    """The payment methods that the intent can be paid with."""
    if named := params.get("payment_method_types"):
        return list(named)
    automatic = params.get("automatic_payment_methods") or {}
    fitting = types.fitting(
        currency,
        params["amount"],
        manual=params.get("capture_method") == "manual",
        later=params.get("setup_future_usage") == "off_session",
    )
    wanted = params.get("allowed_payment_method_types")
    excluded = params.get("excluded_payment_method_types", [])
    on = configurations.offered(tx, params)
    return [
        name
        for name in fitting
        if name in on
        and name not in excluded
        and (not wanted or name in wanted)
        and not (automatic.get("allow_redirects") == "never" and TABLE[name].family == "redirect")
    ]


def method_named(tx: Transaction, params: dict[str, Any]) -> Object | None:
    """The payment method that a request names by id or describes, if it does."""
    if data := params.get("payment_method_data"):
        return method_described(tx, data)
    method_id = params.get("payment_method")
    return methods.named(tx, method_id) if method_id else None


def method_described(tx: Transaction, data: dict[str, Any]) -> Object:
    """A payment method made of `payment_method_data`: a card by its token, or another kind."""
    billing = methods.billing_of(data.get("billing_details") or {})
    kind = data["type"]
    if kind == "card":
        number = test_cards.NAMED.get(data.get("card", {}).get("token", "").removeprefix("tok_"))
        if number is None:
            raise not_offered("payment_method_data[card]")
        return methods.create_card(tx, number, 12, 2040, billing)
    if kind not in TABLE:
        raise not_offered("payment_method_data[type]")
    sent = data.get(kind) or {}
    account = sent.get("iban") or sent.get("account_number", "")
    routing = sent.get("bsb_number") or sent.get("routing_number", "")
    typed = {"account": account, "routing": routing, "tax_id": sent.get("tax_id", "")}
    if wrong := unfit(kind, typed):
        raise StripeError(wrong[1], param=f"payment_method_data[{kind}]")
    return methods.create_other(tx, kind, typed, billing)


def unfit(kind: str, typed: dict[str, str]) -> tuple[str, str] | None:
    """What is wrong with a bank account, if it is one."""
    if TABLE[kind].family != "debit":
        return None
    return test_debits.complaint(kind, typed["account"], typed["routing"])


def confirm(tx: Transaction, intent: Object, params: dict[str, Any]) -> Object:
    """Try to pay. Raises CardError when the bank says no; the attempt is kept all the same."""
    if intent["_"].get("session"):
        message = (
            "You cannot confirm this PaymentIntent because it was created by a Checkout Session."
        )
        raise unexpected_state(message, intent)
    if intent["status"] not in CONFIRMABLE:
        message = (
            "You cannot confirm this PaymentIntent because it has already"
            f" {intent['status'].replace('requires_', 'required ')}."
        )
        raise unexpected_state(message, intent)
    method = method_to_confirm(tx, intent, params)
    changed = {name: params[name] for name in KEPT if name in params and name in intent}
    back = params.get("return_url") or intent["_"].get("return_url")
    off_session = params.get("off_session", intent["_"].get("off_session", False))
    private = {**intent["_"], "return_url": back, "off_session": off_session}
    tx.change(intent, **changed, _=private)
    if not off_session:
        refuse_redirects(intent, method, back)
    asked_not_to = params.get("error_on_requires_action", False)
    return carry_on(tx, intent, method, off_session=off_session or asked_not_to)


def method_to_confirm(tx: Transaction, intent: Object, params: dict[str, Any]) -> Object:
    """The method to pay with, which has to fit the intent and its customer."""
    method = method_named(tx, params)
    if method is None and intent["payment_method"]:
        method = tx.get("payment_method", intent["payment_method"])
    if method is None:
        message = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. You can"
            " either update the PaymentIntent with a payment method and then confirm it again, or"
            " confirm it again directly with a payment method or ConfirmationToken."
        )
        raise unexpected_state(message, intent)
    if method["type"] not in intent["payment_method_types"]:
        message = (
            f"The PaymentMethod provided ({method['type']}) is not allowed for this PaymentIntent."
            " Please attach a payment method of one of the following types:"
            f" {', '.join(intent['payment_method_types'])}."
        )
        raise StripeError(message, param="payment_method")
    refuse_of_another(method, intent["customer"])
    return method


def refuse_of_another(method: Object, customer: str | None) -> None:
    """What is kept for one customer pays for no other, and what was taken away for nobody.

    Both are told as soon as an intent names it, not only at its confirmation.
    """
    if method["customer"] and method["customer"] != customer:
        message = (
            "The customer does not have a payment method with the ID"
            f" {method['id']}. The payment method must be attached to the customer."
        )
        raise StripeError(message, param="payment_method")
    if methods.is_used_up(method):
        message = (
            "The provided PaymentMethod was previously used with a PaymentIntent without Customer"
            " attachment, or was detached from a Customer. It may not be used again."
        )
        raise StripeError(message, param="payment_method")


def refuse_redirects(intent: Object, method: Object, back: str | None) -> None:
    """Where a customer may be sent away, there has to be an address to come back to."""
    automatic = intent["automatic_payment_methods"]
    may_redirect = automatic and automatic["allow_redirects"] == "always"
    if back or not (may_redirect or type_of(method).family == "redirect"):
        return
    message = (
        "This PaymentIntent is configured to accept payment methods enabled in your Dashboard."
        " Because some of these payment methods might redirect your customer off of your page, you"
        " must provide a `return_url`. If you don't want to accept redirect-based payment methods,"
        " set `automatic_payment_methods[enabled]` to `true` and"
        " `automatic_payment_methods[allow_redirects]` to `never` when creating Setup Intents and"
        " Payment Intents."
    )
    raise StripeError(message, param="return_url")


def carry_on(
    tx: Transaction, intent: Object, method: Object, *, off_session: bool = False,
    answer: Answer | None = None,
) -> Object:  # fmt: skip
    """Make the attempt; a decline is raised when a server asked, who else would learn of it."""

    def keep() -> None:
        if intent["customer"] and intent["setup_future_usage"] and not method["customer"]:
            methods.attach(tx, method, intent["customer"], allow_redisplay="limited")

    attempt = attempts.attempt(
        tx, intent, method, on_accept=keep, answer=answer, off_session=off_session
    )
    if attempt.error and answer is None:
        raise attempt.error
    if not attempt.error:
        methods.use(tx, method)
    return intent
