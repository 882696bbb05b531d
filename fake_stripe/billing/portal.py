"""The billing portal: what customers may see there, and for how long."""

from typing import Any

from fake_stripe.billing import collection
from fake_stripe.engine.transaction import Transaction
from fake_stripe.schema import Object

# An address that nobody has opened lapses after five minutes, as Stripe's does.
UNUSED = 5 * 60
# Once opened it stays good for an hour; Stripe does not say for how long its pages do.
IN_USE = 60 * 60
# What a customer can change on the page here.
DETAILS = ("address", "email", "name", "phone")
# What would have to be prorated, or paused, is not played.
SWITCHED_OFF: dict[str, Object] = {
    "subscription_pause": {
        "duration": {
            "interval_options": [{"interval": "month", "interval_count": 1}],
            "type": "interval_options",
        },
        "enabled": False,
    },
    "subscription_update": {
        "default_allowed_updates": [],
        "enabled": False,
        "proration_behavior": "none",
        "schedule_at_period_end": {"conditions": []},
        "trial_update_behavior": "end_trial",
    },
}
FEATURES: dict[str, Object] = {
    **SWITCHED_OFF,
    "invoice_history": {"enabled": False},
    "subscription_cancel": {
        "cancellation_reason": {"enabled": False, "options": []},
        "enabled": False,
        "mode": "at_period_end",
        "proration_behavior": "none",
    },
    "customer_update": {"allowed_updates": [], "enabled": False},
    "payment_method_update": {"enabled": False},
}
USUAL = {
    **FEATURES,
    "customer_update": {"allowed_updates": list(DETAILS), "enabled": True},
    "invoice_history": {"enabled": True},
    "payment_method_update": {"enabled": True},
    "subscription_cancel": {**FEATURES["subscription_cancel"], "enabled": True},
}


def create_configuration(tx: Transaction, **values: Any) -> Object:
    """Write a configuration, announcing nothing."""
    usual = {"active": True, "business_profile": {}, "is_default": False, "metadata": {}}
    page = {"login_page": {"enabled": False}, "updated": tx.now}
    return tx.create("billing_portal.configuration", **{**usual, **page, **values})


def default_configuration(tx: Transaction) -> Object:
    """The account's own configuration, there as if it had been saved in the Dashboard."""
    defaults = tx.store.select("billing_portal.configuration", {"is_default": True}, limit=1)
    return defaults[0] if defaults else create_configuration(tx, features=USUAL, is_default=True)


def is_open(tx: Transaction, session: Object) -> bool:
    """Whether the session's page may still be seen."""
    return bool(tx.now < session["_"]["ends"])


def enter(tx: Transaction, session: Object) -> None:
    """The first visit makes the address last."""
    if not session["_"]["used"]:
        tx.change(session, _={"used": True, "ends": tx.now + IN_USE})


def may_update(configuration: Object) -> list[str]:
    """Which of the customer's details may be changed."""
    feature = configuration["features"]["customer_update"]
    return list(feature["allowed_updates"]) if feature["enabled"] else []


def may_manage_cards(configuration: Object) -> bool:
    """Whether the saved cards are shown and may be changed."""
    return bool(configuration["features"]["payment_method_update"]["enabled"])


def cancels(configuration: Object) -> str:
    """How subscriptions may be canceled here: at_period_end, immediately, or not at all."""
    feature = configuration["features"]["subscription_cancel"]
    return str(feature["mode"]) if feature["enabled"] else ""


def subscriptions(tx: Transaction, customer_id: str) -> list[Object]:
    """The customer's subscriptions that have not ended, newest first."""
    subscribed = tx.store.select("subscription", {"customer": customer_id})
    return [entry for entry in subscribed if entry["status"] in collection.LIVING]


def invoices(tx: Transaction, customer: Object, configuration: Object) -> list[Object]:
    """The customer's invoices of late, newest first, where they are to be seen."""
    if not configuration["features"]["invoice_history"]["enabled"]:
        return []
    newest = tx.store.select("invoice", {"customer": customer["id"]}, limit=24)
    return [invoice for invoice in newest if invoice["status"] != "draft"]


def saved_cards(tx: Transaction, customer_id: str) -> list[Object]:
    """All cards kept for the customer, newest first."""
    return tx.store.select("payment_method", {"customer": customer_id, "type": "card"})
