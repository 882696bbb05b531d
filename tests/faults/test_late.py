"""What comes too late, twice, or not as it was asked for."""

import uuid
from typing import Any

import pytest

from fulfillment import shipping
from payments import checkout, webhooks
from payments.models import CheckoutSession, Payment
from payments.settlement import deadlines, settle
from shop.catalog import stock
from shop.catalog.models import Price
from shop.orders.models import Order, OrderHold
from shop.transitions import move
from tests.support.books import assert_adds_up
from tests.support.clocks import move_clock, move_clocks
from tests.support.concurrency import while_reading
from tests.support.factories import PriceFactory
from tests.support.purchases import authorized, counted, do_the_work, order_of, pay, start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def price() -> Price:
    """One unit at 18.00 EUR."""
    return PriceFactory(on_hand=1)


# -- the end of a session against its payment ------------------------------------------------------


def test_paid_in_the_last_second(stand_in: StandIn, price: Price) -> None:
    """Guard: when a session should be over, Stripe is asked before its units come back."""
    session = start(price)
    pay(stand_in, session)
    overdue(session)

    deadlines.sweep()
    do_the_work()

    assert path(session) == ["confirmed"]
    assert_sold(stand_in, session, price)


def test_paid_while_the_sweep_looks(stand_in: StandIn, price: Price) -> None:
    """Guard: the session is closed at Stripe, whose refusal is settled; units come after that."""
    session = start(price)
    overdue(session)

    with while_reading(stand_in, session, deadlines.sweep):
        pay(stand_in, session)
    reserved_meanwhile = counted(price)
    do_the_work()

    assert reserved_meanwhile == (1, 1)
    assert path(session) == ["confirmed"]
    assert_sold(stand_in, session, price)


def test_ended_before_the_payment(stand_in: StandIn, price: Price) -> None:
    """Guard: the session is over at Stripe too before its units are somebody else's."""
    session = start(price)
    overdue(session)

    deadlines.sweep()
    do_the_work()
    too_late = stand_in.pay(str(session.stripe_session_id))

    assert too_late.status_code == 409
    assert Order.objects.get().status == "expired"
    assert counted(price) == (1, 0)
    assert start(price).url
    assert_adds_up(stand_in, Order.objects.get(checkout_sessions=session))


# -- money that nobody waits for any more ----------------------------------------------------------


def test_money_for_an_expired_order_whose_units_are_there(stand_in: StandIn, price: Price) -> None:
    """Guard: the order is opened again and takes its units before it is confirmed."""
    session = start(price)
    given_up(session)
    pay(stand_in, session)

    settle.settle(session)
    do_the_work()

    assert path(session) == ["expired", "pending", "confirmed"]
    assert_sold(stand_in, session, price)


def test_money_for_an_expired_order_whose_units_are_gone(stand_in: StandIn, price: Price) -> None:
    """Guard: units are taken again or the hold is let go; money without goods is never kept."""
    session = start(price)
    given_up(session)
    start(price)
    pay(stand_in, session)

    settle.settle(session)
    do_the_work()

    payment = session.payments.get()
    assert path(session) == ["expired", "cancelled"]
    assert (payment.status, payment.captured_amount) == ("released", 0)
    assert stand_in.executed("/capture") == []
    assert counted(price) == (1, 1)
    assert mails(session) == ["out_of_stock"]
    assert_adds_up(stand_in, order_of(payment))


def test_captured_money_for_an_expired_order_whose_units_are_gone(
    stand_in: StandIn, price: Price, settings: Any
) -> None:
    """The same where the money was taken at once: it is refunded in full, once."""
    settings.CAPTURE_POLICY = "automatic"
    session = start(price)
    given_up(session)
    start(price)
    pay(stand_in, session)

    settle.settle(session)
    do_the_work()
    settle.settle(session)
    do_the_work()

    payment = session.payments.get()
    assert path(session) == ["expired", "cancelled"]
    assert (payment.captured_amount, payment.refunded.amount) == (1800, 1800)
    assert len(stand_in.executed("/v1/refunds")) == 1
    assert_adds_up(stand_in, order_of(payment))


def test_a_second_payment_for_one_order(stand_in: StandIn, price: Price) -> None:
    """Guard: one live payment per order; any other is an extra, in review, and goes back."""
    first = start(price)
    given_up(first)
    move(CheckoutSession.objects.get(pk=first.pk), CheckoutSession.Status.EXPIRED)
    order = Order.objects.get()
    buyer = checkout.Buyer(visitor=uuid.uuid4())
    second = checkout.pay_again(order, buyer)
    pay(stand_in, second)
    settle.settle(second)
    pay(stand_in, first)

    webhooks.pull(livemode=False)
    do_the_work()

    extra = Payment.objects.get(session=first)
    assert (extra.purpose, extra.status, extra.captured_amount) == ("extra", "released", 0)
    assert [hold.reason for hold in order.holds.all()] == ["second_payment"]
    wanted = Payment.objects.get(session=second)
    assert (wanted.purpose, wanted.status) == ("checkout", "authorized")
    assert counted(price) == (0, 0)
    assert_adds_up(stand_in, order)


