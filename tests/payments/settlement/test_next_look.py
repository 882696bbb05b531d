"""What nobody tells of is looked at in time: each row that is not final has its next look."""

from datetime import timedelta
from typing import Any

import pytest

from payments import stripe_requests
from payments.models import CheckoutSession, Payment, Refund, StripeRequest
from payments.settlement import deadlines
from shop.money import Money
from shop.orders.models import Order
from tests.support.clocks import move_clocks
from tests.support.factories import PriceFactory
from tests.support.purchases import (
    captured_at_stripe,
    counted,
    held,
    order_of,
    paid,
    perform,
    perform_all,
    start,
)
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

SEPA = {"method": "sepa_debit", "iban": "AT321904300235473204"}


def given_up(session: CheckoutSession) -> StripeRequest:
    """Its worker was lost too often."""
    StripeRequest.objects.filter(session=session).update(status="dead")
    return StripeRequest.objects.get(session=session)


def test_a_page_that_was_never_made_gives_its_units_back(stand_in: StandIn) -> None:
    # K15
    price = PriceFactory()
    stand_in.fail("/v1/checkout/sessions$", method="POST", status=500, times=99)
    session = start(price)
    request = given_up(session)
    deadlines.sweep()
    early = counted(price)
    move_clocks(stand_in, minutes=46)

    deadlines.sweep()

    request.refresh_from_db()
    session.refresh_from_db()
    assert (early, counted(price)) == ((10, 1), (10, 0))
    assert (order_of(session).status, session.status, session.next_look_at) == (
        "expired",
        "expired",
        None,
    )
    assert (request.status, request.outcome) == ("done", "gone at Stripe")


def test_while_its_request_goes_on_a_page_keeps_its_units(stand_in: StandIn) -> None:
    # K15: only what nobody tries on is over.
    price = PriceFactory()
    stand_in.fail("/v1/checkout/sessions$", method="POST", status=500, times=99)
    session = start(price)
    move_clocks(stand_in, minutes=46)

    deadlines.sweep()

    assert (order_of(session).status, counted(price)) == ("pending", (10, 1))


@pytest.mark.parametrize(("is_paid", "ending"), [(True, "confirmed"), (False, "expired")])
def test_a_page_that_was_made_unheard_is_found(
    stand_in: StandIn, is_paid: bool, ending: str
) -> None:
    # K15
    stand_in.fail("/v1/checkout/sessions$", method="POST", when="after", reset=True)
    session = start()
    given_up(session)
    if is_paid:
        stand_in.pay(stand_in.api("checkout/sessions")["data"][0]["id"])
    move_clocks(stand_in, minutes=46)

    deadlines.sweep()
    perform_all()

    assert order_of(session).status == ending


def test_a_debit_that_pays_unheard_is_seen(stand_in: StandIn) -> None:
    # K15
    session = paid(stand_in, start(), **SEPA)
    before = order_of(session).status
    move_clocks(stand_in, minutes=4)
    deadlines.sweep()
    early = order_of(session).status
    move_clocks(stand_in, minutes=4)

    deadlines.sweep()

    assert [before, early, order_of(session).status] == ["processing", "processing", "confirmed"]
    assert Payment.objects.get().status == "captured"


def test_a_hold_that_was_released_unheard_is_seen(stand_in: StandIn) -> None:
    # K15
    order, payment = held(stand_in)
    stand_in.call(f"payment_intents/{payment.stripe_payment_intent_id}/cancel")
    move_clocks(stand_in, hours=13)

    deadlines.sweep()

    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.status, payment.status, payment.next_look_at) == ("cancelled", "released", None)


def test_a_refund_that_arrives_unheard_is_seen(stand_in: StandIn) -> None:
    # K15
    _, payment = captured_at_stripe(stand_in, card="4000000000007726")
    perform(stripe_requests.ask_refund(payment, Money(500, "eur"), reason="broken"))
    before = Refund.objects.get().status
    move_clocks(stand_in, days=8)

    deadlines.sweep()

    payment.refresh_from_db()
    assert (before, Refund.objects.get().status) == ("pending", "succeeded")
    assert payment.next_look_at is None


def test_looks_are_spaced(stand_in: StandIn) -> None:
    # K15: a round asks nothing of Stripe that it has just been told.
    paid(stand_in, start(), **SEPA)
    start()
    untouched = "/v1/checkout/sessions"
    stand_in.fail(untouched, method="GET", status=500)

    for minutes in [0, 2, 2]:
        move_clocks(stand_in, minutes=minutes)
        deadlines.sweep()

    assert [fault["path"] for fault in stand_in.ask("faults")["data"]] == [untouched]


def test_what_is_final_is_never_looked_at_again(stand_in: StandIn) -> None:
    # K15
    _, payment = captured_at_stripe(stand_in)
    stand_in.fail("/v1/", status=500)
    move_clocks(stand_in, days=30)

    deadlines.sweep()

    assert (payment.next_look_at, Order.objects.get().status) == (None, "confirmed")
    assert [fault["path"] for fault in stand_in.ask("faults")["data"]] == ["/v1/"]


@pytest.mark.parametrize(("status", "minutes"), [(503, 0), (400, 2)])
def test_what_could_not_be_read_waits_behind_the_others(
    stand_in: StandIn, status: int, minutes: int
) -> None:
    # K15: rows that fail each time must not fill the places of a round.
    session = start()
    move_clocks(stand_in, hours=1)
    stand_in.fail(f"/v1/checkout/sessions/{session.stripe_session_id}", status=status)

    deadlines.sweep()

    before = session.due_at
    session.refresh_from_db()
    assert session.next_look_at is not None
    assert session.next_look_at > before + timedelta(minutes=minutes)


def test_all_that_the_release_before_writes_gets_a_look(stand_in: StandIn) -> None:
    # K15: it knows nothing of the column; the database fills it.
    _, payment = held(stand_in)
    made: Any = Payment.objects.create(
        account=payment.account, stripe_payment_intent_id="pi_1", currency="eur", amount=1
    )

    assert made.next_look_at is not None
