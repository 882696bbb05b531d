"""Money that is held: captured in whole or in part, released, lapsed; and money given back."""

import pytest
import stripe

from tests.fake_stripe.rig import Fake

WEEK = 7 * 24 * 60 * 60


def test_capture_takes_all_of_the_hold(fake: Fake) -> None:
    intent = fake.held()

    captured = fake.v1.payment_intents.capture(intent.id, {"expand": ["latest_charge"]})

    assert (captured.status, captured.amount_received, captured.amount_capturable) == (
        "succeeded", 2000, 0,
    )  # fmt: skip
    charge = captured.latest_charge
    assert (charge.captured, charge.amount_captured, charge.amount_refunded) == (True, 2000, 0)
    assert fake.types()[-3:] == ["charge.captured", "payment_intent.succeeded", "charge.updated"]


def test_partial_capture_releases_the_rest_as_a_reversal(fake: Fake) -> None:
    intent = fake.held()

    captured = fake.v1.payment_intents.capture(
        intent.id, {"amount_to_capture": 1500, "expand": ["latest_charge.refunds"]}
    )

    assert (captured.amount, captured.amount_received) == (2000, 1500)
    charge = captured.latest_charge
    assert (charge.amount_captured, charge.amount_refunded, charge.refunded) == (1500, 500, False)
    (released,) = charge.refunds.data
    assert (released.amount, released.reason) == (500, None)
    assert released.destination_details.card.type == "reversal"
    assert released.balance_transaction is None


def test_second_capture_is_refused_with_the_intent(fake: Fake) -> None:
    intent = fake.held()
    fake.v1.payment_intents.capture(intent.id)

    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.v1.payment_intents.capture(intent.id)

    assert refused.value.code == "payment_intent_unexpected_state"
    assert refused.value.error.payment_intent.status == "succeeded"


def test_cancel_releases_the_hold(fake: Fake) -> None:
    intent = fake.held()

    canceled = fake.v1.payment_intents.cancel(
        intent.id, {"cancellation_reason": "abandoned", "expand": ["latest_charge"]}
    )

    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    charge = canceled.latest_charge
    assert (charge.captured, charge.refunded, charge.amount_refunded) == (False, True, 2000)
    (released,) = fake.v1.refunds.list({"payment_intent": intent.id}).data
    assert (released.amount, released.reason) == (2000, "expired_uncaptured_charge")
    assert fake.types()[-2:] == ["payment_intent.canceled", "charge.refunded"]


def test_hold_lapses_by_the_clock(fake: Fake) -> None:
    intent = fake.held()

    fake.control("clock", {"advance": WEEK - 60})
    assert fake.intent(intent.id).status == "requires_capture"
    fake.control("clock", {"advance": 120})

    lapsed = fake.intent(intent.id)
    assert (lapsed.status, lapsed.cancellation_reason) == ("canceled", "automatic")
    assert (lapsed.latest_charge.captured, lapsed.latest_charge.refunded) == (False, True)
    assert fake.types()[-2:] == ["charge.expired", "payment_intent.canceled"]
    (event,) = fake.v1.events.list({"type": "charge.expired"}).data
    assert event.request.to_dict() == {"id": None, "idempotency_key": None}


def test_captured_hold_does_not_lapse(fake: Fake) -> None:
    intent = fake.held()
    fake.v1.payment_intents.capture(intent.id)

    fake.control("clock", {"advance": WEEK + 60})

    assert fake.intent(intent.id).status == "succeeded"


def test_unconfirmed_intent_of_a_session_cannot_be_canceled(fake: Fake) -> None:
    session = fake.session()
    fake.controlled(f"sessions/{session.id}/pay", {"card": "4000000000000002"})
    intent = fake.v1.checkout.sessions.retrieve(session.id).payment_intent

    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.v1.payment_intents.cancel(str(intent))

    assert refused.value.code == "payment_intent_unexpected_state"


