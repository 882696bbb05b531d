"""What happens to an open session: the customer pays, or does not, or its time runs out."""

from fake_stripe.billing import collection, session_invoices, subscriptions
from fake_stripe.checkout import recovery, saved_cards, sessions
from fake_stripe.checkout.intents import intent_of, setup_intent_of, under_way
from fake_stripe.checkout.submission import Submission, method_of, take_details
from fake_stripe.engine.assumptions import assumed
from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.transaction import Transaction, due
from fake_stripe.methods import presentment
from fake_stripe.payments import attempts, blik, intents, setup_intents, vouchers
from fake_stripe.payments.attempts import Answer
from fake_stripe.payments.intents import Attempt
from fake_stripe.pricing import discounts
from fake_stripe.schema import Object

# How a session counts after an attempt that ends it; after any other it stays open.
DONE = {"paid": "paid", "held": "unpaid", "processing": "unpaid", "awaits_voucher": "unpaid"}


class NotOpen(StripeError):
    """The session is complete or expired."""

    def __init__(self, session: Object) -> None:
        message = f"This Checkout Session is {session['status']}."
        super().__init__(message, status=409, code="checkout_session_not_open")


def pay(tx: Transaction, session: Object, submission: Submission) -> Attempt:
    """Try to pay a session; a decline leaves it open for another try."""
    if session["status"] != "open":
        raise NotOpen(session)
    take_details(tx, session, submission)
    if not sessions.asks_for_method(session):
        finish(tx, session, payment_status="no_payment_required")
        return Attempt("paid")
    method = method_of(tx, session, submission)
    session["_"]["save"] = submission.save
    session["_"]["method"] = method["id"]
    tx.save(session)
    if not session["amount_total"]:
        return set_up(tx, session, setup_intent_of(tx, session), method)
    return attempt(tx, session, intent_of(tx, session), method)


def authenticate(tx: Transaction, session: Object, answer: Answer) -> Attempt:
    """The customer has answered on the page of their bank or wallet."""
    intent = under_way(tx, session) or {"next_action": None}
    action = (intent["next_action"] or {}).get("type")
    if session["status"] != "open" or action in (None, "blik_authorize"):
        raise NotOpen(session)
    method = tx.get("payment_method", session["_"]["method"])
    go_on = set_up if intent["object"] == "setup_intent" else attempt
    return go_on(tx, session, intent, method, answer)


def set_up(
    tx: Transaction, session: Object, intent: Object, method: Object, answer: Answer | None = None
) -> Attempt:
    """Try to make the method ready for later; if the bank says yes, the session is complete."""
    tried = setup_intents.attempt(
        tx,
        intent,
        method,
        on_accept=lambda: saved_cards.keep_for_later(tx, session, intent, method),
        answer=answer,
    )
    if tried.result == "set_up":
        finish(tx, session, payment_status="no_payment_required")
    return tried


def attempt(
    tx: Transaction, session: Object, intent: Object, method: Object, answer: Answer | None = None
) -> Attempt:
    """Try to pay; if the bank says yes, the session is complete."""
    attempt = attempts.attempt(
        tx,
        intent,
        method,
        on_accept=lambda: saved_cards.keep_customer(tx, session, intent, method),
        answer=answer,
    )
    if attempt.result in DONE:
        finish(tx, session, payment_status=DONE[attempt.result])
    return attempt


def finish(tx: Transaction, session: Object, *, payment_status: str) -> None:
    """The customer is done: the session is complete for good."""
    discounts.redeem(tx, session)
    if session["mode"] == "subscription":
        saved_cards.make_customer(tx, session)
        subscriptions.begin(tx, session, paid=payment_status != "unpaid")
    elif payment_status == "paid":
        session_invoices.create(tx, session)
    seen = presentment.presentment_fields(session)
    tx.change(session, status="complete", payment_status=payment_status, url=None, **seen)
    tx.unschedule("expire_session", session["id"])
    tx.emit("checkout.session.completed", session)


def captured(tx: Transaction, intent: Object) -> None:
    """The held money of a session was taken: it counts as paid."""
    if session_id := intent.get("_", {}).get("session"):
        said = assumed(tx.store, "captured_session")
        tx.change(tx.get("checkout.session", session_id), payment_status=said)


@due("settle_payment")
def settle(tx: Transaction, intent_id: str) -> None:
    """A bank has answered some time after the customer was done: say so on the session too."""
    intent = tx.get("payment_intent", intent_id)
    if intent["status"] == "processing":
        arrived = intents.settle(tx, intent)
        tell_session(tx, intent, arrived=arrived)
        collection.tell_invoice(tx, intent, arrived=arrived)


@due("pay_voucher")
def pay_voucher(tx: Transaction, intent_id: str) -> None:
    """The customer has paid their voucher."""
    intent = tx.get("payment_intent", intent_id)
    if vouchers.is_open(intent):
        vouchers.take_payment(tx, intent)
        tell_session(tx, intent, arrived=True)


@due("expire_voucher")
def expire_voucher(tx: Transaction, intent_id: str) -> None:
    """Nobody has paid the voucher."""
    intent = tx.get("payment_intent", intent_id)
    if vouchers.is_open(intent):
        vouchers.let_expire(tx, intent)
        tell_session(tx, intent, arrived=False)


def tell_session(tx: Transaction, intent: Object, *, arrived: bool) -> None:
    """Say on the intent's session whether the money has come."""
    if not (session_id := intent.get("_", {}).get("session")):
        return
    session = tx.get("checkout.session", session_id)
    if arrived:
        tx.change(session, payment_status="paid")
        session_invoices.create(tx, session)
    tx.emit(f"checkout.session.async_payment_{'succeeded' if arrived else 'failed'}", session)


@due("answer_blik")
def answer_blik(tx: Transaction, intent_id: str) -> None:
    """The customer has confirmed in their bank's app, or has not."""
    intent = tx.get("payment_intent", intent_id)
    if intent["status"] != "requires_action":
        return
    method = tx.get("payment_method", intent["payment_method"])
    scenario = blik.scenario_of(method)
    if scenario.refusal:
        blik.refuse(tx, intent, method, scenario)
        return
    session_id = intent["_"].get("session")
    session = tx.get("checkout.session", session_id) if session_id else None
    if session:
        saved_cards.keep_customer(tx, session, intent, method)
    intents.authorize(tx, intent, method, authenticated=False)
    if session:
        finish(tx, session, payment_status="paid")


@due("expire_session")
def expire_overdue(tx: Transaction, session_id: str) -> None:
    """The session's time has run out."""
    session = tx.get("checkout.session", session_id)
    if session["status"] == "open":
        expire(tx, session)


def expire(tx: Transaction, session: Object) -> None:
    """End an open session; its PaymentIntent, if an attempt made one, ends with it."""
    tx.change(session, status="expired", url=None)
    tx.unschedule("expire_session", session["id"])
    intent = under_way(tx, session)
    if intent and intent["object"] == "setup_intent":
        setup_intents.cancel(tx, intent, "abandoned")
    elif intent:
        intents.cancel(tx, intent, "expired")
    recovery.offer(tx, session)
    tx.emit("checkout.session.expired", session)
