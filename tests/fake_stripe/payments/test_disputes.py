"""Disputes as a shop answers them, and the warnings that come before."""

from typing import Any

import pytest
import stripe

from tests.fake_stripe.rig import Fake

WEEK = 7 * 24 * 60 * 60
CHARGEBACK, INQUIRY, WARNED = "4000000000000259", "4000000000001976", "4000000000005423"

LONG_TEXTS = (
    "access_activity_log", "cancellation_rebuttal", "customer_name", "product_description",
    "refund_refusal_explanation", "shipping_carrier", "shipping_address", "uncategorized_text",
)  # fmt: skip


def disputed(fake: Fake, card: str = CHARGEBACK) -> Any:
    """The dispute of a payment with one of the special cards."""
    fake.paid(card=card)
    return fake.v1.disputes.list().data[0]


@pytest.mark.parametrize(
    ("text", "card", "status", "events"),
    [
        ("winning_evidence", CHARGEBACK, "won", ["closed", "funds_reinstated"]),
        ("losing_evidence", CHARGEBACK, "lost", ["closed"]),
        ("winning_evidence", INQUIRY, "warning_closed", ["closed"]),
        ("escalate_inquiry_evidence", INQUIRY, "needs_response", ["updated", "funds_withdrawn"]),
    ],
)
def test_submitted_evidence_is_judged_by_the_clock(
    fake: Fake, text: str, card: str, status: str, events: list[str]
) -> None:
    dispute = disputed(fake, card)

    reviewed = fake.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": text}})
    so_far = len(fake.types())
    fake.control("clock", {"advance": 100})

    assert reviewed.status in ("under_review", "warning_under_review")
    assert reviewed.evidence_details.submission_count == 1
    assert fake.v1.disputes.retrieve(dispute.id).status == status
    assert fake.types()[so_far:] == [f"charge.dispute.{name}" for name in events]


def test_x5_won_dispute_puts_the_money_back_and_keeps_the_fee(fake: Fake) -> None:
    dispute = disputed(fake)

    fake.v1.disputes.update(
        dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}}
    )  # fmt: skip
    fake.control("clock", {"advance": 100})

    booked = fake.v1.disputes.retrieve(dispute.id).balance_transactions
    assert [entry.net for entry in booked] == [-3500, 2000]


def test_x5_what_was_won_can_be_refunded_again(fake: Fake) -> None:
    dispute = disputed(fake)
    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.refunds.create({"charge": str(dispute.charge)})

    fake.v1.disputes.update(
        dispute.id, {"evidence": {"uncategorized_text": "winning_evidence"}}
    )  # fmt: skip
    fake.control("clock", {"advance": 100})

    assert fake.v1.disputes.retrieve(dispute.id).is_charge_refundable
    assert fake.v1.refunds.create({"charge": str(dispute.charge)}).status == "succeeded"


def test_evidence_is_staged_and_changed_before_it_is_submitted(fake: Fake) -> None:
    dispute = disputed(fake)
    staging: Any = {
        "evidence": {"customer_name": "Ada", "shipping_carrier": "Post"},
        "submit": False,
    }

    fake.v1.disputes.update(dispute.id, staging)
    staged = fake.v1.disputes.update(
        dispute.id,
        {"evidence": {"customer_name": "Bob"}, "submit": False, "metadata": {"case": "7"}},
    )

    assert (staged.status, staged.evidence_details.submission_count) == ("needs_response", 0)
    assert (staged.evidence.customer_name, staged.evidence.shipping_carrier) == ("Bob", "Post")
    assert staged.metadata.to_dict() == {"case": "7"}


def test_evidence_is_submitted_once(fake: Fake) -> None:
    dispute = disputed(fake)
    fake.v1.disputes.update(dispute.id, {"evidence": {"customer_name": "Ada"}})

    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.disputes.update(dispute.id, {"evidence": {"customer_name": "Bob"}})
    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.disputes.close(dispute.id)

    kept = fake.v1.disputes.retrieve(dispute.id)
    assert (kept.status, kept.evidence.customer_name) == ("under_review", "Ada")


@pytest.mark.parametrize(
    ("evidence", "param"),
    [
        ({"customer_name": "x" * 20_001}, "evidence[customer_name]"),
        ({"receipt": "file_1"}, "evidence[receipt]"),
        (
            dict.fromkeys(LONG_TEXTS, "x" * 20_000),
            "evidence",
        ),
    ],
)  # fmt: skip
def test_evidence_that_is_too_long_or_no_text_changes_nothing(
    fake: Fake, evidence: Any, param: str
) -> None:
    dispute = disputed(fake)

    with pytest.raises(stripe.InvalidRequestError) as caught:
        fake.v1.disputes.update(dispute.id, {"evidence": evidence})

    assert caught.value.param == param
    assert fake.v1.disputes.retrieve(dispute.id).status == "needs_response"


@pytest.mark.parametrize(("card", "status"), [(CHARGEBACK, "lost"), (INQUIRY, "warning_closed")])
def test_dispute_that_nobody_answers_ends_at_its_deadline(
    fake: Fake, card: str, status: str
) -> None:
    dispute = disputed(fake, card)

    fake.control("clock", {"advance": WEEK})

    ended = fake.v1.disputes.retrieve(dispute.id)
    assert (ended.status, ended.evidence_details.past_due) == (status, True)
    assert fake.types()[-1] == "charge.dispute.closed"


def test_closing_accepts_the_loss_for_good(fake: Fake) -> None:
    dispute = disputed(fake)

    lost = fake.v1.disputes.close(dispute.id)

    assert lost.status == "lost"
    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.disputes.close(dispute.id)


def test_warning_of_fraud_can_be_acted_on_until_all_is_refunded(fake: Fake) -> None:
    intent = fake.paid(card=WARNED)
    fake.control("clock", {"advance": 10})
    warnings = fake.v1.radar.early_fraud_warnings
    warning = warnings.list({"payment_intent": intent.id}).data[0]

    fake.v1.refunds.create({"payment_intent": intent.id, "amount": 500})
    after_a_part = warnings.retrieve(warning.id).actionable
    fake.v1.refunds.create({"payment_intent": intent.id})

    assert (warning.actionable, after_a_part) == (True, True)
    assert warnings.retrieve(warning.id).actionable is False
    assert warnings.list({"charge": "ch_other"}).data == []
    assert [name for name in fake.types() if name.startswith("radar")] == [
        "radar.early_fraud_warning.created", "radar.early_fraud_warning.updated",
    ]  # fmt: skip