def test_intents_and_charges_are_listed(fake: Fake) -> None:
    first, second = fake.paid(), fake.paid()

    intents = fake.v1.payment_intents.list({"expand": ["data.latest_charge"]})
    charges = fake.v1.charges.list({"payment_intent": first.id})

    assert [intent.id for intent in intents.data] == [second.id, first.id]
    assert intents.data[0].latest_charge.amount == 2000
    assert [charge.id for charge in charges.data] == [first.latest_charge.id]


def test_metadata_of_an_intent_is_merged(fake: Fake) -> None:
    intent = fake.held(metadata={})

    fake.v1.payment_intents.update(intent.id, {"metadata": {"a": "1"}})
    changed = fake.v1.payment_intents.update(intent.id, {"metadata": {"b": "2"}})

    assert changed.metadata.to_dict() == {"a": "1", "b": "2"}


def test_refunds_add_up_to_what_was_captured(fake: Fake) -> None:
    intent = fake.paid()

    part = fake.v1.refunds.create(
        {"payment_intent": intent.id, "amount": 500, "reason": "requested_by_customer"}
    )
    with pytest.raises(stripe.InvalidRequestError) as too_much:
        fake.v1.refunds.create({"payment_intent": intent.id, "amount": 1501})
    rest = fake.v1.refunds.create({"charge": intent.latest_charge.id, "metadata": {"a": "1"}})
    with pytest.raises(stripe.InvalidRequestError) as again:
        fake.v1.refunds.create({"payment_intent": intent.id})

    assert (part.status, part.amount, rest.amount) == ("succeeded", 500, 1500)
    assert too_much.value.param == "amount"
    assert again.value.code == "charge_already_refunded"
    charge = fake.v1.charges.retrieve(intent.latest_charge.id, {"expand": ["refunds"]})
    assert (charge.amount_refunded, charge.refunded) == (2000, True)
    assert charge.refunds is not None
    assert [refund.id for refund in charge.refunds.data] == [rest.id, part.id]
    assert fake.types()[-4:] == ["refund.created", "charge.refunded"] * 2


def test_only_what_was_captured_can_be_refunded(fake: Fake) -> None:
    intent = fake.held()
    fake.v1.payment_intents.capture(intent.id, {"amount_to_capture": 1500})

    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.refunds.create({"payment_intent": intent.id, "amount": 1501})

    assert fake.v1.refunds.create({"payment_intent": intent.id}).amount == 1500


def test_slow_refund_is_pending_then_succeeds(fake: Fake) -> None:
    intent = fake.paid(card="4000000000007726")

    refund = fake.v1.refunds.create({"payment_intent": intent.id})
    fake.control("clock", {"advance": 60})

    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    assert fake.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert "refund.updated" in fake.types()


def test_x2_a_pending_refund_moves_nothing_until_it_settles(fake: Fake) -> None:
    intent = fake.paid(card="4000000000007726")

    refund = fake.v1.refunds.create({"payment_intent": intent.id, "amount": 1500})
    waiting, so_far = fake.intent(intent.id).latest_charge, fake.types()
    with pytest.raises(stripe.InvalidRequestError) as too_much:
        fake.v1.refunds.create({"payment_intent": intent.id, "amount": 501})
    fake.control("clock", {"advance": 60})

    assert (waiting.amount_refunded, refund.balance_transaction) == (0, None)
    assert so_far[-1] == "refund.created"
    assert "greater than unrefunded amount" in str(too_much.value)
    assert fake.intent(intent.id).latest_charge.amount_refunded == 1500
    assert fake.v1.refunds.retrieve(refund.id).balance_transaction
    assert fake.types()[len(so_far) :] == [
        "refund.updated", "charge.refund.updated", "charge.refunded",
    ]  # fmt: skip


def test_refund_fails_later_and_is_taken_off_the_charge(fake: Fake) -> None:
    intent = fake.paid(card="4000000000005126")

    refund = fake.v1.refunds.create({"payment_intent": intent.id})
    fake.control("clock", {"advance": 60})

    failed = fake.v1.refunds.retrieve(refund.id)
    assert (refund.status, failed.status) == ("succeeded", "failed")
    assert failed.failure_reason == "expired_or_canceled_card"
    assert fake.intent(intent.id).latest_charge.amount_refunded == 0
    assert "refund.failed" in fake.types()


