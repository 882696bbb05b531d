"""Paying a session without its page."""

from typing import Any

from fake_stripe import cards, checkout
from fake_stripe.checkout import Submission
from fake_stripe.errors import StripeError
from fake_stripe.payments import Attempt
from fake_stripe.rendering import render
from fake_stripe.schema import Object
from fake_stripe.stand_in import StandIn

TYPED = {
    "card": str, "email": str, "save": bool, "name": str, "method": str, "iban": str,
    "authenticate": str, "shipping_rate": str, "phone": str, "country": str, "postal_code": str,
}  # fmt: skip


def pay_session(stand_in: StandIn, session_id: str, body: dict[str, Any]) -> Object:
    """Pay as a customer would; authentication passes unless `"authenticate": "fail"` is sent."""
    for name, value in body.items():
        if name not in TYPED or not isinstance(value, TYPED[name]):
            raise StripeError(f"Received unknown or malformed parameter: {name}", param=name)
    with stand_in.transaction() as tx:
        session = tx.at_path("checkout.session", session_id, "session")
        attempt = checkout.pay(tx, session, submission(session, body))
        if attempt.result == "requires_action":
            passed = body.get("authenticate") != "fail"
            attempt = checkout.authenticate(tx, session, passed=passed)
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
        iban=body.get("iban", "AT321904300235473204").replace(" ", ""),
        name=name,
        phone=body.get("phone"),
        address=address,
        shipping=shipping if ships else None,
        shipping_rate=body.get("shipping_rate", ""),
        save=body.get("save", False),
    )


def answer(attempt: Attempt, session: Object) -> Object:
    """The session, or the decline as Stripe's error."""
    if attempt.error:
        raise attempt.error
    return session
