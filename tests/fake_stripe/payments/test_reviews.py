"""Payments that are put aside for review, and keys that may not read of it."""

from typing import Any

import pytest
import stripe

from tests.fake_stripe.rig import Fake


def put_aside(fake: Fake) -> Any:
    """The review of a payment."""
    fake.paid()
    intent = fake.v1.payment_intents.list().data[0]
    fake.control("reviews", {"payment_intent": intent.id})
    return fake.v1.reviews.list().data[0]


# K5
def test_a_review_stands_in_its_payment_until_it_is_approved(fake: Fake) -> None:
    review = put_aside(fake)
    intent = fake.v1.payment_intents.retrieve(
        review.payment_intent, {"expand": ["review", "latest_charge"]}
    )
    shown = (intent.review.id, intent.review.open, intent.latest_charge.review, review.reason)

    approved = fake.v1.reviews.approve(review.id)

    assert shown == (review.id, True, review.id, "rule")
    assert (approved.open, approved.closed_reason, approved.reason) == (
        False,
        "approved",
        "approved",
    )
    assert [name for name in fake.types() if name.startswith("review.")] == [
        "review.opened",
        "review.closed",
    ]
    assert fake.v1.reviews.list().data == []
    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        fake.v1.reviews.approve(review.id)


# K5
def test_what_becomes_of_the_payment_closes_its_review(fake: Fake) -> None:
    review = put_aside(fake)

    fake.v1.refunds.create({"payment_intent": review.payment_intent})

    assert fake.v1.reviews.retrieve(review.id).closed_reason == "refunded"


# K5
def test_a_restricted_key_may_lack_the_right_to_read_reviews(fake: Fake) -> None:
    review = put_aside(fake)
    fake.control("rights", {"key": "rk_test_less", "without": ["rak_review_read"]})

    with pytest.raises(stripe.PermissionError, match="rak_review_read"):
        fake.client_for("rk_test_less").v1.reviews.retrieve(review.id)
    other = fake.client_for("rk_test_more").v1.reviews.retrieve(review.id)

    assert other.id == review.id
