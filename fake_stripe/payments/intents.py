"""The life of a PaymentIntent and its charges: attempted, held, captured, released, lapsed."""

from dataclasses import dataclass
from typing import Any

from fake_stripe.engine.assumptions import assumed
from fake_stripe.engine.errors import CardError
from fake_stripe.engine.ids import random_text
from fake_stripe.engine.transaction import Transaction, due, public
from fake_stripe.methods import methods, test_cards, test_debits
from fake_stripe.methods.types import type_of
from fake_stripe.payments import disputes, reviews
from fake_stripe.payments.charges import advice, create_charge, outcome
from fake_stripe.payments.refunds import book, release
from fake_stripe.schema import Object

DAY = 24 * 60 * 60
# Visa lets go sooner of what is held while the customer is away: after 4 days and 18 hours
# (docs.stripe.com/payments/place-a-hold-on-a-payment-method).
VISA_AWAY = 4 * DAY + 18 * 60 * 60


@dataclass
class Attempt:
    """How an attempt to pay went.

    The customer is done when it is paid, held, processing or awaits_voucher; and is not when it
    requires_action, waits for their bank, or was declined.
    """

    result: str
    error: CardError | None = None


def create_intent(tx: Transaction, **values: Any) -> Object:
    """A PaymentIntent that waits for a payment method."""
    intent = tx.create(
        "payment_intent",
        **{
            "amount_capturable": 0,
            "amount_details": {"tip": {}},
            "amount_received": 0,
            "capture_method": "automatic_async",
            "confirmation_method": "automatic",
            "metadata": {},
            "payment_method_types": ["card"],
            "status": "requires_payment_method",
            **values,
        },
    )
    tx.change(intent, client_secret=f"{intent['id']}_secret_{random_text(25)}")
    tx.emit("payment_intent.created", intent)
    return intent


def authorize(tx: Transaction, intent: Object, method: Object, *, authenticated: bool) -> Attempt:
    """The bank said yes: the money is held, or taken at once."""
    held = is_manual(intent, method)
    until = end_of_hold(tx.now, intent, method) if held else None
    charge = create_charge(
        tx, intent, method, status="succeeded", paid=True, captured=not held,
        amount_captured=0 if held else intent["amount"],
        outcome=outcome("authorized", risk=methods.risk(method)),
        details=methods.charge_details(
            method, amount=intent["amount"], hold_until=until, authenticated=authenticated,
            card_options=(intent["payment_method_options"] or {}).get("card") or {},
        ),
    )  # fmt: skip
    tx.change(intent, latest_charge=charge["id"])
    tx.emit("charge.succeeded", charge)
    if until is not None:
        tx.change(
            intent, status="requires_capture", amount_capturable=intent["amount"],
            next_action=None,
        )  # fmt: skip
        tx.schedule("lapse_hold", intent["id"], until)
        tx.emit("payment_intent.amount_capturable_updated", intent)
        return Attempt("held")
    tx.change(intent, status="succeeded", amount_received=intent["amount"], next_action=None)
    tx.emit("payment_intent.succeeded", intent)
    book(tx, charge, charge["amount"])
    disputes.follow_up(tx, charge, methods.afterwards(method))
    return Attempt("paid")


def end_of_hold(now: int, intent: Object, method: Object) -> int:
    """When a hold ends on the account's clock, by the method's type and brand."""
    away = intent["_"].get("off_session")
    if away and method["type"] == "card" and method["card"]["brand"] == "visa":
        return now + VISA_AWAY
    if method["type"] == "klarna":
        # Midnight UTC of the last day.
        now -= now % DAY
    return now + type_of(method).holds * DAY


def is_manual(intent: Object, method: Object) -> bool:
    """Whether the payment is only held, by the intent's or the method's capture method."""
    options = (intent["payment_method_options"] or {}).get(method["type"]) or {}
    return "manual" in (intent["capture_method"], options.get("capture_method"))


def decline(
    tx: Transaction, intent: Object, method: Object, reason: str, *, message: str = ""
) -> Attempt:  # fmt: skip
    """The bank said no: the charge failed, the intent waits for another method."""
    own = reason in test_cards.OWN_CODES
    refused = "card_declined" if method["type"] == "card" else "payment_method_provider_decline"
    code = reason if own else refused
    message = message or test_cards.DECLINES[reason]
    blocked = reason == "fraudulent"
    charge = create_charge(
        tx, intent, method, status="failed", paid=False, captured=False, amount_captured=0,
        failure_code=code, failure_message=message,
        outcome=outcome(
            "blocked" if blocked else "issuer_declined",
            reason=None if own else reason, risk="highest" if blocked else "normal",
            advice=advice(tx),
        ),
        details=methods.charge_details(
            method, amount=intent["amount"], hold_until=None, authenticated=False
        ),
    )  # fmt: skip
    return fail(
        tx, intent, method, charge=charge, code=code, decline_code=None if own else reason,
        message=message,
    )  # fmt: skip


