"""SetupIntents: a card is made ready for later payments without a charge."""

from typing import Any

from fake_stripe.engine.errors import CardError
from fake_stripe.engine.ids import random_text
from fake_stripe.engine.transaction import Transaction, public
from fake_stripe.methods import methods, test_cards
from fake_stripe.methods.types import TABLE, type_of
from fake_stripe.payments import attempts
from fake_stripe.payments.attempts import Answer, OnAccept
from fake_stripe.payments.intents import Attempt
from fake_stripe.schema import Object

# What can be set up without a payment; codes and vouchers are kept with a payment alone.
KINDS = tuple(
    kind.name
    for kind in TABLE.values()
    if kind.reusable and kind.family in ("card", "link", "debit", "redirect")
)
CANCELABLE = ("requires_payment_method", "requires_confirmation", "requires_action")


def create_intent(tx: Transaction, **values: Any) -> Object:
    """A SetupIntent that waits for a payment method."""
    intent = tx.create(
        "setup_intent",
        **{
            "metadata": {},
            "payment_method_options": {},
            "payment_method_types": list(KINDS),
            "status": "requires_payment_method",
            "usage": "off_session",
            "_": {},
            **values,
        },
    )
    tx.change(intent, client_secret=f"{intent['id']}_secret_{random_text(25)}")
    tx.emit("setup_intent.created", intent)
    return intent


def attempt(
    tx: Transaction, intent: Object, method: Object, *, on_accept: OnAccept,
    answer: Answer | None = None,
) -> Attempt:  # fmt: skip
    """Try to set a method up: the result is set_up, requires_action or declined.

    `on_accept` runs once the bank has said yes; `answer` is what the customer did on the page
    that an earlier call has sent them to.
    """
    tx.change(intent, payment_method=method["id"], last_setup_error=None, next_action=None)
    if method["type"] == "card":
        card = methods.behavior(method)
        if answer is None and attempts.asks(intent, card, method):
            return require(tx, intent, method, attempts.challenge(tx, intent))
        if answer and not answer.passed:
            return unconfirmed(tx, intent, method)
        if reason := refusal(card):
            own = reason in test_cards.OWN_CODES
            return refuse(
                tx, intent, method, code=reason if own else "card_declined",
                decline_code=None if own else reason, message=test_cards.DECLINES[reason],
            )  # fmt: skip
    elif type_of(method).family == "redirect":
        if answer is None:
            return require(tx, intent, method, attempts.redirection(tx, intent, method))
        if not answer.passed:
            return unconfirmed(tx, intent, method)
    if answer:
        tx.change(method, _={**method["_"], "authenticated": True})
    on_accept()
    note(tx, intent, method, "succeeded")
    tx.change(intent, status="succeeded")
    tx.emit("setup_intent.succeeded", intent)
    return Attempt("set_up")


def refusal(card: test_cards.Card) -> str:
    """Why a card's bank does not let it be saved, if so: some decline only when charged."""
    return "" if card.can_be_kept else card.decline


def require(tx: Transaction, intent: Object, method: Object, action: Object) -> Attempt:
    """The customer has to authenticate first."""
    note(tx, intent, method, "requires_action")
    tx.change(intent, status="requires_action", next_action=action)
    tx.emit("setup_intent.requires_action", intent)
    return Attempt("requires_action")


def unconfirmed(tx: Transaction, intent: Object, method: Object) -> Attempt:
    """The customer did not authenticate, or went away."""
    code = "setup_intent_authentication_failure"
    return refuse(tx, intent, method, code=code, message=test_cards.NOT_AUTHENTICATED)


def refuse(
    tx: Transaction, intent: Object, method: Object, *, code: str, message: str,
    decline_code: str | None = None,
) -> Attempt:  # fmt: skip
    """The bank, or the customer, said no: the intent waits for another method."""
    error: Object = {
        "type": "card_error",
        "code": code,
        "doc_url": f"https://docs.stripe.com/error-codes/{code.replace('_', '-')}",
        "message": message,
        "payment_method": public(method),
    }
    if decline_code:
        error["decline_code"] = decline_code
    note(tx, intent, method, "failed", error)
    tx.change(
        intent, status="requires_payment_method", payment_method=None, last_setup_error=error,
        next_action=None,
    )  # fmt: skip
    tx.emit("setup_intent.setup_failed", intent)
    refused = CardError(
        message, code=code, decline_code=decline_code, setup_intent=public(intent),
        payment_method=public(method),
    )  # fmt: skip
    return Attempt("declined", refused)


def note(
    tx: Transaction, intent: Object, method: Object, status: str, error: Object | None = None
) -> None:
    """Write down the attempt."""
    details: Object = {"type": method["type"], method["type"]: {}}
    if card := method.get("card"):
        same = ("brand", "country", "exp_month", "exp_year", "fingerprint", "funding", "last4")
        details["card"] = {
            **{name: card[name] for name in same},
            "checks": card["checks"],
            "network": card["brand"],
        }
    made = tx.create(
        "setup_attempt",
        customer=intent["customer"],
        payment_method=method["id"],
        payment_method_details=details,
        setup_error=error,
        setup_intent=intent["id"],
        status=status,
        usage=intent["usage"],
    )
    tx.change(intent, latest_attempt=made["id"])


def cancel(tx: Transaction, intent: Object, reason: str | None) -> None:
    """Give up a SetupIntent."""
    tx.change(intent, status="canceled", cancellation_reason=reason, next_action=None)
    tx.emit("setup_intent.canceled", intent)
