"""A worker is killed with -9 before and after each outside call of a purchase.

Guards common to all: the work row is there before the call and is leased, so that the next worker
finds it; the idempotency key stands in the row, so that Stripe carries the call out once.
"""

import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from fulfillment.models import Email
from payments import checkout
from payments import stripe_requests as asking
from payments.models import Payment
from shop.catalog import stock
from shop.catalog.models import Price
from shop.money import Money
from shop.orders.models import Order
from tests.support.books import assert_adds_up
from tests.support.buyer import Customer, offered
from tests.support.house import House
from tests.support.mail_server import mail_server
from tests.support.purchases import counted
from tests.support.waiting import PATIENCE, eventually

# The call is held here: on its way to Stripe, or carried out and its answer on its way back.
MOMENTS = pytest.mark.parametrize("moment", ["before", "after"])
SESSIONS = "^/v1/checkout/sessions$"
# Second tries are held too, however long it takes to kill; in the end the connection is cut.
HELD = {"hold": True, "reset": True, "times": 1000}

NewCustomer = Callable[[], Customer]


@dataclass
class Journey:
    """One customer with an order, of something that nobody else buys."""

    buyer: Customer
    price: Price
    order: Order


class Killed:
    """Six journeys side by side; the worker was killed in one call of each, at the same time."""

    def __init__(self, shop: House, moment: str) -> None:
        self.shop = shop
        self.stripe = shop.stand_in
        self.moment = moment
        self.offers = ExitStack()

    def happen(self) -> None:
        self.begin()
        self.hold()
        self.go_on()
        for path in ("/capture", "/cancel", "/refunds", "/expire", "/sessions"):
            self.stripe.wait_for_held(path)
        eventually(lambda: self.stripe.held().count(self.read_path) >= 2)
        self.held_meanwhile = counted(self.expire.price)
        kill_worker(self.shop)

    def begin(self) -> None:
        """Everybody stands where the call comes next."""
        self.capture, self.release, self.read, self.expire, self.refund = (
            self.begun() for _ in range(5)
        )
        stocktake(self.release.price, -5)
        self.refund.buyer.pay(self.refund.order)
        eventually(lambda: self.refund.order.payments.filter(status="captured").exists())
        self.shop.wait_until_quiet()

    def hold(self) -> None:
        """A call of each kind will not come back."""
        session_id = self.read.order.checkout_sessions.get().stripe_session_id
        self.read_path = f"/v1/checkout/sessions/{session_id}"
        for path in ("/capture$", "/cancel$", "/v1/refunds$", "/expire$"):
            self.fail(path, method="POST")
        # Both events of a payment are being read for, by two workers.
        self.fail(f"^{self.read_path}$", method="GET")
        # The page gets no answer, so that the worker repeats its call.
        self.stripe.fail(SESSIONS, method="POST", when="before", reset=True)
        self.fail(SESSIONS, method="POST")

    def go_on(self) -> None:
        """Everybody does what leads to the call."""
        for journey in (self.capture, self.release, self.read):
            journey.buyer.pay(journey.order)
        payment = self.refund.order.payments.get()
        asking.ask_refund(payment, Money(500, "eur"), reason="a scratch")
        checkout.cancel(
            self.expire.order, reason=Order.CancelReason.STAFF, note="the customer asked"
        )
        buyer, price = self.newcomer()
        self.waiting = buyer.go_to_payment(price=price.key, quantity=1)
        self.open = Journey(buyer, price, Order.objects.get(lines__price=price))

    def fail(self, path: str, **fault: Any) -> None:
        self.stripe.fail(path, when=self.moment, **fault, **HELD)

    def begun(self) -> Journey:
        buyer, price = self.newcomer()
        return Journey(buyer, price, buyer.begin(price))

    def newcomer(self) -> tuple[Customer, Price]:
        price = self.offers.enter_context(offered(on_hand=5))
        return Customer(self.shop, f"{uuid.uuid4().hex[:12]}@example.com"), price


@MOMENTS
def test_killed_in_each_call_at_once(shop: House, moment: str) -> None:
    """One worker dies in all of them, either before or after; what follows is looked at in turn."""
    widen_worker(shop)
    killed = Killed(shop, moment)
    with killed.offers:
        killed.happen()
        capture(shop, killed)
        reading_for_an_event(shop, killed)
        release(shop, killed)
        refund(shop, killed)
        expiring_a_session(shop, killed)
        opening_a_session_in_the_worker(shop, killed)


def capture(shop: House, killed: Killed) -> None:
    """Guards: the row that is there before the call, and its lease, which ends."""
    assert_bought(shop, killed.capture)