def test_metadata_of_a_refund_can_be_changed(fake: Fake) -> None:
    refund = fake.v1.refunds.create({"payment_intent": fake.paid().id, "metadata": {"a": "1"}})

    changed = fake.v1.refunds.update(refund.id, {"metadata": {"b": "2"}})

    assert changed.metadata is not None
    assert changed.metadata.to_dict() == {"a": "1", "b": "2"}


def test_disputed_charge_cannot_be_refunded(fake: Fake) -> None:
    intent = fake.paid()

    dispute = fake.control("disputes", {"payment_intent": intent.id})

    assert fake.v1.disputes.retrieve(dispute["id"]).status == "needs_response"
    assert [one.id for one in fake.v1.disputes.list({"payment_intent": intent.id}).data] == [
        dispute["id"]
    ]
    with pytest.raises(stripe.InvalidRequestError) as refused:
        fake.v1.refunds.create({"payment_intent": intent.id})
    assert refused.value.code == "charge_disputed"
    assert fake.intent(intent.id).latest_charge.disputed
    assert fake.types()[-3:] == [
        "charge.dispute.created",
        "charge.updated",
        "charge.dispute.funds_withdrawn",
    ]


@pytest.mark.parametrize(
    ("card", "reason", "status"),
    [
        ("4000000000000259", "fraudulent", "needs_response"),
        ("4000000000002685", "product_not_received", "needs_response"),
        ("4000000000001976", "fraudulent", "warning_needs_response"),
    ],
)
def test_x5_some_cards_dispute_what_they_paid_at_once(
    fake: Fake, card: str, reason: str, status: str
) -> None:
    intent = fake.paid(card=card)

    assert intent.latest_charge.disputed
    (dispute,) = fake.v1.disputes.list({"payment_intent": intent.id}).data
    assert (dispute.reason, dispute.status) == (reason, status)


def test_balance_transactions_tell_of_charge_and_refund(fake: Fake) -> None:
    intent = fake.paid()
    fake.v1.refunds.create({"payment_intent": intent.id, "amount": 300})

    listed = fake.v1.balance_transactions.list().data

    assert [(one.type, one.amount) for one in listed] == [("refund", -300), ("charge", 2000)]
    assert fake.v1.balance_transactions.retrieve(listed[1].id).source == intent.latest_charge.id


@pytest.mark.parametrize("card", ["4000000000000077", "4000003720000278"])
def test_card_pays_into_the_available_balance(fake: Fake, card: str) -> None:
    fake.paid(1000)
    fake.paid(2000, card=card)

    balance = fake.v1.balance.retrieve()

    entries = fake.v1.balance_transactions.list({"type": "charge"}).data
    assert [entry.status for entry in entries] == ["available", "pending"]
    assert [(one.amount, one.currency) for one in balance.available] == [(entries[0].net, "eur")]
    assert [(one.amount, one.currency) for one in balance.pending] == [(entries[1].net, "eur")]


def test_charge_is_changed(fake: Fake) -> None:
    charge = fake.paid().latest_charge

    changed = fake.v1.charges.update(
        charge.id,
        {
            "description": "A kettle", "receipt_email": "jane@example.com",
            "metadata": {"why": "tea"},
            "shipping": {"name": "Jane", "address": {"line1": "Hauptplatz 1", "country": "AT"}},
        },
    )  # fmt: skip

    assert (changed.description, changed.receipt_email) == ("A kettle", "jane@example.com")
    assert changed.metadata["why"] == "tea"
    assert (changed.shipping.name, changed.shipping.address.city) == ("Jane", None)
    assert fake.types()[-1] == "charge.updated"
    assert fake.v1.charges.retrieve(charge.id) == changed
