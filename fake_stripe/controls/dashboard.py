"""What a merchant does in Stripe's Dashboard, and what the world does to a payment."""

from collections.abc import Callable
from typing import Any

from fake_stripe.checkout import lifecycle
from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.ids import new_id
from fake_stripe.engine.transaction import Transaction, public
from fake_stripe.payments import dispute_evidence, disputes, vouchers
from fake_stripe.resources import payment_intents, refunds
from fake_stripe.schema import Object
from fake_stripe.stand_in import StandIn

Action = Callable[[Transaction, Object, dict[str, Any]], None]


def act(stand_in: StandIn, intent_id: str, verb: str, body: dict[str, Any]) -> Object:
    """Do something to a payment, by the rules of the API; answers the payment as it is then."""
    # The Dashboard's own requests have ids, but no keys; what the world does has neither.
    request = new_id("request") if verb in MERCHANTS else None
    with stand_in.transaction(request_id=request) as tx:
        intent = tx.at_path("payment_intent", intent_id, "intent")
        ACTIONS[verb](tx, intent, body)
        return public(tx.get("payment_intent", intent_id))


def possible(tx: Transaction, intent: Object) -> list[str]:
    """The actions that a payment's state allows."""
    if vouchers.is_open(intent):
        return ["pay_voucher", "expire_voucher"]
    if intent["status"] == "requires_capture":
        return ["capture", "cancel"]
    if intent["status"] != "succeeded":
        return []
    charge = tx.get("charge", intent["latest_charge"])
    # What was released of a hold counts as refunded too, and the amount is that of the hold.
    actions = ["refund"] if charge["amount"] > charge["amount_refunded"] else []
    if not charge["disputed"]:
        return [*actions, "dispute"]
    return [*actions, *(["win", "lose"] if open_dispute(tx, intent) else [])]


def open_dispute(tx: Transaction, intent: Object) -> Object | None:
    """The payment's dispute that is not decided, if there is one."""
    of_payment = tx.store.select("dispute", {"payment_intent": intent["id"]})
    undecided = [
        entry for entry in of_payment if entry["status"] not in ("won", "lost", "warning_closed")
    ]
    return undecided[0] if undecided else None


def amount_of(body: dict[str, Any], name: str) -> dict[str, Any]:
    """The amount that was typed, under the API's name for it; all of it when none was."""
    amount = body.get("amount")
    if amount is None:
        return {}
    if not isinstance(amount, int) or isinstance(amount, bool) or amount < 1:
        raise StripeError("The amount must be a whole number of minor units.", param="amount")
    return {name: amount}


def capture(tx: Transaction, intent: Object, body: dict[str, Any]) -> None:
    """Take the held money, or a part of it."""
    payment_intents.capture(tx, amount_of(body, "amount_to_capture"), intent["id"])


def cancel(tx: Transaction, intent: Object, body: dict[str, Any]) -> None:
    """Release the hold."""
    payment_intents.cancel(tx, {}, intent["id"])


def refund(tx: Transaction, intent: Object, body: dict[str, Any]) -> None:
    """Give the money back, or a part of it."""
    refunds.create(tx, {"payment_intent": intent["id"], **amount_of(body, "amount")})


def dispute(tx: Transaction, intent: Object, body: dict[str, Any]) -> None:
    """The customer asks their bank for the money."""
    open_a_dispute(tx, intent, body)


def open_a_dispute(tx: Transaction, intent: Object, body: dict[str, Any]) -> Object:
    """Dispute a payment as the body says, or say what is wrong with it."""
    if intent["status"] != "succeeded":
        raise StripeError(f"The payment is {intent['status']}, not succeeded.")
    reason = body.get("reason", "fraudulent")
    if reason not in disputes.REASONS:
        message = f"The reason must be one of {', '.join(disputes.REASONS)}."
        raise StripeError(message, param="reason")
    charge = tx.get("charge", intent["latest_charge"])
    amount = amount_of(body, "amount").get("amount")
    if amount is not None and amount > charge["amount_captured"]:
        raise StripeError("Not more than the payment can be disputed.", param="amount")
    inquiry = body.get("inquiry", False)
    if not isinstance(inquiry, bool):
        raise StripeError("inquiry must be true or false.", param="inquiry")
    return disputes.dispute(tx, charge, reason=reason, amount=amount, inquiry=inquiry)


def decide(tx: Transaction, intent: Object, *, won: bool) -> None:
    """The bank decides over a dispute."""
    entry = open_dispute(tx, intent)
    if entry is None:
        raise StripeError("This payment has no open dispute.", status=409)
    (dispute_evidence.win if won else dispute_evidence.lose)(tx, entry)


def decide_voucher(tx: Transaction, intent: Object, *, paid: bool) -> None:
    """The customer pays their voucher at the counter, or lets it expire."""
    if not vouchers.is_open(intent):
        raise StripeError("This payment waits for no voucher.", status=409)
    (lifecycle.pay_voucher if paid else lifecycle.expire_voucher)(tx, intent["id"])


# What is done in the Dashboard; the rest is done by customers and banks.
MERCHANTS = ("capture", "cancel", "refund")
ACTIONS: dict[str, Action] = {
    "capture": capture,
    "cancel": cancel,
    "refund": refund,
    "dispute": dispute,
    "win": lambda tx, intent, body: decide(tx, intent, won=True),
    "lose": lambda tx, intent, body: decide(tx, intent, won=False),
    "pay_voucher": lambda tx, intent, body: decide_voucher(tx, intent, paid=True),
    "expire_voucher": lambda tx, intent, body: decide_voucher(tx, intent, paid=False),
}
