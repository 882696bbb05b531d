"""Reviews, as the API shows them; the controls bring them about."""

from typing import Any

from stripe.params import ReviewApproveParams, ReviewListParams, ReviewRetrieveParams

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.transaction import Transaction
from fake_stripe.payments import reviews
from fake_stripe.protocol.lists import listing
from fake_stripe.protocol.operations import operation
from fake_stripe.schema import Object


@operation("GET", "/v1/reviews/{id}", ReviewRetrieveParams)
def retrieve(tx: Transaction, params: dict[str, Any], review_id: str) -> Object:
    """One review."""
    return tx.at_path("review", review_id, "review")


@operation("GET", "/v1/reviews", ReviewListParams)
def list_reviews(tx: Transaction, params: dict[str, Any]) -> Object:
    """The open reviews, newest first."""
    return listing(tx, "review", "/v1/reviews", params, {"open": True})


@operation("POST", "/v1/reviews/{id}/approve", ReviewApproveParams)
def approve(tx: Transaction, params: dict[str, Any], review_id: str) -> Object:
    """Close a review: somebody has looked, and the payment is good."""
    entry = tx.at_path("review", review_id, "review")
    if not entry["open"]:
        raise StripeError(f"The review {review_id} is already closed.")
    reviews.close(tx, entry, "approved")
    return entry
