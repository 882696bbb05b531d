"""What customers do on the portal, by the calls that a shop's server would make."""

from fake_stripe.billing import collection
from fake_stripe.engine.transaction import Transaction
from fake_stripe.resources import customers, payment_methods, subscriptions
from fake_stripe.schema import Object


def end_subscription(tx: Transaction, subscription: Object, mode: str) -> None:
    """The customer does not want to go on."""
    if mode == "immediately":
        collection.end(tx, subscription, "cancellation_requested")
    else:
        subscriptions.update(tx, {"cancel_at_period_end": True}, subscription["id"])


def keep_subscription(tx: Transaction, subscription: Object) -> None:
    """The customer has changed their mind."""
    subscriptions.update(tx, {"cancel_at_period_end": False}, subscription["id"])


def make_default(tx: Transaction, customer: Object, method_id: str) -> None:
    """Have invoices paid by this card."""
    settings = {"invoice_settings": {"default_payment_method": method_id}}
    customers.update(tx, settings, customer["id"])


def remove_card(tx: Transaction, method_id: str) -> None:
    """Forget a card; if it was the default, there is none now."""
    payment_methods.detach(tx, {}, method_id)
