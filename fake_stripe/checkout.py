"""What happens to an open session: the customer pays, or does not, or its time runs out."""

from dataclasses import dataclass, field

from fake_stripe import cards, debits, methods, payments, saved_cards
from fake_stripe.errors import CardError, StripeError
from fake_stripe.payments import Attempt
from fake_stripe.schema import Object, complete
from fake_stripe.sessions import with_shipping
from fake_stripe.transaction import Transaction, due


@dataclass
class Submission:
    """What the customer has typed and chosen on the payment page."""

    email: str | None = None
    method: str = "card"
    saved: str = ""
    number: str = ""
    exp_month: int = 12
    exp_year: int = 2040
    iban: str = ""
    name: str | None = None
    phone: str | None = None
    address: Object = field(default_factory=dict)
    shipping: Object | None = None
    shipping_rate: str = ""
    tax_id: tuple[str, str] | None = None
    save: bool = False


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
    if session["amount_total"] == 0:
        finish(tx, session, payment_status="no_payment_required")
        return Attempt("paid")
    method = method_of(tx, session, submission)
    session["_"]["save"] = submission.save
    session["_"]["method"] = method["id"]
    tx.save(session)
    return attempt(tx, session, intent_of(tx, session), method)


def authenticate(tx: Transaction, session: Object, *, passed: bool) -> Attempt:
    """The customer has answered their bank's challenge."""
    intent = tx.get("payment_intent", session["payment_intent"] or "")
    if session["status"] != "open" or intent["status"] != "requires_action":
        raise NotOpen(session)
    method = tx.get("payment_method", session["_"]["method"])
    if passed:
        return attempt(tx, session, intent, method, authenticated=True)
    message = (
        "We are unable to authenticate your payment method. Please choose a different payment"
        " method and try again."
    )
    code = "payment_intent_authentication_failure"
    return payments.fail(tx, intent, method, code=code, message=message)


def take_details(tx: Transaction, session: Object, submission: Submission) -> None:
    """Write down who pays, where it goes and how it is shipped."""
    details = session["customer_details"] or {}
    tax_ids = [{"type": kind, "value": value} for kind, value in filter(None, [submission.tax_id])]
    details = {
        **details,
        "address": complete("Address", submission.address) if submission.address else None,
        "email": details.get("email") or submission.email,
        "name": submission.name,
        "phone": submission.phone,
        "tax_exempt": "none",
        "tax_ids": tax_ids,
    }
    collected: Object = {"shipping_details": submission.shipping}
    changes: Object = {
        "customer_details": complete("checkout.session.CustomerDetails", details),
        "collected_information": complete("checkout.session.CollectedInformation", collected),
    }
    tx.change(session, **changes)
    if submission.shipping_rate:
        choose_shipping(tx, session, submission.shipping_rate)


def choose_shipping(tx: Transaction, session: Object, rate_id: str) -> None:
    """Ship at one of the rates on offer, which changes the total."""
    offered = [option["shipping_rate"] for option in session["shipping_options"]]
    if rate_id not in offered:
        raise StripeError("Choose one of the shipping options.", param="shipping_rate")
    rate = tx.get("shipping_rate", rate_id)
    tx.change(session, **with_shipping(session["amount_subtotal"], rate))


def method_of(tx: Transaction, session: Object, submission: Submission) -> Object:
    """The payment method that was typed in, or the saved one that was chosen."""
    if submission.saved:
        return saved_cards.saved_method(tx, session, submission.saved)
    details = session["customer_details"]
    billing = {
        "address": complete("Address", submission.address),
        "email": details["email"],
        "name": submission.name,
        "phone": submission.phone,
        "tax_id": None,
    }
    if submission.method not in session["payment_method_types"]:
        message = f"This session does not offer `{submission.method}`."
        raise StripeError(message, param="method")
    if submission.method == "sepa_debit":
        if not debits.is_plausible(submission.iban):
            raise StripeError("Your IBAN is invalid.", code="invalid_bank_account", param="iban")
        return methods.create_sepa_debit(tx, submission.iban, billing)
    if not cards.is_plausible(submission.number):
        raise CardError("Your card number is incorrect.", code="incorrect_number")
    return methods.create_card(
        tx, submission.number, submission.exp_month, submission.exp_year, billing
    )