def fail(
    tx: Transaction, intent: Object, method: Object, *, code: str, message: str,
    decline_code: str | None = None, charge: Object | None = None,
) -> Attempt:  # fmt: skip
    """Note why an attempt failed; the intent waits for another method."""
    error: Object = {
        "type": "card_error",
        "advice_code": advice(tx) if charge else None,
        "code": code,
        "decline_code": decline_code,
        "charge": charge["id"] if charge else None,
        "doc_url": f"https://docs.stripe.com/error-codes/{code.replace('_', '-')}",
        "message": message,
        "payment_method": public(method),
    }
    error = {name: value for name, value in error.items() if value is not None}
    tx.change(
        intent,
        status="requires_payment_method",
        payment_method=None,
        last_payment_error=error,
        next_action=None,
        latest_charge=charge["id"] if charge else intent["latest_charge"],
    )
    if charge:
        tx.emit("charge.failed", charge)
    tx.emit("payment_intent.payment_failed", intent)
    more = {name: error[name] for name in ("advice_code", "charge") if name in error}
    refused = CardError(
        message, code=code, decline_code=decline_code, payment_intent=public(intent),
        payment_method=public(method), **more,
    )  # fmt: skip
    return Attempt("declined", refused)


def pend(
    tx: Transaction, intent: Object, method: Object, *, wait: int, failure: str = ""
) -> Attempt:  # fmt: skip
    """The money is under way: whether it comes is known some seconds of the clock later."""
    details = methods.charge_details(
        method, amount=intent["amount"], hold_until=None, authenticated=False
    )
    charge = create_charge(
        tx, intent, method, status="pending", paid=False, captured=True,
        amount_captured=intent["amount"], outcome=outcome("authorized"), details=details,
    )  # fmt: skip
    private = {**intent.get("_", {}), "failure": failure}
    tx.change(intent, status="processing", latest_charge=charge["id"], next_action=None, _=private)
    tx.schedule("settle_payment", intent["id"], tx.now + wait)
    tx.emit("payment_intent.processing", intent)
    tx.emit("charge.pending", charge)
    return Attempt("processing")


def settle(tx: Transaction, intent: Object) -> bool:
    """The bank has answered: the money came, or it did not."""
    charge = tx.get("charge", intent["latest_charge"])
    method = tx.get("payment_method", intent["payment_method"])
    if failure := intent["_"]["failure"]:
        message = test_debits.FAILURES[failure]
        tx.change(
            charge, status="failed", captured=False, amount_captured=0,
            failure_code=failure, failure_message=message,
            outcome=outcome("issuer_declined", reason=failure),
        )  # fmt: skip
        fail(tx, intent, method, charge=charge, code=failure, message=message)
        return False
    tx.change(charge, status="succeeded", paid=True)
    tx.change(intent, status="succeeded", amount_received=intent["amount"])
    tx.emit("charge.succeeded", charge)
    tx.emit("payment_intent.succeeded", intent)
    book(tx, charge, charge["amount"])
    disputes.follow_up(tx, charge, methods.afterwards(method))
    return True


def capture(tx: Transaction, intent: Object, amount: int, *, final: bool = True) -> None:
    """Take `amount` of a hold, in minor units; if it is `final`, what is left is released.

    Captures that are not final need `multicapture` (docs.stripe.com/payments/multicapture). The
    caller has seen that no more is taken than is held.
    """
    charge = tx.get("charge", intent["latest_charge"])
    taken = charge["amount_captured"] + amount
    left = charge["amount"] - taken
    previous = tx.change(charge, captured=final, amount_captured=taken)
    if final and left and assumed(tx.store, "uncaptured_rest") == "reversal":
        previous |= release(tx, charge, left)
    if final:
        tx.change(intent, status="succeeded", amount_received=taken, amount_capturable=0)
        tx.unschedule("lapse_hold", intent["id"])
        tx.emit("charge.captured", charge, previous)
        tx.emit("payment_intent.succeeded", intent)
    else:
        tx.change(intent, amount_received=taken, amount_capturable=left)
        tx.emit("payment_intent.amount_capturable_updated", intent)
    book(tx, charge, amount)
    method = tx.get("payment_method", intent["payment_method"])
    disputes.follow_up(tx, charge, methods.afterwards(method))


def cancel(tx: Transaction, intent: Object, reason: str | None) -> None:
    """End an intent; a hold is released, which shows as a refund of the uncaptured charge.

    `reason` is Stripe's `cancellation_reason`, such as `abandoned` or `expired`.
    """
    held = intent["status"] == "requires_capture"
    tx.change(
        intent, status="canceled", canceled_at=tx.now, cancellation_reason=reason,
        amount_capturable=0, next_action=None,
    )  # fmt: skip
    tx.unschedule("lapse_hold", intent["id"])
    tx.emit("payment_intent.canceled", intent)
    if held:
        charge = tx.get("charge", intent["latest_charge"])
        if previous := let_go(tx, charge):
            tx.emit("charge.refunded", charge, previous)
        reviews.follow(tx, charge, "canceled")


def let_go(tx: Transaction, charge: Object) -> Object:
    """All of a hold is over; answers the earlier values of what that has changed on its charge."""
    if assumed(tx.store, "released_hold") == "nothing":
        return {}
    return release(tx, charge, charge["amount"], reason="expired_uncaptured_charge")


@due("lapse_hold")
def lapse_hold(tx: Transaction, intent_id: str) -> None:
    """The hold was not captured in time: the bank has dropped it."""
    intent = tx.get("payment_intent", intent_id)
    if intent["status"] != "requires_capture":
        return
    charge = tx.get("charge", intent["latest_charge"])
    let_go(tx, charge)
    tx.change(
        intent, status="canceled", canceled_at=tx.now, cancellation_reason="automatic",
        amount_capturable=0,
    )  # fmt: skip
    tx.emit("charge.expired", charge)
    tx.emit("payment_intent.canceled", intent)
