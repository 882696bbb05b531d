"""Paying a session without its page."""

from typing import Any

from fake_stripe import cards, checkout
from fake_stripe.attempts import ANSWERS
from fake_stripe.checkout import Submission
from fake_stripe.errors import StripeError
from fake_stripe.ids import new_id, random_text
from fake_stripe.payments import Attempt
from fake_stripe.rendering import render
from fake_stripe.schema import Object
from fake_stripe.stand_in import StandIn

TYPED = {
    "card": str, "email": str, "save": bool, "name": str, "method": str, "iban": str,
    "account": str, "routing": str, "code": str, "tax_id": str, "authenticate": str,
    "shipping_rate": str, "phone": str, "country": str, "postal_code": str,
    "unit_amount": int,
}  # fmt: skip

# Accounts whose debit succeeds, with the bank's number.
ACCOUNTS = {
    "sepa_debit": ("AT321904300235473204", ""),
    "au_becs_debit": ("900123456", "000000"),
    "us_bank_account": ("000123456789", "110000000"),
}


def pay_session(stand_in: StandIn, session_id: str, body: dict[str, Any]) -> Object:
    """Pay as a customer would.

    `authenticate` is what they do on the page of their bank or wallet: complete, fail, or refuse
    (the bank's answer comes later, and is no).
    """
    for name, value in body.items():
        if name not in TYPED or not isinstance(value, TYPED[name]):
            raise StripeError(f"Received unknown or malformed parameter: {name}", param=name)
    # As the page does, whose requests have ids and keys too.
    key = random_text(36).lower()
    with stand_in.transaction(request_id=new_id("request"), idempotency_key=key) as tx:
        session = tx.at_path("checkout.session", session_id, "session")
        attempt = checkout.pay(tx, session, submission(session, body))
        if attempt.result == "requires_action" and body.get("method") != "blik":
            answer_ = ANSWERS.get(body.get("authenticate", "complete"), ANSWERS["fail"])
            attempt = checkout.authenticate(tx, session, answer_)
        paid = render(tx, session)
    return answer(attempt, paid)


def submission(session: Object, body: dict[str, Any]) -> Submission:
    """What the customer types, where the body does not say it as a customer in Vienna would."""
    name = body.get("name", "Vera Muster")
    address = {
        "city": "Wien",
        "country": body.get("country", "AT"),
        "line1": "Teststraße 1",
        "postal_code": body.get("postal_code", "1010"),
    }
    ships = session["shipping_address_collection"]
    shipping = {"address": {**address, "line2": None, "state": None}, "name": name}
    return Submission(
        email=body.get("email", "customer@example.com"),
        method=body.get("method", "card"),
        number=body.get("card", cards.SHOWN[0].number).replace(" ", ""),
        typed=typed_in(body),
        name=name,
        phone=body.get("phone"),
        address=address,
        shipping=shipping if ships else None,
        shipping_rate=body.get("shipping_rate", ""),
        save=body.get("save", False),
        unit_amount=body.get("unit_amount"),
    )


def typed_in(body: dict[str, Any]) -> dict[str, str]:
    """Account, code or tax number: what was sent, else what a good payment needs."""
    account, routing = ACCOUNTS.get(body.get("method", ""), ("", ""))
    return {
        "account": body.get("iban", body.get("account", account)).replace(" ", ""),
        "routing": body.get("routing", routing),
        "code": body.get("code", "123456"),
        "tax_id": body.get("tax_id", "00000000000"),
    }


def answer(attempt: Attempt, session: Object) -> Object:
    """The session, or the decline as Stripe's error."""
    if attempt.error:
        raise attempt.error
    return session