def reading_for_an_event(shop: House, killed: Killed) -> None:
    """Guard: an event is done in the transaction of what it changed, not when it is taken."""
    assert_bought(shop, killed.read)


def release(shop: House, killed: Killed) -> None:
    """A stocktake finds nothing: the hold is let go once. Guard: the lease, which ends."""
    order = killed.release.order

    payment = eventually(lambda: order.payments.filter(status="released").first())
    assert payment
    assert_called_off(shop, killed.release)
    assert executed(shop, f"/{payment.stripe_payment_intent_id}/cancel") == 1
    assert captures(shop, order) == []
    assert counted(killed.release.price) == (0, 0)


def refund(shop: House, killed: Killed) -> None:
    """Guard: the key in the row. A part is refunded, so that Stripe would do it again."""
    payment = killed.refund.order.payments.get()

    eventually(lambda: payment.refunds.exists())
    assert [refund.amount for refund in payment.refunds.all()] == [500]
    assert len(refunds_of(shop, payment)) == 1
    assert_bought(shop, killed.refund, told=["confirmed", "money back"])


def expiring_a_session(shop: House, killed: Killed) -> None:
    """Guard: units come back only after Stripe has said that the session is expired."""
    order, price = killed.expire.order, killed.expire.price
    session_id = order.checkout_sessions.get().stripe_session_id

    eventually(lambda: Order.objects.filter(pk=order.pk, status="cancelled").exists())
    shop.wait_until_quiet()
    # Once Stripe has done it, its event may have said so before its answer to us arrived.
    may_be_reserved = {"before": {1}, "after": {0, 1}}[killed.moment]
    assert killed.held_meanwhile[0] == 5
    assert killed.held_meanwhile[1] in may_be_reserved
    assert counted(price) == (5, 0)
    assert executed(shop, f"/{session_id}/expire") == 1
    assert not Email.objects.filter(order=order).exists()
    assert_adds_up(shop.stand_in, order)


def opening_a_session_in_the_worker(shop: House, killed: Killed) -> None:
    """The page got no answer, so the worker repeats the call. Guard: key and parameters frozen."""
    buyer, order = killed.open.buyer, killed.open.order
    address = f"/checkout/{order.token}/"

    eventually(lambda: order.checkout_sessions.exclude(url="").exists())
    onward = buyer.http.get(f"{shop.url}{address}", allow_redirects=False)
    waiting = killed.waiting
    assert (waiting.status_code, waiting.headers["Location"]) == (303, address)
    assert onward.headers["Location"] == order.checkout_sessions.get().url
    assert sessions_made(shop, order) == 1
    buyer.pay(order)
    assert_bought(shop, killed.open)


def test_capture_whose_call_is_still_under_way(
    shop: House, price: Price, customer: NewCustomer
) -> None:
    """Guard: the same key, which Stripe refuses with 409 while the first call still runs."""
    buyer = customer()
    order = buyer.begin(price)

    with shop.stand_in.holding("/capture$", when="before"):
        buyer.pay(order)
        shop.stand_in.wait_for_held("/capture")
        kill_worker(shop, clear=False)
        eventually(lambda: [call for call in captures(shop, order) if call["status"] == 409])

    assert_bought(shop, Journey(buyer, price, order))


def test_capture_when_only_the_child_dies(shop: House, price: Price, customer: NewCustomer) -> None:
    """Guard: the lease. Celery has acknowledged the message, nobody else remembers the work."""
    buyer = customer()
    order = buyer.begin(price)
    shop.stand_in.fail("/capture$", when="after", **HELD)
    buyer.pay(order)
    shop.stand_in.wait_for_held("/capture")

    shop.kill_children("worker")
    shop.stand_in.ask("faults/clear", {})
    shop.end_leases()

    assert_bought(shop, Journey(buyer, price, order))


@MOMENTS
def test_opening_a_session_in_the_web_process(
    shop: House, price: Price, customer: NewCustomer, moment: str
) -> None:
    """Guard: order, units and request are committed before the call; the cart finds them again."""
    buyer = customer()
    buyer.put_into_cart(price)
    shop.stand_in.fail(SESSIONS, method="POST", when=moment, **HELD)
    pressing = in_thread(buyer.go_to_payment)
    shop.stand_in.wait_for_held("/sessions")

    shop.kill("web")
    shop.stand_in.ask("faults/clear", {})
    shop.end_leases()
    with pytest.raises(requests.ConnectionError):
        pressing()
    shop.start("web")
    shop.wait_until_ready()

    order = Order.objects.get(lines__price=price)
    eventually(lambda: order.checkout_sessions.exclude(url="").exists())
    again = buyer.go_to_payment()
    assert again.headers["Location"] == order.checkout_sessions.get().url
    assert Order.objects.filter(lines__price=price).count() == 1
    assert sessions_made(shop, order) == 1
    buyer.pay(order)
    assert_bought(shop, Journey(buyer, price, order))


