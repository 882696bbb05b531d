"""What speaks against a payment puts its order in review, each sign once."""

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from fulfillment import shipping
from fulfillment.admin import review as staff_review
from payments import stripe_requests, webhooks
from payments.models import Payment, RiskSign, WebhookEvent
from payments.settlement import settle
from payments.stripe import gateway, inspection
from shop.orders.models import Order
from tests.payments.deliveries import deliver
from tests.support.factories import UserFactory
from tests.support.purchases import (
    captured_at_stripe,
    do_the_work,
    held,
    order_of,
    pay,
    payment_of,
    process,
    read,
    settled,
    start,
)
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

HIGHEST, ELEVATED, WARNED = "4000000000004954", "4000000000009235", "4000000000005423"


def in_review(stand_in: StandIn) -> tuple[Order, str]:
    """An order that was paid while a rule put the payment aside; all that can be done is done."""
    session = start()
    pay(stand_in, session)
    intent = stand_in.api(f"checkout/sessions/{session.stripe_session_id}")["payment_intent"]
    opened = stand_in.ask("reviews", {"payment_intent": intent})
    read(session)
    do_the_work()
    return order_of(session), opened["id"]


def holds(order: Order) -> list[str]:
    return list(
        order.holds.filter(closed_at=None).order_by("reason").values_list("reason", flat=True)
    )


def told(client: Client, stand_in: StandIn, event_type: str) -> WebhookEvent:
    """The newest event of a type is delivered and processed."""
    real = next(made for made in stand_in.api("events")["data"] if made["type"] == event_type)
    assert deliver(client, real).status_code == 200
    return process(WebhookEvent.objects.get(stripe_event_id=real["id"]))


# K5
def test_a_payment_in_review_is_neither_captured_nor_packed(stand_in: StandIn) -> None:
    order, review = in_review(stand_in)

    payment = payment_of(order)
    assert (order.status, payment.status, holds(order)) == ("confirmed", "authorized", ["radar"])
    assert review in order.holds.get().note
    assert (order.shipments.count(), payment.requests.count()) == (0, 0)
    with pytest.raises(stripe_requests.NotPossible, match="in review"):
        stripe_requests.ask_capture(payment, order.due)


# K5
def test_its_approval_lets_the_order_go_on(client: Client, stand_in: StandIn) -> None:
    order, review = in_review(stand_in)
    stand_in.call(f"reviews/{review}/approve")

    event = told(client, stand_in, "review.closed")
    do_the_work()

    assert (event.status, event.outcome) == ("done", "settled")
    assert (holds(order), order.holds.get().closed_by) == ([], "Stripe: approved")
    assert payment_of(order).status == "captured"
    assert order.shipments.count() == 1


# K5
@pytest.mark.parametrize("reason", ["acknowledged", "redacted", "refunded_as_fraud"])
def test_closed_for_another_reason_it_waits_for_staff(stand_in: StandIn, reason: str) -> None:
    order, review = in_review(stand_in)
    stand_in.ask(f"reviews/{review}/close", {"reason": reason})

    order, payment = settled(payment_of(order))
    do_the_work()
    waiting = (holds(order), payment.status)
    said = order.holds.get().note
    staff_review.close(order.pk, order.holds.get().pk, by=UserFactory(is_superuser=True))
    do_the_work()

    assert waiting == (["radar"], "authorized")
    assert said.endswith(f"Review {review} at Stripe was closed as {reason}.")
    assert payment_of(order).status == "captured"


# K5
def test_what_staff_have_closed_is_not_opened_by_another_look(stand_in: StandIn) -> None:
    order, _ = in_review(stand_in)
    staff_review.close(order.pk, order.holds.get().pk, by=UserFactory(is_superuser=True))

    order, _ = settled(payment_of(order))

    assert holds(order) == []


# K5
def test_a_review_that_is_read_late_is_not_opened_again(stand_in: StandIn) -> None:
    order, review = in_review(stand_in)
    payment = payment_of(order)
    early = gateway.read_payment(payment.stripe_payment_intent_id)
    stand_in.call(f"reviews/{review}/approve")
    settled(payment)

    settle._apply(payment.session, None, early, [], None)

    assert (early.review and early.review.is_open, holds(order)) == (True, [])
    assert list(RiskSign.objects.values_list("kind", "is_open", "detail")) == [
        ("review", False, "approved")
    ]


