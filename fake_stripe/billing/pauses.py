"""Pauses of a subscription: what falls due while one lasts is not collected."""

from typing import Any

from fake_stripe.billing import collection, invoices
from fake_stripe.engine.errors import StripeError, not_offered
from fake_stripe.engine.transaction import Transaction, due
from fake_stripe.schema import Object

# What becomes of an invoice by the behavior of the pause.
CLOSED = {"void": "voided_at", "mark_uncollectible": "marked_uncollectible_at"}


def pause(tx: Transaction, subscription: Object, wanted: Any) -> Object:
    """The field of a pause; the clock ends one that has a date."""
    tx.unschedule("resume_collection", subscription["id"])
    if not wanted:
        return {"pause_collection": None}
    if wanted["behavior"] == "keep_as_draft":
        raise not_offered("pause_collection[behavior]")
    resumes_at = wanted.get("resumes_at")
    if resumes_at is not None:
        resumes_at += tx.offset
        if resumes_at <= tx.now:
            message = "`resumes_at` must be in the future."
            raise StripeError(message, param="pause_collection[resumes_at]")
        tx.schedule("resume_collection", subscription["id"], resumes_at)
    return {"pause_collection": {"behavior": wanted["behavior"], "resumes_at": resumes_at}}


@due("resume_collection")
def resume(tx: Transaction, subscription_id: str) -> None:
    """The date has come at which a pause ends."""
    subscription = tx.get("subscription", subscription_id)
    if subscription["pause_collection"] and subscription["status"] in collection.LIVING:
        previous = tx.change(subscription, pause_collection=None)
        tx.emit("customer.subscription.updated", subscription, previous)


def close(tx: Transaction, invoice: Object, behavior: str) -> None:
    """Finalize an invoice that falls due in a pause, and give it up at once."""
    invoices.finalize(tx, invoice)
    status = "void" if behavior == "void" else "uncollectible"
    invoices.close(tx, invoice, status, CLOSED[behavior])
