"""Where nobody here has seen what Stripe does, the shop bears either way."""

import pytest
from django.db import transaction

from payments import stripe_requests
from tests.support.books import assert_adds_up
from tests.support.factories import PriceFactory
from tests.support.purchases import (
    captured_at_stripe,
    counted,
    do_the_work,
    held,
    perform_all,
    settled,
)
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("way", ["refund", "nothing"])
def test_x10_a_released_hold_ends_the_order_and_is_no_refund(stand_in: StandIn, way: str) -> None:
    stand_in.ask("assumptions", {"released_hold": way})
    price = PriceFactory()
    before = counted(price)
    _, payment = held(stand_in, price)

    stand_in.call(f"payment_intents/{payment.stripe_payment_intent_id}/cancel")
    order, payment = settled(payment)

    assert (order.status, payment.status) == ("cancelled", "released")
    assert payment.refunded.amount == 0
    assert counted(price) == before
    assert_adds_up(stand_in, order)


@pytest.mark.parametrize("way", ["refund", "nothing"])
def test_x10_a_hold_that_lapsed_ends_the_order(stand_in: StandIn, way: str) -> None:
    stand_in.ask("assumptions", {"released_hold": way})
    price = PriceFactory()
    before = counted(price)
    _, payment = held(stand_in, price)

    stand_in.ask("clock", {"advance": 8 * 24 * 60 * 60})
    order, payment = settled(payment)

    assert payment.status == "expired"
    assert order.status == "cancelled"
    assert payment.refunded.amount == 0
    assert counted(price) == before


@pytest.mark.parametrize("way", ["reversal", "nothing"])
def test_x10_what_a_partial_capture_leaves_is_no_refund(stand_in: StandIn, way: str) -> None:
    stand_in.ask("assumptions", {"uncaptured_rest": way})
    _, payment = held(stand_in, PriceFactory(unit_amount=1800))

    stand_in.call(
        f"payment_intents/{payment.stripe_payment_intent_id}/capture", amount_to_capture=1500
    )
    _, payment = settled(payment)

    assert (payment.status, payment.captured.amount) == ("captured", 1500)
    assert payment.refunded.amount == 0


@pytest.mark.parametrize("way", ["paid", "unpaid"])
def test_x10_captured_is_captured_whatever_the_session_says(stand_in: StandIn, way: str) -> None:
    stand_in.ask("assumptions", {"captured_session": way})
    order, _ = held(stand_in)

    do_the_work()
    order, payment = settled(order.payments.get())

    assert (order.status, payment.status) == ("confirmed", "captured")
    assert_adds_up(stand_in, order)


@pytest.mark.parametrize("way", ["own", "as_cards"])
def test_x6_a_debit_is_paid_and_refunded_whatever_its_ids(stand_in: StandIn, way: str) -> None:
    stand_in.ask("assumptions", {"ids_without_card": way})
    iban = "AT321904300235473204"
    order, payment = captured_at_stripe(stand_in, method="sepa_debit", iban=iban)
    stand_in.ask("clock", {"advance": 200})
    order, payment = settled(payment)

    with transaction.atomic():
        stripe_requests.ask_refund(payment, payment.captured, reason="sorry")
    done = perform_all()
    # A bank takes its time.
    stand_in.ask("clock", {"advance": 100})

    order, payment = settled(payment)
    assert done[-1].startswith("refund: ")
    assert (payment.status, payment.refunded) == ("captured", payment.captured)
    assert str(payment.stripe_charge_id).startswith("py_" if way == "own" else "ch_")
    assert_adds_up(stand_in, order)
