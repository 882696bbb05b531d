"""A worker is killed with -9 before and after each outside call of a purchase.

Guards common to all: the work row is there before the call and is leased, so that the next worker
finds it; the idempotency key stands in the row, so that Stripe carries the call out once.
"""

import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from fulfillment.models import Email
from payments import checkout
from payments import requests as asking
from shop.catalog import stock
from shop.catalog.models import Price, Stock
from shop.money import Money
from shop.orders.models import Order
from tests.adding_up import assert_adds_up
from tests.buying import Customer
from tests.house import House
from tests.stand_in import eventually
from tests.support.mail_server import mail_server

pytestmark = pytest.mark.timeout(120)

# The call is held here: on its way to Stripe, or carried out and its answer on its way back.
MOMENTS = pytest.mark.parametrize("moment", ["before", "after"])
SESSIONS = "^/v1/checkout/sessions$"
# Longer than it takes to kill, shorter than a caller waits: the connection is cut in the end.
HELD = {"delay": 7, "reset": True}

NewCustomer = Callable[[], Customer]


@MOMENTS
def test_capture(shop: House, price: Price, customer: NewCustomer, moment: str) -> None:
    """Guards: the row that is there before the call, and its lease, which ends."""
    buyer = customer()
    order = buyer.begin(price)
    shop.stand_in.fail("/capture$", when=moment, **HELD)
    buyer.pay(order)

    kill_worker_in_call(shop)

    assert_bought(shop, order, buyer, price)


def test_capture_whose_call_is_still_under_way(
    shop: House, price: Price, customer: NewCustomer
) -> None:
    """Guard: the same key, which Stripe refuses with 409 while the first call still runs."""
    buyer = customer()
    order = buyer.begin(price)
    shop.stand_in.fail("/capture$", when="before", delay=10)
    buyer.pay(order)

    kill_worker_in_call(shop)

    eventually(lambda: [call for call in captures(shop, order) if call["status"] == 409])
    assert_bought(shop, order, buyer, price)


def test_capture_when_only_the_child_dies(shop: House, price: Price, customer: NewCustomer) -> None:
    """Guard: the lease. Celery has acknowledged the message, nobody else remembers the work."""
    buyer = customer()
    order = buyer.begin(price)
    shop.stand_in.fail("/capture$", when="after", **HELD)
    buyer.pay(order)
    wait_for_held_call(shop)

    shop.kill_children("worker")
    shop.end_leases()

    assert_bought(shop, order, buyer, price)


@MOMENTS
def test_reading_for_an_event(
    shop: House, price: Price, customer: NewCustomer, moment: str
) -> None:
    """Guard: an event is done in the transaction of what it changed, not when it is taken."""
    buyer = customer()
    order = buyer.begin(price)
    session_id = order.checkout_sessions.get().stripe_session_id
    # Both events of a payment are being read for, by two workers.
    read = f"^/v1/checkout/sessions/{session_id}$"
    shop.stand_in.fail(read, method="GET", when=moment, times=2, **HELD)
    buyer.pay(order)

    kill_worker_in_call(shop)

    assert_bought(shop, order, buyer, price)


@MOMENTS
def test_release(shop: House, price: Price, customer: NewCustomer, moment: str) -> None:
    """A stocktake finds nothing: the hold is let go once. Guard: the lease, which ends."""
    buyer = customer()
    order = buyer.begin(price)
    stocktake(price, -5)
    shop.stand_in.fail("/cancel$", when=moment, **HELD)
    buyer.pay(order)

    kill_worker_in_call(shop)

    payment = eventually(lambda: order.payments.filter(status="released").first())
    assert_called_off(shop, order, buyer)
    assert executed(shop, f"/{payment.stripe_payment_intent_id}/cancel") == 1
    assert captures(shop, order) == []
    assert counted(price) == (0, 0)


@MOMENTS
def test_refund(shop: House, price: Price, customer: NewCustomer, moment: str) -> None:
    """Guard: the key in the row. A part is refunded, so that Stripe would do it again."""
    buyer = customer()
    order = buyer.begin(price)
    buyer.pay(order)
    payment = eventually(lambda: order.payments.filter(status="captured").first())
    shop.wait_until_quiet()
    shop.stand_in.fail("/v1/refunds$", method="POST", when=moment, **HELD)
    asking.ask_refund(payment, Money(500, "eur"), reason="a scratch")

    kill_worker_in_call(shop)

    eventually(lambda: payment.refunds.exists())
    assert [refund.amount for refund in payment.refunds.all()] == [500]
    assert len(refunds_of(shop, payment.stripe_payment_intent_id)) == 1
    assert_bought(shop, order, buyer, price, told=["confirmed", "money back"])


@MOMENTS
def test_expiring_a_session(shop: House, price: Price, customer: NewCustomer, moment: str) -> None:
    """Guard: units come back only after Stripe has said that the session is expired."""
    buyer = customer()
    order = buyer.begin(price)
    session_id = order.checkout_sessions.get().stripe_session_id
    shop.stand_in.fail("/expire$", when=moment, **HELD)
    checkout.cancel(order, reason="the customer asked")
    wait_for_held_call(shop)
    held_meanwhile = counted(price)

    kill_worker_in_call(shop)

    eventually(lambda: Order.objects.filter(pk=order.pk, status="cancelled").exists())
    shop.wait_until_quiet()
    assert held_meanwhile == (5, 1)
    assert counted(price) == (5, 0)
    assert executed(shop, f"/{session_id}/expire") == 1
    assert not Email.objects.filter(order=order).exists()
    assert_adds_up(shop.stand_in, order)


