"""Odd rows, locked ones, a Stripe that hangs: whatever comes due has its turn in the sweep."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import psycopg
import pytest
import requests
from django.db import connection
from django.utils import timezone

from fulfillment.models import Trouble
from fulfillment.troubles import found as troubles
from payments import policy
from payments.models import Payment
from payments.settlement import deadlines
from shop import clock, pulse
from shop.catalog.models import Price
from shop.models import Heartbeat
from shop.orders.models import Order
from shop.work import Outcome
from tests.support.books import assert_adds_up
from tests.support.buyer import Customer, offered
from tests.support.clocks import move_clocks
from tests.support.house import House
from tests.support.house_orders import order_state
from tests.support.purchases import counted, order_of
from tests.support.silence import ALWAYS, nobody_tells, somebody_tells
from tests.support.stand_in import HANGS_AFTER
from tests.support.waiting import eventually

PATIENT = "tests.support.patient_worker"

NewCustomer = Callable[[], Customer]


@pytest.fixture
def dear(shop: House) -> Iterator[Price]:
    """Above the review limit: its money is held until staff decide, or the deadline does."""
    with offered(on_hand=5, unit_amount=16_000) as price:
        yield price
    shop.stand_in.ask("faults/clear", {})
    eventually(lambda: not troubles.now())
    # They stand there until the hour is over, and for so long nobody is mailed of the same again.
    Trouble.objects.all().delete()


@pytest.fixture
def patient_worker(shop: House) -> Iterator[House]:
    """A worker that waits for Stripe for as long as the test lasts, and that no time limit ends."""
    shop.stop("worker")
    command = [PATIENT if part == "shop" else part for part in shop.commands()["worker"]]
    shop.start_as("worker", ["-m", *command])
    yield shop
    shop.kill("worker")
    shop.stand_in.ask("faults/clear", {})
    shop.end_leases()


def test_a_row_that_fails_costs_the_sweep_its_own_turn_alone(
    shop: House, dear: Price, customer: NewCustomer
) -> None:
    # K4: an order locked for over 3 s, or in another currency, raised out of every round.
    locked, odd, last = payments = [held(shop, customer(), dear) for _ in range(3)]
    Order.objects.filter(payments=odd).update(currency="usd")

    with somebody_at_work_on(locked):
        begun = timezone.now()
        shortly_before_the_end(shop, payments)
        eventually(lambda: {state(odd), state(last)} == {"released"})
        eventually(lambda: Heartbeat.objects.get(name=deadlines.HEARTBEAT).at > begun)
        states = [state(payment) for payment in payments]
    Order.objects.filter(payments=odd).update(currency="eur")
    eventually(lambda: state(locked) == "released")

    assert states == ["authorized", "released", "released"]
    assert_let_go(shop, payments, dear)


def test_while_stripe_hangs_deadlines_are_kept_and_the_round_grows_old(
    patient_worker: House, dear: Price, price: Price, customer: NewCustomer
) -> None:
    # K4: pages that had run out were read first, and ate the time before deadlines came.
    shop = patient_worker
    payment, page = held(shop, customer(), dear), customer().begin(price)
    path = f"/v1/checkout/sessions/{page.checkout_sessions.get().stripe_session_id}"
    nobody_tells(shop)
    shop.stand_in.fail(f"^{path}$", method="GET", hold=True, times=ALWAYS)

    shortly_before_the_end(shop, [payment])
    shop.stand_in.wait_for_held(path)
    asked = list(payment.requests.values_list("kind", flat=True))
    eventually(lambda: state(payment) == "released")
    eventually(lambda: is_said_to_be_late(shop))
    meanwhile = order_state(page), counted(price)
    somebody_tells(shop)
    eventually(lambda: order_state(page) == "expired")
    eventually(lambda: not is_said_to_be_late(shop))

    assert asked == ["release"]
    assert meanwhile == ("pending", (5, 1))
    assert counted(price) == (5, 0)
    assert_let_go(shop, [payment], dear)


# -- making it so ----------------------------------------------------------------------------------


def held(shop: House, buyer: Customer, price: Price) -> Payment:
    """A payment that waits for staff. Each ends at a moment of its own, the first one first."""
    order = buyer.begin(price)
    buyer.pay(order)
    eventually(lambda: order.preparations.filter(outcome=Outcome.STOCK_TAKEN).exists())
    move_clocks(shop.stand_in, seconds=2)
    return order.payments.get()


def shortly_before_the_end(shop: House, payments: list[Payment]) -> None:
    """Business time goes on until the sweep has to decide on all of them.

    Between two rounds: one that had looked for deadlines before would go on with the pages.
    """
    ends = [payment.capture_before for payment in payments if payment.capture_before]
    ahead = max(ends) - clock.now() - policy.ACT_BEFORE_DEADLINE
    with between_two_sweeps():
        move_clocks(shop.stand_in, seconds=(ahead + timedelta(minutes=10)).total_seconds())


@contextmanager
def between_two_sweeps() -> Iterator[None]:
    """The round under way has ended, and none begins for as long as the block lasts."""
    eventually(lambda: advisory("pg_try_advisory_lock"))
    try:
        yield
    finally:
        assert advisory("pg_advisory_unlock")


def advisory(call: str) -> bool:
    """The answer of one of PostgreSQL's functions for the lock that a sweep takes."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {call}(%s)", [deadlines.ONE_SWEEP_AT_A_TIME])
        return bool(cursor.fetchone()[0])


@contextmanager
def somebody_at_work_on(payment: Payment) -> Iterator[None]:
    """The order is locked for as long as the block lasts."""
    parameters: Any = connection.get_connection_params()
    plain = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port")}
    with psycopg.connect(**plain) as other:
        other.execute("SELECT 1 FROM orders_order WHERE id = %s FOR UPDATE", [payment.order_id])
        yield


# -- looking ---------------------------------------------------------------------------------------


def state(payment: Payment) -> str:
    return Payment.objects.get(pk=payment.pk).status


def is_said_to_be_late(shop: House) -> bool:
    """Whether `/readyz` names the sweep, and goes on saying 200."""
    answer = requests.get(f"{shop.url}/readyz", timeout=HANGS_AFTER)
    assert answer.status_code == 200
    return pulse.SAID[pulse.Part.SWEEP] in str(answer.json()["problems"])


def assert_let_go(shop: House, payments: list[Payment], price: Price) -> None:
    """Each hold was let go once, its units are back, and its customer knows."""
    shop.wait_until_quiet()
    orders = [order_of(payment) for payment in payments]
    cancels = [
        len(shop.stand_in.executed(f"/{payment.stripe_payment_intent_id}/cancel"))
        for payment in payments
    ]
    assert {(order.status, order.cancel_reason) for order in orders} == {("cancelled", "deadline")}
    assert cancels == [1] * len(payments)
    assert counted(price) == (5, 0)
    for order in orders:
        assert_adds_up(shop.stand_in, order)