# K5
def test_a_review_that_opens_after_the_capture_keeps_the_parcel(
    client: Client, stand_in: StandIn
) -> None:
    order, payment = captured_at_stripe(stand_in)
    do_the_work()
    stand_in.ask(
        "reviews", {"payment_intent": payment.stripe_payment_intent_id, "reason": "manual"}
    )

    told(client, stand_in, "review.opened")

    with pytest.raises(shipping.CannotShip, match="in review"):
        shipping.pack(order.shipments.get())


# K5
@pytest.mark.parametrize(
    ("card", "expected"), [(HIGHEST, ["fraud"]), (ELEVATED, []), ("4242424242424242", [])]
)
def test_the_highest_risk_waits_for_staff(
    stand_in: StandIn, card: str, expected: list[str]
) -> None:
    order, payment = held(stand_in, card=card)

    do_the_work()
    waiting = (holds(order), payment_of(order).status)
    for hold in order.holds.all():
        staff_review.close(order.pk, hold.pk, by=UserFactory(is_superuser=True))
    order, _ = settled(payment)
    do_the_work()

    assert waiting == (expected, "authorized" if expected else "captured")
    assert (holds(order), payment_of(order).status) == ([], "captured")


# K5
def test_a_declined_attempt_at_the_highest_risk_says_nothing_of_the_next(
    stand_in: StandIn,
) -> None:
    session = start()
    stand_in.pay(str(session.stripe_session_id), card="4100000000000019")
    pay(stand_in, session)

    order = order_of(read(session))

    assert (order.status, holds(order)) == ("confirmed", [])


# K5
def test_a_warning_of_fraud_holds_the_order_once(client: Client, stand_in: StandIn) -> None:
    order, payment = captured_at_stripe(stand_in, card=WARNED)
    stand_in.advance(seconds=10)

    told(client, stand_in, "radar.early_fraud_warning.created")
    warned = (holds(order), "made_with_stolen_card" in order.holds.get().note)
    staff_review.close(order.pk, order.holds.get().pk, by=UserFactory(is_superuser=True))
    settled(payment)

    assert (warned, holds(order)) == ((["fraud"], True), [])


# K5
def test_a_warning_that_came_too_late_holds_nothing(client: Client, stand_in: StandIn) -> None:
    """The money has gone back already: there is nothing to do."""
    order, payment = captured_at_stripe(stand_in, card=WARNED)
    stand_in.advance(seconds=10)
    stand_in.call("refunds", payment_intent=payment.stripe_payment_intent_id)

    told(client, stand_in, "radar.early_fraud_warning.updated")

    assert "fraud" not in holds(order)
    assert list(RiskSign.objects.values_list("kind", "is_open")) == [("warning", False)]


# K5
def test_a_key_without_the_right_to_read_reviews_leaves_them_to_staff(
    stand_in: StandIn, settings: Any
) -> None:
    """The payment is read all the same, and nobody says that somebody has approved it."""
    session = start()
    pay(stand_in, session)
    intent = stand_in.api(f"checkout/sessions/{session.stripe_session_id}")["payment_intent"]
    opened = stand_in.ask("reviews", {"payment_intent": intent})
    stand_in.call(f"reviews/{opened['id']}/approve")
    settings.STRIPE_SECRET_KEY = "rk_test_holdfast_tests"
    with_the_right = inspection.missing_rights()
    stand_in.ask("rights", {"key": "rk_test_holdfast_tests", "without": ["rak_review_read"]})

    order = order_of(read(session))

    assert (with_the_right, inspection.missing_rights()) == ([], ["Reviews: read"])
    assert (order.status, holds(order)) == ("confirmed", ["radar"])


# K5
def test_the_endpoint_is_registered_for_what_radar_tells() -> None:
    radar = [name for name in webhooks.HANDLED if name.startswith(("review.", "radar."))]

    assert radar == [
        "review.opened",
        "review.closed",
        "radar.early_fraud_warning.created",
        "radar.early_fraud_warning.updated",
    ]


# K5
def test_an_extra_look_at_a_payment_without_signs_writes_none(stand_in: StandIn) -> None:
    _, payment = held(stand_in)
    facts = gateway.read_payment(payment.stripe_payment_intent_id)

    settle._apply(payment.session, None, replace(facts, risk_level=""), [], None)

    assert (RiskSign.objects.count(), Payment.objects.count()) == (0, 1)
