"""Subscriptions, which Checkout begins: looked at, changed a little, canceled."""

from typing import Any

from stripe.params import (
    SubscriptionCancelParams,
    SubscriptionItemListParams,
    SubscriptionListParams,
    SubscriptionRetrieveParams,
    SubscriptionUpdateParams,
)

from fake_stripe.billing import collection, item_changes, pauses, renewals, subscriptions
from fake_stripe.engine.errors import CardError, StripeError, not_offered, not_the_customers
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import changes
from fake_stripe.protocol.lists import BOUNDS, listing, page_of
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.rules import Rules, longest
from fake_stripe.schema import Object

__all__ = ["renewals"]

PATH = "/v1/subscriptions"
CHANGEABLE = (
    "cancel_at_period_end", "cancellation_details", "default_payment_method", "description",
    "metadata", "expand", "items", "pause_collection", "payment_behavior", "proration_behavior",
    "proration_date",
)  # fmt: skip
# What is no field of a subscription.
BILLED = ("items", "pause_collection", "payment_behavior", "proration_behavior", "proration_date")
RULES: Rules = {"description": longest(500), "cancellation_details.comment": longest(5000)}
# Filters that are fields of an item.
OF_ITEMS = ("current_period_end", "current_period_start")


@operation("GET", PATH + "/{id}", SubscriptionRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], subscription_id: str) -> Object:
    """One subscription."""
    return tx.at_path("subscription", subscription_id)


def refuse_update(params: dict[str, Any]) -> None:
    """What is not played."""
    for name in params:
        if name not in CHANGEABLE:
            raise not_offered(name)
    if params.get("payment_behavior", "error_if_incomplete") != "error_if_incomplete":
        raise not_offered("payment_behavior")
    if "items" in params and "payment_behavior" not in params:
        # Stripe would let it go past due over the change.
        raise not_offered("payment_behavior")


@operation("POST", PATH + "/{id}", SubscriptionUpdateParams, rules=RULES, refuse=refuse_update)
def update(tx: Transaction, params: dict[str, Any], subscription_id: str) -> Object:
    """Change what a subscription bills and how it is paid, pause it, or have it end."""
    subscription = living(tx, subscription_id)
    if method_id := params.get("default_payment_method"):
        refuse_method(tx, method_id, subscription["customer"])
    changed = changes(subscription, {name: params[name] for name in params if name not in BILLED})
    details = {**subscription["cancellation_details"], **(params.get("cancellation_details") or {})}
    changed["cancellation_details"] = details
    if "cancel_at_period_end" in params:
        changed |= ending(tx, subscription, details, at_end=params["cancel_at_period_end"])
    if "pause_collection" in params:
        changed |= pauses.pause(tx, subscription, params["pause_collection"])
    try:
        with tx.store.savepoint():
            billed = item_changes.billed(tx, subscription, params) if "items" in params else {}
    except CardError:
        # Nobody hears of what was tried.
        tx.events.clear()
        raise
    previous = billed | tx.change(subscription, **changed)
    tx.emit("customer.subscription.updated", subscription, previous)
    return subscription


def ending(tx: Transaction, subscription: Object, details: Object, *, at_end: bool) -> Object:
    """The fields that say whether a subscription ends with the period it is in."""
    if not at_end:
        details = {**details, "reason": None}
        return {"cancel_at": None, "canceled_at": None, "cancellation_details": details}
    return {
        "cancel_at": subscriptions.period_of(subscription)[1],
        "canceled_at": tx.now,
        "cancellation_details": {**details, "reason": "cancellation_requested"},
    }


def living(tx: Transaction, subscription_id: str) -> Object:
    """A subscription that has not ended."""
    subscription = tx.at_path("subscription", subscription_id)
    if subscription["status"] == "canceled":
        message = "A canceled subscription can only update its cancellation_details and metadata."
        raise StripeError(message)
    return subscription


def refuse_method(tx: Transaction, method_id: str, customer: str) -> None:
    """A subscription is paid with a method of its own customer."""
    method = tx.get("payment_method", method_id, "default_payment_method")
    if method["customer"] != customer:
        raise not_the_customers(method_id, "default_payment_method")


@operation("DELETE", PATH + "/{id}", SubscriptionCancelParams)
def cancel(tx: Transaction, params: dict[str, Any], subscription_id: str) -> Object:
    """End a subscription at once; what is paid for the rest of its period stays paid."""
    for name in ("invoice_now", "prorate"):
        if params.get(name):
            raise not_offered(name)
    subscription = tx.at_path("subscription", subscription_id)
    if subscription["status"] == "canceled":
        message = f"No such subscription: '{subscription_id}'"
        raise StripeError(message, status=404, code="resource_missing", param="id")
    sent = params.get("cancellation_details") or {}
    details = {**subscription["cancellation_details"], **sent}
    tx.change(subscription, cancellation_details=details)
    collection.end(tx, subscription, "cancellation_requested")
    return subscription


@operation("GET", PATH, SubscriptionListParams)
def list_subscriptions(tx: Transaction, params: dict[str, Any]) -> Object:
    """Subscriptions, newest first; canceled ones only when they are asked for."""
    for name in ("automatic_tax", "plan", "test_clock"):
        if name in params:
            raise not_offered(name)
    names = ("customer", "customer_account", "collection_method")
    where = {name: params.get(name) for name in names}
    conditions = []
    status = params.get("status")
    if status == "ended":
        conditions.append(
            ("json_extract(body, '$.status') IN ('canceled', 'incomplete_expired')", list[Any]())
        )
    elif status is None:
        conditions.append(("json_extract(body, '$.status') != 'canceled'", list[Any]()))
    elif status != "all":
        where["status"] = status
    if price := params.get("price"):
        conditions.append(("json_extract(body, '$.items.data[0].price.id') = ?", [price]))
    for name in OF_ITEMS:
        conditions += item_clauses(name, params.get(name))
    return listing(tx, "subscription", PATH, params, where, *conditions)


def item_clauses(name: str, period: Any) -> list[tuple[str, list[Any]]]:
    """The conditions of a filter by the period: a moment, or bounds."""
    field = f"json_extract(body, '$.items.data[0].{name}')"
    if period is None:
        return []
    if isinstance(period, int):
        return [(f"{field} = ?", [period])]
    return [(f"{field} {BOUNDS[bound]} ?", [moment]) for bound, moment in period.items()]


@operation("GET", "/v1/subscription_items", SubscriptionItemListParams)
def list_items(tx: Transaction, params: dict[str, Any]) -> Object:
    """The items of one subscription, which has twenty at the most."""
    subscription = tx.get("subscription", params["subscription"], "subscription")
    return page_of(tx, "/v1/subscription_items", subscription["items"]["data"], params)
