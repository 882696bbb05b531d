"""Reviews: payments that a rule or a person has put aside for somebody to look at."""

from fake_stripe.engine.transaction import Transaction
from fake_stripe.schema import Object

# Why a review closes, by people or by what becomes of its payment.
CLOSINGS = (
    "acknowledged", "approved", "canceled", "disputed", "payment_never_settled", "redacted",
    "refunded", "refunded_as_fraud",
)  # fmt: skip


def put_aside(tx: Transaction, charge: Object, *, reason: str = "rule") -> Object:
    """Open the review of a payment, by a `rule` or `manual`ly, unless it has one."""
    if charge["review"]:
        return tx.get("review", charge["review"])
    entry = tx.create(
        "review",
        billing_zip=(charge["billing_details"]["address"] or {}).get("postal_code"),
        charge=charge["id"],
        open=True,
        opened_reason=reason,
        payment_intent=charge["payment_intent"],
        reason=reason,
    )
    tx.change(charge, review=entry["id"])
    tx.change(tx.get("payment_intent", charge["payment_intent"]), review=entry["id"])
    tx.emit("review.opened", entry)
    return entry


def close(tx: Transaction, entry: Object, reason: str) -> None:
    """Close a review, once."""
    if entry["open"]:
        tx.change(entry, open=False, closed_reason=reason, reason=reason)
        tx.emit("review.closed", entry)


def follow(tx: Transaction, charge: Object, reason: str) -> None:
    """Close the review of a payment that was refunded, disputed or called off."""
    if charge["review"]:
        close(tx, tx.get("review", charge["review"]), reason)