@MOMENTS
def test_opening_a_session_in_the_worker(
    shop: House, price: Price, customer: NewCustomer, moment: str
) -> None:
    """The page got no answer, so the worker repeats the call. Guard: key and parameters frozen."""
    buyer = customer()
    shop.stand_in.fail(SESSIONS, method="POST", when="before", reset=True)
    shop.stand_in.fail(SESSIONS, method="POST", when=moment, **HELD)
    waiting = buyer.go_to_payment(price=price.key, quantity=1)

    kill_worker_in_call(shop)

    order = Order.objects.get(lines__price=price)
    address = f"/checkout/{order.token}/"
    eventually(lambda: order.checkout_sessions.exclude(url="").exists())
    onward = buyer.http.get(f"{shop.url}{address}", allow_redirects=False)
    assert (waiting.status_code, waiting.headers["Location"]) == (303, address)
    assert onward.headers["Location"] == order.checkout_sessions.get().url
    assert sessions_made(shop, order) == 1
    buyer.pay(order)
    assert_bought(shop, order, buyer, price)


@MOMENTS
def test_opening_a_session_in_the_web_process(
    shop: House, price: Price, customer: NewCustomer, moment: str
) -> None:
    """Guard: order, units and request are committed before the call; the cart finds them again."""
    buyer = customer()
    buyer.put_into_cart(price)
    shop.stand_in.fail(SESSIONS, method="POST", when=moment, **HELD)
    pressing = in_thread(buyer.go_to_payment)
    wait_for_held_call(shop)

    shop.kill("web")
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
    assert_bought(shop, order, buyer, price)


@MOMENTS
def test_mail(shop: House, price: Price, customer: NewCustomer, moment: str) -> None:
    """Guards: the mail is a row until the server took it; its Message-ID is made from the row."""
    buyer = customer()
    with mail_server() as server:
        restart_worker(shop, EMAIL_URL=server.url)
        server.stall = moment
        order = buyer.begin(price)
        buyer.pay(order)
        assert server.stalled.wait(20)
        shop.kill("worker")
        shop.end_leases()
        shop.start("worker", EMAIL_URL=server.url)
        eventually(lambda: Email.objects.filter(order=order, status="done").exists(), within=30)
        shop.wait_until_quiet()
        copies = server.to(buyer.email)
        restart_worker(shop)

    mail = Email.objects.get(order=order)
    assert len(copies) == (1 if moment == "before" else 2)
    assert {copy["Message-ID"] for copy in copies} == {f"<{mail.pk}@localhost>"}
    assert (mail.template, mail.outcome, mail.crashes) == ("confirmed", "sent", 1)
    assert_adds_up(shop.stand_in, order)


# -- killing ---------------------------------------------------------------------------------------


def wait_for_held_call(shop: House) -> None:
    """Return once the stand-in holds the call that was ordered to hang."""
    eventually(lambda: not shop.stand_in.ask("faults")["data"], within=30)


def kill_worker_in_call(shop: House) -> None:
    """SIGKILL to the worker and all its children during the held call; then a new one comes."""
    wait_for_held_call(shop)
    shop.kill("worker")
    shop.end_leases()
    shop.start("worker")


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


def assert_bought(
    shop: House, order: Order, buyer: Customer, price: Price, told: Sequence[str] = ("confirmed",)
) -> None:
    """Captured once, taken once, one parcel, one mail of each kind."""
    eventually(lambda: order.shipments.first(), within=40)
    shop.wait_until_quiet()
    payment = order.payments.get()
    order.refresh_from_db()
    assert (order.status, payment.status, payment.captured_amount) == (
        "confirmed",
        "captured",
        1800,
    )
    assert executed(shop, f"/{payment.stripe_payment_intent_id}/capture") == 1
    assert counted(price) == (4, 0)
    assert [shipment.status for shipment in order.shipments.all()] == ["open"]
    assert sorted(shop.mails(buyer.email)) == [f"Order {order.number}: {what}" for what in told]
    assert_adds_up(shop.stand_in, order)


def assert_called_off(shop: House, order: Order, buyer: Customer) -> None:
    """Cancelled for want of stock, and told so in one mail."""
    eventually(lambda: Order.objects.filter(pk=order.pk, status="cancelled").exists())
    shop.wait_until_quiet()
    sent = Email.objects.filter(order=order, outcome="sent")
    assert [mail.template for mail in sent] == ["out_of_stock"]
    assert len(shop.mails(buyer.email)) == 1
    assert_adds_up(shop.stand_in, order)


def executed(shop: House, path: str) -> int:
    return len(shop.stand_in.executed(path))


def captures(shop: House, order: Order) -> list[dict[str, object]]:
    return [
        call
        for payment in order.payments.all()
        for call in shop.stand_in.requests_made(f"/{payment.stripe_payment_intent_id}/capture")
    ]


def refunds_of(shop: House, payment_intent_id: str) -> list[dict[str, object]]:
    return [
        call
        for call in shop.stand_in.executed("/v1/refunds")
        if call["params"].get("payment_intent") == payment_intent_id
    ]


def sessions_made(shop: House, order: Order) -> int:
    return len(
        [
            call
            for call in shop.stand_in.executed("/v1/checkout/sessions")
            if call["params"].get("client_reference_id") == str(order.pk)
        ]
    )


def counted(price: Price) -> tuple[int, int]:
    found = Stock.objects.get(variant=price.variant_id)
    return found.on_hand, found.reserved


def stocktake(price: Price, delta: int) -> None:
    stock.adjust(
        price.variant_id,
        delta,
        reason="counted",
        cause_kind="stocktake",
        cause_id=uuid.uuid4(),
    )
