"""What happens to an open session: the customer pays, or does not, or its time runs out."""

from dataclasses import dataclass, field

from fake_stripe import (
    attempts,
    blik,
    cards,
    collecting,
    custom_amounts,
    debits,
    discounting,
    methods,
    payments,
    presentment,
    questions,
    recovery,
    saved_cards,
    session_invoices,
    sessions,
    setting_up,
    subscribing,
    totals,
    vouchers,
)
from fake_stripe.attempts import Answer
from fake_stripe.card_restrictions import refuse_blocked
from fake_stripe.errors import CardError, StripeError
from fake_stripe.messages import Message
from fake_stripe.method_configurations import wallets
from fake_stripe.method_table import WALLETS
from fake_stripe.payments import Attempt
from fake_stripe.schema import Object, complete
from fake_stripe.transaction import Transaction, due

# How a session counts after an attempt that ends it; after any other it stays open.
DONE = {"paid": "paid", "held": "unpaid", "processing": "unpaid", "awaits_voucher": "unpaid"}


@dataclass
class Submission:
    """What the customer has typed and chosen on the payment page."""

    email: str | None = None
    method: str = "card"
    saved: str = ""
    number: str = ""
    exp_month: int = 12
    exp_year: int = 2040
    # What a method other than a card is told: account, routing, code, tax_id, bank.
    typed: dict[str, str] = field(default_factory=dict)
    name: str | None = None
    phone: str | None = None
    address: Object = field(default_factory=dict)
    shipping: Object | None = None
    shipping_rate: str = ""
    tax_id: tuple[str, str] | None = None
    save: bool = False
    # Answers to the session's own fields, by key.
    answers: dict[str, str] = field(default_factory=dict)
    business_name: str | None = None
    individual_name: str | None = None
    terms: bool = False
    promotions: bool = False
    # The amount in minor units, where it is the customer's to choose.
    unit_amount: int | None = None


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


def take_details(tx: Transaction, session: Object, submission: Submission) -> None:
    """Write down who pays, where it goes and how it is shipped."""
    details = session["customer_details"] or {}
    tax_ids = [{"type": kind, "value": value} for kind, value in filter(None, [submission.tax_id])]
    details = {
        **details,
        # Setup mode keeps the address with the card alone.
        "address": (
            complete("Address", submission.address)
            if submission.address and session["mode"] != "setup"
            else None
        ),
        "email": details.get("email") or submission.email,
        "name": submission.name,
        "phone": submission.phone,
        "tax_exempt": "none",
        "tax_ids": tax_ids,
        "business_name": submission.business_name,
        "individual_name": submission.individual_name,
    }
    collected: Object = {
        "shipping_details": submission.shipping,
        "business_name": submission.business_name,
        "individual_name": submission.individual_name,
    }
    changes: Object = {
        "customer_details": complete("checkout.session.CustomerDetails", details),
        "collected_information": complete("checkout.session.CollectedInformation", collected),
        "consent": questions.consent_of(
            session, terms=submission.terms, promotions=submission.promotions
        ),
        "custom_fields": questions.answered(session["custom_fields"], submission.answers),
    }
    tx.change(session, **changes)
    if submission.unit_amount is not None:
        custom_amounts.choose(tx, session, submission.unit_amount)
    locate(tx, session, submission)
    if submission.shipping_rate:
        choose_shipping(tx, session, submission.shipping_rate)


def locate(tx: Transaction, session: Object, submission: Submission) -> None:
    """Work out automatic tax by where the parcel goes, else by who pays."""
    address = (submission.shipping or {}).get("address") or submission.address
    country = address.get("country") or session["_"].get("location")
    if session["automatic_tax"]["enabled"] and country != session["_"].get("location"):
        session["_"]["location"] = country
        totals.recount(tx, session)


def choose_shipping(tx: Transaction, session: Object, rate_id: str) -> None:
    """Ship at one of the rates on offer, which changes the total."""
    offered = [option["shipping_rate"] for option in session["shipping_options"]]
    if rate_id not in offered:
        raise StripeError("Choose one of the shipping options.", param="shipping_rate")
    session["_"]["shipping_rate"] = rate_id
    totals.recount(tx, session)


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
    kind = "card" if submission.method in WALLETS else submission.method
    off = kind == "card" and submission.method not in ("card", *wallets(session))
    if off or kind not in session["payment_method_types"]:
        message = f"This session does not offer `{submission.method}`."
        raise StripeError(message, param="method")
    if kind != "card":
        refuse_typed(kind, submission.typed)
        return methods.create_other(tx, kind, submission.typed, billing)
    if not cards.is_plausible(submission.number):
        raise CardError(Message("Your card number is incorrect."), code="incorrect_number")
    card = methods.create_card(
        tx, submission.number, submission.exp_month, submission.exp_year, billing,
        wallet=submission.method if submission.method in WALLETS else "",
    )  # fmt: skip
    refuse_blocked(session, card)
    return card