@MOMENTS
def test_mail(shop: House, price: Price, customer: NewCustomer, moment: str) -> None:
    """Guards: the mail is a row until the server took it; its Message-ID is made from the row."""
    buyer = customer()
    with mail_server() as server:
        restart_worker(shop, EMAIL_URL=server.url)
        server.stall = moment
        order = buyer.begin(price)
        buyer.pay(order)
        assert server.stalled.wait(PATIENCE)
        shop.kill("worker")
        shop.end_leases()
        shop.start("worker", EMAIL_URL=server.url)
        eventually(lambda: Email.objects.filter(order=order, status="done").exists())
        shop.wait_until_quiet()
        copies = server.to(buyer.email)
        restart_worker(shop)

    mail = Email.objects.get(order=order)
    assert len(copies) == (1 if moment == "before" else 2)
    assert {copy["Message-ID"] for copy in copies} == {f"<{mail.pk}@localhost>"}
    assert (mail.template, mail.outcome, mail.crashes) == ("confirmed", "sent", 1)
    assert_adds_up(shop.stand_in, order)


# -- killing ---------------------------------------------------------------------------------------


def kill_worker(shop: House, *, clear: bool = True) -> None:
    """SIGKILL to the worker and all its children; then a new one comes."""
    shop.kill("worker")
    if clear:
        shop.stand_in.ask("faults/clear", {})
    shop.end_leases()
    shop.start("worker")


def widen_worker(shop: House) -> None:
    """A worker that can be in all the calls at once; the next one to be started is as before."""
    usual, shop.worker_children = shop.worker_children, 12
    restart_worker(shop)
    shop.worker_children = usual


def restart_worker(shop: House, **environment: str) -> None:
    shop.stop("worker")
    shop.start("worker", **environment)


def in_thread(call: Callable[[], requests.Response]) -> Callable[[], requests.Response]:
    """Begin the call; what comes back waits for its result."""
    pool = ThreadPoolExecutor(1)
    future = pool.submit(call)
    pool.shutdown(wait=False)
    return future.result


# -- looking ---------------------------------------------------------------------------------------


def assert_bought(shop: House, journey: Journey, told: Sequence[str] = ("confirmed",)) -> None:
    """Captured once, taken once, one parcel, one mail of each kind."""
    order = journey.order
    eventually(lambda: order.shipments.first())
    shop.wait_until_quiet()
    payment = order.payments.get()
    order.refresh_from_db()
    assert (order.status, payment.status, payment.captured_amount) == (
        "confirmed",
        "captured",
        1800,
    )
    assert executed(shop, f"/{payment.stripe_payment_intent_id}/capture") == 1
    assert counted(journey.price) == (4, 0)
    assert [shipment.status for shipment in order.shipments.all()] == ["open"]
    mails = sorted(shop.letters(journey.buyer.email))
    assert mails == [f"Order {order.number}: {what}" for what in told]
    assert_adds_up(shop.stand_in, order)


def assert_called_off(shop: House, journey: Journey) -> None:
    """Cancelled for want of stock, and told so in one mail."""
    order = journey.order
    eventually(lambda: Order.objects.filter(pk=order.pk, status="cancelled").exists())
    shop.wait_until_quiet()
    sent = Email.objects.filter(order=order, outcome="sent")
    assert [mail.template for mail in sent] == ["out_of_stock"]
    assert len(shop.letters(journey.buyer.email)) == 1
    assert_adds_up(shop.stand_in, order)


def executed(shop: House, path: str) -> int:
    return len(shop.stand_in.executed(path))


def captures(shop: House, order: Order) -> list[dict[str, object]]:
    return [
        call
        for payment in order.payments.all()
        for call in shop.stand_in.requests_made(f"/{payment.stripe_payment_intent_id}/capture")
    ]


def refunds_of(shop: House, payment: Payment) -> list[dict[str, object]]:
    return [
        call
        for call in shop.stand_in.executed("/v1/refunds")
        if call["params"].get("payment_intent") == payment.stripe_payment_intent_id
    ]


def sessions_made(shop: House, order: Order) -> int:
    return len(
        [
            call
            for call in shop.stand_in.executed("/v1/checkout/sessions")
            if call["params"].get("client_reference_id") == str(order.pk)
        ]
    )


def stocktake(price: Price, delta: int) -> None:
    stock.adjust(
        price.variant_id,
        delta,
        reason="counted",
        cause_kind="stocktake",
        cause_id=uuid.uuid4(),
    )
