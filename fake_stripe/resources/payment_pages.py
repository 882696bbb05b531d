"""The payment page as Stripe's command line drives it, for `stripe trigger`.

It is no part of the documented API: what is played is what the command line asks for.
"""

from typing import Any, NotRequired

from typing_extensions import TypedDict

from fake_stripe.checkout import lifecycle
from fake_stripe.checkout.submission import Submission
from fake_stripe.engine.errors import StripeError, not_offered
from fake_stripe.engine.transaction import Transaction, public
from fake_stripe.protocol.operations import operation
from fake_stripe.schema import Object

PATH = "/v1/payment_pages/{id}"


class PaymentPageRetrieveParams(TypedDict):
    """What is asked about a page."""

    expand: NotRequired[list[str]]


class PaymentPageConfirmParams(TypedDict):
    """How a page is paid; amounts in minor units."""

    expand: NotRequired[list[str]]
    expected_amount: NotRequired[int]
    payment_method: str


@operation("GET", PATH, PaymentPageRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], session_id: str) -> Object:
    """The page of a session: what it comes to."""
    return shown(tx.at_path("checkout.session", session_id, "session"))


@operation("POST", PATH + "/confirm", PaymentPageConfirmParams)
def confirm(tx: Transaction, params: dict[str, Any], session_id: str) -> Object:
    """Pay with a method, as who has typed it would."""
    session = tx.at_path("checkout.session", session_id, "session")
    if session["mode"] != "payment":
        raise not_offered("mode")
    expected = params.get("expected_amount", session["amount_total"])
    if expected != session["amount_total"]:
        message = f"The session comes to {session['amount_total']}, not {expected}."
        raise StripeError(message, param="expected_amount")
    method = tx.get("payment_method", params["payment_method"], "payment_method")
    attempt = lifecycle.pay(tx, session, submission_of(session, method))
    if attempt.error:
        raise attempt.error
    return shown(session)


def submission_of(session: Object, method: Object) -> Submission:
    """What the owner of a method types."""
    billing, private = method["billing_details"], method["_"]
    address = {name: value for name, value in billing["address"].items() if value}
    name = billing["name"] or "Test Customer"
    ships = session["shipping_address_collection"]
    return Submission(
        email=billing["email"],
        method=method["type"],
        number=private.get("number", ""),
        typed={field: text for field, text in private.items() if isinstance(text, str)},
        name=name,
        phone=billing["phone"],
        address=address,
        shipping={"name": name, "address": address} if ships else None,
        terms=True,
    )


def shown(session: Object) -> Object:
    """A page as it is answered."""
    return {"id": session["id"], "object": "payment_page", "session": public(session)}
