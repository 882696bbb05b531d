"""A second chance for a session that expired: an address that opens a copy of it."""

from typing import Any

from fake_stripe.checkout.sessions import create_session
from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.transaction import Transaction
from fake_stripe.schema import Object

# How long the address leads anywhere.
LASTS = 30 * 24 * 60 * 60


def offer(tx: Transaction, session: Object) -> None:
    """Put the address on a session that has just expired, where it was asked for."""
    terms = (session["after_expiration"] or {}).get("recovery")
    if terms and terms["enabled"]:
        recovery = {
            **terms,
            "expires_at": tx.now + LASTS,
            "url": f"{tx.public_url}/c/recover/{session['id']}",
        }
        tx.change(session, after_expiration={"recovery": recovery})


def is_open(tx: Transaction, session: Object) -> bool:
    """Whether the session can still be taken up again."""
    terms = (session["after_expiration"] or {}).get("recovery") or {}
    return bool(terms.get("url")) and terms["expires_at"] > tx.now


def recover(tx: Transaction, session: Object) -> Object:
    """A fresh copy of an expired session; one that still waits is opened again."""
    for copy in tx.store.select("checkout.session", {"recovered_from": session["id"]}):
        if copy["status"] == "open":
            return copy
    params: dict[str, Any] = dict(session["_"]["params"])
    params.pop("expires_at", None)
    if session["after_expiration"]["recovery"]["allow_promotion_codes"]:
        params.pop("discounts", None)
        params["allow_promotion_codes"] = True
    try:
        with tx.store.savepoint():
            copy = create_session(tx, params)
    except StripeError:
        # What was taken off then may have ended since; the order still stands.
        copy = create_session(tx, {k: v for k, v in params.items() if k != "discounts"})
    tx.change(copy, recovered_from=session["id"])
    return copy
