"""What comes due without anybody ringing: sessions that ran out, holds that are about to end."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from payments import checkout
from payments.models import CheckoutSession, Payment, StripeRequest
from payments.settlement import deadlines
from shop.catalog import stock
from shop.models import Clock, Heartbeat
from shop.orders.models import Order, OrderHold
from tests.support.concurrency import at_once, patient_clients
from tests.support.purchases import held, order_of, paid, perform_all, settled, start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def later(stand_in: StandIn, **duration: float) -> None:
    """Stripe's clock and the shop's move on together."""
    stand_in.advance(**duration)
    seconds = int(timedelta(**duration).total_seconds())
    Clock.objects.update_or_create(id=1, defaults={"offset_seconds": seconds})


@contextmanager
def another_connection() -> Iterator[psycopg.Connection[Any]]:
    parameters = connection.get_connection_params()
    plain = {name: parameters[name] for name in ("dbname", "user", "password", "host", "port")}
    with psycopg.connect(**plain) as other:
        yield other


def take_units(order: Order) -> None:
    stock.commit(cause_kind="order", cause_id=order.reservation)


def shortly_before_the_end(stand_in: StandIn, payment: Payment) -> None:
    assert payment.capture_before is not None
    window = payment.capture_before - payment.created_at
    later(stand_in, seconds=(window - timedelta(hours=5)).total_seconds())


def test_a_page_that_ran_out_gives_its_units_back(stand_in: StandIn) -> None:
    """J05: nobody told the shop."""
    session = start()
    early = deadlines.sweep(), order_of(session).status
    later(stand_in, minutes=46)

    deadlines.sweep()

    session.refresh_from_db()
    order = order_of(session)
    assert early == (True, "pending")
    assert (session.status, order.status, order.lines.get().variant.stock.reserved) == (
        "expired",
        "expired",
        0,
    )


def test_a_page_that_was_paid_in_the_last_second_is_paid(stand_in: StandIn) -> None:
    """J06, S05. Guard: _end_session asks Stripe before units are given back."""
    session = start()
    stand_in.pay(str(session.stripe_session_id))
    later(stand_in, minutes=46)

    deadlines.sweep()

    order = order_of(session)
    assert (order.status, order.lines.get().variant.stock.reserved) == ("confirmed", 1)


def test_a_page_that_stripe_forgot_to_close_is_closed(stand_in: StandIn) -> None:
    session = start()
    Clock.objects.create(id=1, offset_seconds=46 * 60)

    deadlines.sweep()
    before = order_of(session).lines.get().variant.stock.reserved
    done = perform_all()

    assert (before, done) == (1, ["expire_session: carried out"])
    assert order_of(session).status == "expired"


def test_one_that_fails_keeps_no_other_from_its_turn(stand_in: StandIn) -> None:
    first, second = start(), start()
    later(stand_in, minutes=46)
    stand_in.fail(f"/v1/checkout/sessions/{first.stripe_session_id}", status=500)

    deadlines.sweep()
    states = order_of(first).status, order_of(second).status
    deadlines.sweep()

    assert states == ("pending", "expired")
    assert order_of(first).status == "expired"


def test_what_another_account_left_behind_keeps_nobody_from_their_turn(stand_in: StandIn) -> None:
    """After a change of keys Stripe knows nothing of the older rows, which would come first."""
    mine, payment = start(), held(stand_in)[1]
    for number in range(deadlines.AT_ONCE):
        older = {"account": "acct_older/test", "order": None}
        CheckoutSession.objects.create(
            stripe_session_id=f"cs_{number}", expires_at=LONG_AGO, due_at=LONG_AGO, **older
        )
        Payment.objects.create(
            stripe_payment_intent_id=f"pi_{number}",
            status="authorized",
            amount=1800,
            capture_before=LONG_AGO,
            **older,
        )
    later(stand_in, days=8)

    deadlines.sweep()

    payment.refresh_from_db()
    assert (order_of(mine).status, payment.status) == ("expired", "expired")


def test_there_is_one_sweep_at_a_time() -> None:
    """P08, P20. Guard: the advisory lock."""
    with another_connection() as other:
        other.execute("SELECT pg_advisory_lock(%s)", [deadlines.ONE_SWEEP_AT_A_TIME])
        while_held = deadlines.sweep()
        # Told, because a connection that closes lets go only some time later.
        other.execute("SELECT pg_advisory_unlock(%s)", [deadlines.ONE_SWEEP_AT_A_TIME])

    assert (while_held, deadlines.sweep()) == (False, True)


def test_a_hold_that_lapsed_is_noticed(stand_in: StandIn) -> None:
    """M03."""
    order, payment = held(stand_in)
    later(stand_in, days=8)

    deadlines.sweep()

    order.refresh_from_db()
    payment.refresh_from_db()
    assert (order.status, payment.status) == ("cancelled", "expired")


@pytest.mark.parametrize(
    ("chosen", "wish", "reason", "expected_kinds"),
    [
        ("stock_check", "release", None, ["capture"]),
        ("staff", "release", None, ["release"]),
        ("staff", "capture", None, ["capture"]),
        ("stock_check", "release", OrderHold.Reason.STAFF, ["release"]),
        ("stock_check", "capture", OrderHold.Reason.STAFF, ["capture"]),
        ("staff", "capture", OrderHold.Reason.AMOUNTS, ["release"]),
    ],
)
def test_before_a_hold_ends_it_is_decided(
    stand_in: StandIn, settings: Any, chosen: str, wish: str, reason: Any, expected_kinds: list[str]
) -> None:
    """M19. Guard: policy.at_deadline."""
    settings.CAPTURE_POLICY, settings.CAPTURE_AT_DEADLINE = chosen, wish
    order, payment = held(stand_in)
    take_units(order)
    if reason:
        order.hold(reason, "look at this")
    deadlines.sweep()
    early = StripeRequest.objects.exclude(kind="create_session").count()
    shortly_before_the_end(stand_in, payment)

    deadlines.sweep()
    deadlines.sweep()
    kinds = list(
        StripeRequest.objects.exclude(kind="create_session").values_list("kind", flat=True)
    )
    perform_all()

    order.refresh_from_db()
    payment.refresh_from_db()
    is_captured = expected_kinds == ["capture"]
    expected = ("confirmed", "captured") if is_captured else ("cancelled", "released")
    assert (early, kinds) == (0, expected_kinds)
    assert (order.status, payment.status) == expected


def test_an_order_that_somebody_works_on_keeps_no_other_from_its_turn(
    stand_in: StandIn, settings: Any
) -> None:
    """K4. The database gives up waiting for its lock, and that costs this order alone."""
    settings.CAPTURE_POLICY = "staff"
    locked, working = held(stand_in)
    _, payment = held(stand_in)
    shortly_before_the_end(stand_in, payment)

    with another_connection() as other:
        for table, row in [("orders_order", locked.pk), ("payments_payment", working.pk)]:
            other.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR UPDATE", [row])  # noqa: S608
        deadlines.sweep()
        asked = list(StripeRequest.objects.filter(kind="release").values_list("order", flat=True))
        pulse = Heartbeat.objects.filter(name=deadlines.HEARTBEAT).count()
        other.rollback()
    deadlines.sweep()

    assert (asked, pulse) == ([payment.order_id], 1)
    assert StripeRequest.objects.filter(kind="release").count() == 2


def test_money_in_another_currency_than_its_order_is_let_go(
    stand_in: StandIn, settings: Any
) -> None:
    """K4. It raised out of the round, before any later deadline."""
    order, payment = held(stand_in)
    take_units(order)
    Order.objects.filter(pk=order.pk).update(currency="usd")
    shortly_before_the_end(stand_in, payment)

    deadlines.sweep()

    assert [request.kind for request in payment.requests.all()] == ["release"]


def test_requests_under_way_take_no_place_in_a_round(
    stand_in: StandIn, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """K4. A request that Stripe does not answer is tried on its own, not by the sweep."""
    settings.CAPTURE_POLICY = "staff"
    monkeypatch.setattr(deadlines, "AT_ONCE", 1)
    _, first = held(stand_in)
    _, second = held(stand_in)
    shortly_before_the_end(stand_in, second)

    deadlines.sweep()
    deadlines.sweep()

    assert [first.requests.get().kind, second.requests.get().kind] == ["release", "release"]


def test_deadlines_come_before_what_waits_for_stripe(stand_in: StandIn, settings: Any) -> None:
    """K4. And the round is not a whole one before all had their turn."""
    settings.CAPTURE_POLICY = "staff"
    session, (_, payment) = start(), held(stand_in)
    shortly_before_the_end(stand_in, payment)
    path = f"/v1/checkout/sessions/{session.stripe_session_id}$"

    with ThreadPoolExecutor(1) as aside:
        with patient_clients(), stand_in.holding(path, method="GET"):
            round_ = aside.submit(lambda: at_once([deadlines.sweep])[0])
            stand_in.wait_for_held()
            kinds = [request.kind for request in payment.requests.all()]
            pulse = Heartbeat.objects.filter(name=deadlines.HEARTBEAT).count()
        whole = round_.result()

    assert (kinds, pulse, whole) == (["release"], 0, True)
    assert Heartbeat.objects.filter(name=deadlines.HEARTBEAT).count() == 1


def test_an_order_that_nobody_decided_on_says_so(stand_in: StandIn, settings: Any) -> None:
    # T5
    settings.CAPTURE_POLICY = "staff"
    order, payment = held(stand_in)
    called_off, _ = held(stand_in)
    checkout.cancel(called_off, reason=Order.CancelReason.STAFF, note="asked for")
    shortly_before_the_end(stand_in, payment)

    deadlines.sweep()
    perform_all()

    order.refresh_from_db()
    called_off.refresh_from_db()
    assert (order.status, order.cancel_reason, order.is_lost_to_deadline) == (
        "cancelled",
        "deadline",
        True,
    )
    assert (called_off.cancel_reason, called_off.is_lost_to_deadline) == ("staff", False)


def called_off(order: Order, payment: Payment) -> None:
    """The wish is there, but its release was given up on."""
    checkout.cancel(order, reason=Order.CancelReason.STAFF, note="changed my mind")
    StripeRequest.objects.filter(kind="release").update(status="dead")


def a_second_payment(order: Order, payment: Payment) -> None:
    Payment.objects.update(purpose=Payment.Purpose.EXTRA)


def units_not_taken(order: Order, payment: Payment) -> None:
    stock.give_back(cause_kind="order", cause_id=order.reservation)


@pytest.mark.parametrize("spoil", [called_off, a_second_payment, units_not_taken])
def test_at_its_deadline_nothing_is_captured_that_is_not_owed(
    stand_in: StandIn, settings: Any, spoil: Any
) -> None:
    """Guards: _is_owed, and the same in ask_capture for staff."""
    settings.CAPTURE_AT_DEADLINE = "capture"
    order, payment = held(stand_in)
    take_units(order)
    spoil(order, payment)
    shortly_before_the_end(stand_in, payment)

    deadlines.sweep()
    perform_all()

    payment.refresh_from_db()
    assert (payment.status, payment.captured_amount) == ("released", 0)
    assert stand_in.executed("/capture") == []


def test_a_capture_that_stripe_refuses_three_times_becomes_a_release(stand_in: StandIn) -> None:
    order, payment = held(stand_in)
    take_units(order)
    shortly_before_the_end(stand_in, payment)
    stand_in.fail("/capture", status=400, times=99)

    done = []
    for _ in range(4):
        deadlines.sweep()
        done += [line.split(":")[0] for line in perform_all()]

    assert done == ["capture", "capture", "capture", "release"]
    assert (Payment.objects.get().status, Order.objects.get().status) == ("released", "cancelled")


def test_what_is_settled_is_left_alone(stand_in: StandIn) -> None:
    paid(stand_in, start())
    before = len(stand_in.requests_made(""))

    deadlines.sweep()

    assert len(stand_in.requests_made("")) == before
    assert not StripeRequest.objects.filter(status__in=["ready", "leased"]).exists()


# K13
@pytest.mark.parametrize("method", ["card", "amazon_pay", "klarna", "paypal", "revolut_pay"])
def test_whatever_is_held_has_an_end_and_stripe_keeps_to_it(stand_in: StandIn, method: str) -> None:
    how: dict[str, Any] = {} if method == "card" else {"method": method}
    _, payment = held(stand_in, **how)
    end = payment.capture_before
    assert end is not None

    left = (end - timezone.now()).total_seconds()
    stand_in.advance(seconds=left - 600)
    before = settled(payment)[1].status
    stand_in.advance(seconds=1200)

    assert (before, settled(payment)[1].status) == ("authorized", "expired")
