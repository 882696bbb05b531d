"""Paying a session without its page."""

from typing import Any

from fake_stripe.checkout import lifecycle
from fake_stripe.controls.customer import submission
from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.transaction import Transaction
from fake_stripe.hosted import order_form
from fake_stripe.payments.attempts import ANSWERS
from fake_stripe.payments.intents import Attempt
from fake_stripe.pricing import order_changes, totals
from fake_stripe.protocol.expansion import render
from fake_stripe.schema import Object
from fake_stripe.stand_in import StandIn

TYPED = {
    "card": str, "email": str, "save": bool, "name": str, "method": str, "iban": str, "saved": str,
    "account": str, "routing": str, "code": str, "tax_id": str, "authenticate": str,
    "shipping_rate": str, "phone": str, "country": str, "postal_code": str,
    "state": str, "tax_ids": list, "business_name": str, "promotion_code": str,
    "unit_amount": int, "terms": bool, "promotions": bool, "answers": dict,
    "quantities": list, "additions": list,
}  # fmt: skip


def pay_session(stand_in: StandIn, session_id: str, body: dict[str, Any]) -> Object:
    """Pay as a customer would.

    `authenticate` is what they do on the page of their bank or wallet: complete, fail, or refuse
    (the bank's answer comes later, and is no). `quantities` has one for each line, in their order;
    `additions` are the prices of optional items that are taken.
    """
    for name, value in body.items():
        if name not in TYPED or not isinstance(value, TYPED[name]):
            raise StripeError(f"Received unknown or malformed parameter: {name}", param=name)
    with stand_in.page_transaction() as tx:
        session = tx.at_path("checkout.session", session_id, "session")
        change_order(tx, session, body)
        if word := body.get("promotion_code"):
            order_form.take_code(tx, session, word)
        attempt = lifecycle.pay(tx, session, submission(session, body))
        if attempt.result == "requires_action" and body.get("method") != "blik":
            answer_ = ANSWERS.get(body.get("authenticate", "complete"), ANSWERS["fail"])
            attempt = lifecycle.authenticate(tx, session, answer_)
        paid = render(tx, session)
    return answer(attempt, paid)


def change_order(tx: Transaction, session: Object, body: dict[str, Any]) -> None:
    """Other quantities, and optional items, as far as the page lets them be chosen."""
    for line, quantity in zip(totals.lines(tx, session), body.get("quantities", []), strict=False):
        if quantity != line["quantity"]:
            order_changes.set_quantity(tx, session, line["id"], quantity)
    for price in body.get("additions", []):
        order_changes.add_optional(tx, session, price)


def answer(attempt: Attempt, session: Object) -> Object:
    """The session, or the decline as Stripe's error."""
    if attempt.error:
        raise attempt.error
    return session
