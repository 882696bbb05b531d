"""Capturing less than is due: what is due is lowered by the capture, not by the wish."""

from typing import Any

import pytest

from payments import stripe_requests
from payments.models import Payment
from payments.settlement import settle
from shop.money import Money
from shop.orders.models import Order, OrderReduction
from tests.support.factories import UserFactory
from tests.support.purchases import held, perform
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

LESS = Money(1500, "eur")


def holds(order: Order) -> list[str]:
    return list(order.holds.values_list("reason", flat=True))


def reductions() -> list[tuple[Any, ...]]:
    return list(OrderReduction.objects.values_list("amount", "reason", "actor_name"))


def test_the_capture_lowers_what_is_due_with_the_reason_of_who_asked(stand_in: StandIn) -> None:
    order, payment = held(stand_in)

    request = stripe_requests.ask_capture(payment, LESS, reason="scratched", actor=UserFactory())
    perform(request)
    settle.settle(payment)

    assert reductions() == [(300, "scratched", "Ana")]
    assert (Order.objects.get().due, holds(order)) == (LESS, [])


def test_so_it_does_when_its_answer_was_lost_and_an_event_tells(stand_in: StandIn) -> None:
    """Guard: the reduction is written with the fact, not with the end of the request."""
    _, payment = held(stand_in)
    request = stripe_requests.ask_capture(payment, LESS, reason="scratched")
    stand_in.fail("/capture", when="after", reset=True)

    perform(request)
    settle.settle(payment)

    assert reductions() == [(300, "scratched", "")]


def test_a_refused_capture_lowers_nothing(stand_in: StandIn) -> None:
    order, payment = held(stand_in)
    stand_in.fail("/capture", status=400)

    perform(stripe_requests.ask_capture(payment, LESS, reason="scratched"))

    assert reductions() == []
    assert Order.objects.get().due == order.due == Money(1800, "eur")


def test_less_captured_in_the_dashboard_is_looked_at(stand_in: StandIn) -> None:
    order, payment = held(stand_in)

    stand_in.call(
        f"payment_intents/{payment.stripe_payment_intent_id}/capture", amount_to_capture=1500
    )
    settle.settle(payment)

    assert Payment.objects.get().captured_amount == 1500
    assert holds(order) == ["late_fact"]


# T2
def test_and_takes_nothing_off_before_a_person_says_what(stand_in: StandIn) -> None:
    order, payment = held(stand_in)

    stand_in.call(
        f"payment_intents/{payment.stripe_payment_intent_id}/capture", amount_to_capture=1500
    )
    settle.settle(payment)

    assert (reductions(), Order.objects.get().due) == ([], Money(1800, "eur"))
    assert order.holds.get().note == "Only 15.00 EUR of 18.00 EUR was captured at Stripe."
