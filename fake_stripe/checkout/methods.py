"""The payment methods of a session: which are on its page, and with what options."""

from typing import Any

from fake_stripe.billing import collection
from fake_stripe.engine.errors import not_offered, unsupported_descriptor
from fake_stripe.engine.transaction import Transaction
from fake_stripe.methods import configurations
from fake_stripe.methods.types import fitting
from fake_stripe.payments import setup_intents
from fake_stripe.schema import Object


def method_types(tx: Transaction, params: dict[str, Any], currency: str, amount: int) -> list[str]:
    """The payment methods on the page, by currency, amount, hold, configuration and filters."""
    intent_data = intent_data_of(params)
    able = fitting(
        currency,
        amount,
        manual=intent_data.get("capture_method") == "manual",
        later=intent_data.get("setup_future_usage") == "off_session",
    )
    wanted = params.get("payment_method_types") or params.get("allowed_payment_method_types")
    excluded = params.get("excluded_payment_method_types", [])
    types = [name for name in able if name not in excluded and (not wanted or name in wanted)]
    types = [name for name in types if fits_mode(name, params)]
    if not types:
        raise not_offered("allowed_payment_method_types" if wanted else "line_items")
    on = configurations.offered(tx, params)
    if not (types := [name for name in types if name in on]):
        raise configurations.none_left()
    return types


def fits_mode(name: str, params: dict[str, Any]) -> bool:
    """Whether a method can do what the session's mode needs, and is not hidden as a wallet."""
    display = params.get("wallet_options", {}).get("link", {}).get("display")
    if name == "link" and display == "never":
        return False
    if params["mode"] == "setup":
        return name in setup_intents.KINDS
    return params["mode"] == "payment" or name in collection.METHODS


def intent_data_of(params: dict[str, Any]) -> dict[str, Any]:
    """What the session's PaymentIntent is made with: a subscription keeps the method."""
    if params["mode"] == "subscription":
        return {"setup_future_usage": "off_session"}
    sent: dict[str, Any] = params.get("payment_intent_data", {})
    return sent


def refuse_descriptor(params: dict[str, Any]) -> None:
    """A session that takes cards alone cannot ask for a descriptor that cards do not have."""
    if "statement_descriptor" in intent_data_of(params):
        raise unsupported_descriptor("payment_intent_data[statement_descriptor]")


def method_options(params: dict[str, Any], types: list[str]) -> Object:
    """Options per method, as they hold."""
    sent = params.get("payment_method_options", {})
    kept = {name: options for name, options in sent.items() if name in types}
    if "card" in types:
        kept["card"] = {"request_three_d_secure": "automatic", **sent.get("card", {})}
    return kept
