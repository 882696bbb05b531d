"""Checkout Sessions, as the API offers them."""

from typing import Any

from stripe.params.checkout import (
    SessionCreateParams,
    SessionExpireParams,
    SessionLineItemListParams,
    SessionListParams,
    SessionRetrieveParams,
    SessionUpdateParams,
)

from fake_stripe.checkout import lifecycle, rules
from fake_stripe.checkout.sessions import create_session
from fake_stripe.engine.errors import StripeError, not_offered
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import merged_metadata
from fake_stripe.methods import methods
from fake_stripe.protocol.expansion import includable
from fake_stripe.protocol.lists import as_list, listing
from fake_stripe.protocol.operations import operation, payment_method_types
from fake_stripe.schema import Object

PATH = "/v1/checkout/sessions"


@operation(
    "POST",
    PATH,
    SessionCreateParams,
    rules=rules.RULES,
    refuse=rules.refuse,
    older=payment_method_types(methods.KNOWN),
)
def create(tx: Transaction, params: dict[str, Any]) -> Object:
    """A session that waits for its customer."""
    return create_session(tx, params)


@operation("GET", PATH + "/{id}", SessionRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], session_id: str) -> Object:
    """One session."""
    return tx.at_path("checkout.session", session_id, "session")


def refuse_update(params: dict[str, Any]) -> None:
    """Of a hosted session only the metadata can be changed."""
    for name in params:
        if name not in ("metadata", "expand"):
            raise not_offered(name)


@operation("POST", PATH + "/{id}", SessionUpdateParams, refuse=refuse_update)
def update(tx: Transaction, params: dict[str, Any], session_id: str) -> Object:
    """Change a session's metadata."""
    session = tx.at_path("checkout.session", session_id, "session")
    if "metadata" in params:
        tx.change(session, metadata=merged_metadata(session["metadata"], params["metadata"]))
    return session


@operation("GET", PATH, SessionListParams)
def list_sessions(tx: Transaction, params: dict[str, Any]) -> Object:
    """Sessions, newest first."""
    names = (
        "customer", "customer_account", "payment_intent", "payment_link", "status", "subscription"
    )  # fmt: skip
    where = {name: params.get(name) for name in names}
    conditions: list[tuple[str, list[Any]]] = []
    if email := params.get("customer_details", {}).get("email"):
        conditions.append(("json_extract(body, '$.customer_details.email') = ?", [email]))
    return listing(tx, "checkout.session", PATH, params, where, *conditions)


@operation("POST", PATH + "/{id}/expire", SessionExpireParams)
def expire(tx: Transaction, params: dict[str, Any], session_id: str) -> Object:
    """End a session that is open."""
    session = tx.at_path("checkout.session", session_id, "session")
    if session["status"] != "open":
        message = (
            'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout'
            f" Session has a status of `{session['status']}`."
        )
        raise StripeError(message, param="session")
    lifecycle.expire(tx, session)
    return session


@operation("GET", PATH + "/{id}/line_items", SessionLineItemListParams)
def list_line_items(tx: Transaction, params: dict[str, Any], session_id: str) -> Object:
    """A session's lines, in their order."""
    tx.at_path("checkout.session", session_id, "session")
    url = f"{PATH}/{session_id}/line_items"
    return listing(tx, "item", url, params, {"_.session": session_id}, ascending=True)


@includable("checkout.session", "line_items")
def line_items(tx: Transaction, session: Object) -> Object:
    """The first ten lines."""
    items = tx.store.select("item", {"_.session": session["id"]}, limit=11, ascending=True)
    data = [{name: value for name, value in item.items() if name != "_"} for item in items]
    return as_list(f"{PATH}/{session['id']}/line_items", data[:10], has_more=len(data) > 10)