def intent_of(tx: Transaction, session: Object) -> Object:
    """The session's PaymentIntent; the first attempt makes it."""
    if session["payment_intent"]:
        intent = tx.get("payment_intent", session["payment_intent"])
        tx.change(intent, amount=session["amount_total"])
        return intent
    asked = session["_"]["intent"]
    values = {
        name: asked[name]
        for name in ("capture_method", "description", "receipt_email", "setup_future_usage",
                     "statement_descriptor", "statement_descriptor_suffix", "transfer_group",
                     "shipping")
        if name in asked
    }  # fmt: skip
    intent = payments.create_intent(
        tx,
        **{**values, "shipping": shipping_of(session) or values.get("shipping")},
        amount=session["amount_total"],
        currency=session["currency"],
        customer=session["customer"],
        metadata=dict(asked.get("metadata") or {}),
        payment_method_options=intent_options(session),
        payment_method_types=session["payment_method_types"],
        _={"session": session["id"]},
    )
    tx.change(session, payment_intent=intent["id"])
    return intent


def intent_options(session: Object) -> Object:
    """The session's options per method, as a PaymentIntent carries them."""
    sent = session["payment_method_options"] or {}
    options: Object = {name: dict(sent.get(name, {})) for name in session["payment_method_types"]}
    if "card" in options:
        kept = {name: value for name, value in options["card"].items() if name != "restrictions"}
        options["card"] = kept
        kept.pop("installments", None)
    return options


def shipping_of(session: Object) -> Object | None:
    """The address that was collected, as a PaymentIntent and a charge carry it."""
    collected = (session["collected_information"] or {}).get("shipping_details")
    if not collected:
        return None
    phone = session["customer_details"]["phone"]
    return {**collected, "carrier": None, "phone": phone, "tracking_number": None}


def attempt(
    tx: Transaction, session: Object, intent: Object, method: Object, *, authenticated: bool = False
) -> Attempt:
    """Try to pay; if the bank says yes, the session is complete."""
    attempt = payments.attempt(
        tx,
        intent,
        method,
        on_accept=lambda: saved_cards.keep_customer(tx, session, intent, method),
        authenticated=authenticated,
    )
    if attempt.result not in ("requires_action", "declined"):
        finish(tx, session, payment_status="paid" if attempt.result == "paid" else "unpaid")
    return attempt


def finish(tx: Transaction, session: Object, *, payment_status: str) -> None:
    """The customer is done: the session is complete for good."""
    tx.change(session, status="complete", payment_status=payment_status, url=None)
    tx.unschedule("expire_session", session["id"])
    tx.emit("checkout.session.completed", session)


def captured(tx: Transaction, intent: Object) -> None:
    """The held money of a session was taken: it counts as paid."""
    if session_id := intent.get("_", {}).get("session"):
        tx.change(tx.get("checkout.session", session_id), payment_status="paid")


@due("settle_debit")
def settle_debit(tx: Transaction, intent_id: str) -> None:
    """A bank has answered to a debit: say so on the session too."""
    intent = tx.get("payment_intent", intent_id)
    if intent["status"] != "processing":
        return
    arrived = payments.settle_debit(tx, intent)
    session = tx.get("checkout.session", intent["_"]["session"])
    if arrived:
        tx.change(session, payment_status="paid")
    tx.emit(f"checkout.session.async_payment_{'succeeded' if arrived else 'failed'}", session)


@due("expire_session")
def fall_due(tx: Transaction, session_id: str) -> None:
    """The session's time has run out."""
    session = tx.get("checkout.session", session_id)
    if session["status"] == "open":
        expire(tx, session)


def expire(tx: Transaction, session: Object) -> None:
    """End an open session; its PaymentIntent, if an attempt made one, ends with it."""
    tx.change(session, status="expired", url=None)
    tx.unschedule("expire_session", session["id"])
    if session["payment_intent"]:
        intent = tx.get("payment_intent", session["payment_intent"])
        payments.cancel(tx, intent, "expired")
    tx.emit("checkout.session.expired", session)