def refuse_typed(kind: str, typed: dict[str, str]) -> None:
    """Refuse an account, code or number that cannot be one."""
    if kind in ("sepa_debit", "au_becs_debit", "us_bank_account"):
        wrong = debits.complaint(kind, typed.get("account", ""), typed.get("routing", ""))
        if wrong:
            raise StripeError(wrong[1], code="invalid_bank_account", param=wrong[0])
    needed = {"blik": "code", "boleto": "tax_id"}.get(kind)
    if needed and not typed.get(needed):
        raise StripeError(f"`{kind}` needs a {needed.replace('_', ' ')}.", param=needed)


def intent_id(session: Object) -> str:
    """The id of the session's PaymentIntent, or nothing before the first attempt.

    In subscription mode the session's own field stays null: the invoice leads to it.
    """
    return str(session["payment_intent"] or session["_"].get("payment_intent") or "")


def under_way(tx: Transaction, session: Object) -> Object | None:
    """The intent that the session's attempts have made: a payment's, or one that only sets up."""
    if setup := session["setup_intent"] or session["_"].get("setup_intent"):
        return tx.get("setup_intent", setup)
    return tx.store.find("payment_intent", intent_id(session))


def setup_intent_of(tx: Transaction, session: Object) -> Object:
    """The session's SetupIntent; the first attempt makes it."""
    intent = under_way(tx, session)
    if intent and intent["object"] == "setup_intent":
        return intent
    asked = session["_"]["params"].get("setup_intent_data", {})
    intent = setting_up.create_intent(
        tx,
        customer=session["customer"],
        description=asked.get("description"),
        metadata=dict(asked.get("metadata") or {}),
        payment_method_options=setup_options(session),
        payment_method_types=session["payment_method_types"],
        _={"session": session["id"]},
    )
    if session["mode"] == "setup":
        tx.change(session, setup_intent=intent["id"])
    else:
        tx.change(session, _={**session["_"], "setup_intent": intent["id"]})
    return intent


def setup_options(session: Object) -> Object:
    """The session's options for cards, as far as a SetupIntent carries them."""
    sent = (session["payment_method_options"] or {}).get("card")
    return {"card": {"request_three_d_secure": sent["request_three_d_secure"]}} if sent else {}


def set_up(
    tx: Transaction, session: Object, intent: Object, method: Object, answer: Answer | None = None
) -> Attempt:
    """Try to make the method ready for later; if the bank says yes, the session is complete."""
    tried = setting_up.attempt(
        tx,
        intent,
        method,
        on_accept=lambda: saved_cards.keep_for_later(tx, session, intent, method),
        answer=answer,
    )
    if tried.result == "set_up":
        finish(tx, session, payment_status="no_payment_required")
    return tried


def intent_of(tx: Transaction, session: Object) -> Object:
    """The session's PaymentIntent; the first attempt makes it."""
    if made := intent_id(session):
        intent = tx.get("payment_intent", made)
        tx.change(intent, amount=session["amount_total"], **presentment.told(session))
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
        **presentment.told(session),
        _={"session": session["id"]},
    )
    if session["mode"] == "subscription":
        tx.change(session, _={**session["_"], "payment_intent": intent["id"]})
    else:
        tx.change(session, payment_intent=intent["id"])
    return intent


def intent_options(session: Object) -> Object:
    """The session's options per method, as a PaymentIntent carries them."""
    sent = session["payment_method_options"] or {}
    options: Object = {name: dict(sent.get(name, {})) for name in session["payment_method_types"]}
    if "bancontact" in options:
        options["bancontact"].setdefault("preferred_language", "en")
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
    discounting.redeem(tx, session)
    if session["mode"] == "subscription":
        saved_cards.make_customer(tx, session)
        subscribing.begin(tx, session, paid=payment_status != "unpaid")
    elif payment_status == "paid":
        session_invoices.create(tx, session)
    seen = presentment.told(session)
    tx.change(session, status="complete", payment_status=payment_status, url=None, **seen)
    tx.unschedule("expire_session", session["id"])
    tx.emit("checkout.session.completed", session)


def captured(tx: Transaction, intent: Object) -> None:
    """The held money of a session was taken: it counts as paid."""
    if session_id := intent.get("_", {}).get("session"):
        tx.change(tx.get("checkout.session", session_id), payment_status="paid")


@due("settle_payment")
def settle(tx: Transaction, intent_id: str) -> None:
    """A bank has answered some time after the customer was done: say so on the session too."""
    intent = tx.get("payment_intent", intent_id)
    if intent["status"] == "processing":
        arrived = payments.settle(tx, intent)
        tell_session(tx, intent, arrived=arrived)
        collecting.tell_invoice(tx, intent, arrived=arrived)


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
    course = blik.course_of(method)
    if course.refusal:
        blik.refuse(tx, intent, method, course)
        return
    session_id = intent["_"].get("session")
    session = tx.get("checkout.session", session_id) if session_id else None
    if session:
        saved_cards.keep_customer(tx, session, intent, method)
    payments.authorize(tx, intent, method, authenticated=False)
    if session:
        finish(tx, session, payment_status="paid")


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
    intent = under_way(tx, session)
    if intent and intent["object"] == "setup_intent":
        setting_up.cancel(tx, intent, "abandoned")
    elif intent:
        payments.cancel(tx, intent, "expired")
    recovery.offer(tx, session)
    tx.emit("checkout.session.expired", session)