# -- not as it was asked for -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "value"), [("subtotal", 1700), ("subtotal", 1900), ("currency", "usd")]
)
def test_amounts_that_do_not_match(
    stand_in: StandIn, price: Price, column: str, value: Any
) -> None:
    """Guard: what the session says is compared with the order; a difference opens a hold."""
    session = start(price)
    Order.objects.update(**{column: value})
    pay(stand_in, session)

    settle.settle(session)
    do_the_work()

    order = Order.objects.get()
    assert [hold.reason for hold in order.holds.all()] == ["amounts"]
    assert (order.status, session.payments.get().status) == ("confirmed", "authorized")
    assert stand_in.executed("/capture") == []
    assert not order.shipments.exists()


# -- the end of an authorization -------------------------------------------------------------------


def test_an_authorization_lapses(stand_in: StandIn, price: Price, settings: Any) -> None:
    """Guard: the sweep settles what should have lapsed, and settle gives the units back."""
    settings.CAPTURE_POLICY = "staff"
    payment = authorized(stand_in, price)
    do_the_work()

    move_clocks(stand_in, days=8)
    deadlines.sweep()
    do_the_work()

    payment.refresh_from_db()
    order = order_of(payment)
    assert (payment.status, payment.captured_amount) == ("expired", 0)
    assert (order.status, order.cancel_reason) == ("cancelled", "expired")
    assert counted(price) == (1, 0)
    assert mails(payment.session) == ["received", "cancelled"]
    assert_adds_up(stand_in, order)


@pytest.mark.parametrize(
    ("policy", "at_deadline", "outcome"),
    [
        ("staff", "release", ("released", "cancelled")),
        ("staff", "capture", ("captured", "confirmed")),
        ("stock_check", "release", ("captured", "confirmed")),
    ],
)
def test_the_deadline_acts_by_policy(
    stand_in: StandIn,
    price: Price,
    settings: Any,
    policy: str,
    at_deadline: str,
    outcome: tuple[str, str],
) -> None:
    """Guard: hours before the authorization ends the sweep captures or releases, as is set."""
    settings.CAPTURE_POLICY, settings.CAPTURE_AT_DEADLINE = policy, at_deadline
    payment = not_captured_in_time(stand_in, price)

    shortly_before_the_end(stand_in)
    deadlines.sweep()
    deadlines.sweep()
    do_the_work()

    payment.refresh_from_db()
    assert (payment.status, order_of(payment).status) == outcome
    assert payment.requests.count() == 1
    assert_adds_up(stand_in, order_of(payment))


@pytest.mark.parametrize(("reason", "outcome"), [("staff", "captured"), ("amounts", "released")])
def test_the_deadline_of_an_order_in_review(
    stand_in: StandIn, price: Price, settings: Any, reason: str, outcome: str
) -> None:
    """Guard: a hold that says that amounts do not match always releases."""
    settings.CAPTURE_AT_DEADLINE = "capture"
    payment = authorized(stand_in, price)
    order_of(payment).hold(OrderHold.Reason(reason), "being looked at")
    do_the_work()

    shortly_before_the_end(stand_in)
    deadlines.sweep()
    do_the_work()

    payment.refresh_from_db()
    assert payment.status == outcome
    assert_adds_up(stand_in, order_of(payment))


def test_a_stocktake_between_payment_and_stock_check(stand_in: StandIn, price: Price) -> None:
    """Guard: the stock check comes before the capture, and releases when units are missing."""
    payment = authorized(stand_in, price)
    stock.adjust(
        price.variant_id, -1, reason="broken", cause_kind="stocktake", cause_id=uuid.uuid4()
    )

    do_the_work()

    payment.refresh_from_db()
    assert (payment.status, order_of(payment).status) == ("released", "cancelled")
    assert stand_in.executed("/capture") == []
    assert counted(price) == (0, 0)
    assert mails(payment.session) == ["out_of_stock"]
    assert_adds_up(stand_in, order_of(payment))


# -- making it so ----------------------------------------------------------------------------------


def overdue(session: CheckoutSession) -> None:
    """Our own time for the session is over; Stripe's is not yet."""
    CheckoutSession.objects.filter(pk=session.pk).update(
        due_at=session.created_at, next_look_at=session.created_at
    )
    move_clock(minutes=1)


def given_up(session: CheckoutSession) -> None:
    """The shop takes the order for expired, though its page can still be paid."""
    order_of(session).expire("given up")


def not_captured_in_time(stand_in: StandIn, price: Price) -> Payment:
    """Confirmed and prepared, but nobody has captured: the review of the order came to nothing."""
    payment = authorized(stand_in, price)
    order_of(payment).hold(OrderHold.Reason.STAFF, "being looked at")
    do_the_work()
    OrderHold.objects.all().delete()
    assert shipping.is_prepared(order_of(payment))
    return payment


def shortly_before_the_end(stand_in: StandIn) -> None:
    move_clocks(stand_in, days=6, hours=20)


# -- looking ---------------------------------------------------------------------------------------


def assert_sold(stand_in: StandIn, session: CheckoutSession, price: Price) -> None:
    payment = session.payments.get()
    assert (payment.status, order_of(payment).status) == ("captured", "confirmed")
    assert counted(price) == (0, 0)
    assert mails(session) == ["confirmed"]
    assert_adds_up(stand_in, order_of(payment))


def path(session: CheckoutSession) -> list[str]:
    return list(order_of(session).transitions.values_list("after", flat=True))


def mails(session: CheckoutSession | None) -> list[str]:
    """The mails that were sent, in their order."""
    assert session is not None
    order = order_of(session)
    sent = order.emails.filter(outcome="sent").order_by("created_at")
    return list(sent.values_list("template", flat=True))
