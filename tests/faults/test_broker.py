"""The broker refuses, hangs or forgets: customers notice nothing, and all work is done."""

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeVar

import pytest

from fulfillment.models import Shipment
from payments.models import WebhookEvent
from shop.catalog.models import Price
from shop.orders.models import Order
from tests.support.books import assert_adds_up
from tests.support.buyer import Customer
from tests.support.house import House
from tests.support.waiting import eventually

# With Celery's own settings a refused connection costs 6 s and one that hangs more than 40 s, each
# time; a busy machine does not slow down all of several times, and the quickest counts.
ANSWERS_WITHIN = 2.0
TIMES = 3

NewCustomer = Callable[[], Customer]
Answer = TypeVar("Answer")


@pytest.mark.parametrize("trouble", ["stop", "stall"])
def test_buying_without_a_broker(
    shop: House, price: Price, customer: NewCustomer, trouble: str
) -> None:
    """Guards: time-outs and no second try when ringing, a ring that fails breaks no request, the
    sweep that rings for what is due; workers come back by themselves."""
    buyers = [customer() for _ in range(TIMES)]
    shop.listen("hold")

    getattr(shop.broker, trouble)()
    orders, beginning = timed([partial(buyer.begin, price) for buyer in buyers])
    for buyer, order in zip(buyers, orders, strict=True):
        buyer.pay(order)
    deliveries = [deliver(shop, order) for order in orders]
    pages, looking = timed(
        [
            partial(buyer.http.get, success(shop, order))
            for buyer, order in zip(buyers, orders, strict=True)
        ]
    )
    shop.broker.heal()

    answers = [answer for told in deliveries for answer in told]
    assert [answer["status"] for answer in answers] == [200] * len(answers), answers
    slowest = [max(answer["milliseconds"] for answer in told) for told in deliveries]
    assert [page.status_code for page in pages] == [200] * TIMES
    assert max(min(slowest) / 1000, beginning, looking) < ANSWERS_WITHIN
    for buyer, order in zip(buyers, orders, strict=True):
        assert_carried_out(shop, order, buyer)


def test_every_message_is_lost(shop: House, price: Price, customer: NewCustomer) -> None:
    """Guard: what is to be done stands in the database; the sweep rings again."""
    shop.stop("worker")
    buyers = [customer() for _ in range(4)]
    orders = [buyer.begin(price) for buyer in buyers]
    for buyer, order in zip(buyers, orders, strict=True):
        buyer.pay(order)
    events = eventually(lambda: WebhookEvent.objects.filter(status="ready"))
    eventually(lambda: events.values("metadata_order").distinct().count() >= len(orders))

    shop.broker.flush()
    shop.start("worker")

    for buyer, order in zip(buyers, orders, strict=True):
        assert_carried_out(shop, order, buyer)


def assert_carried_out(shop: House, order: Order, buyer: Customer) -> None:
    def parcel() -> Shipment | None:
        shop.supervise()
        return order.shipments.first()

    eventually(parcel)
    shop.wait_until_quiet()
    payment = order.payments.get()
    path = f"/{payment.stripe_payment_intent_id}/capture"
    assert (payment.status, len(shop.stand_in.executed(path))) == ("captured", 1)
    assert shop.mails(buyer.email) == [f"Order {order.number}: confirmed"]
    assert_adds_up(shop.stand_in, order)


def timed(calls: Sequence[Callable[[], Answer]]) -> tuple[list[Answer], float]:
    """The answers to several calls, and the seconds that the quickest took."""
    answers, seconds = [], []
    for call in calls:
        began = time.monotonic()
        answers.append(call())
        seconds.append(time.monotonic() - began)
    return answers, min(seconds)


def deliver(shop: House, order: Order) -> list[dict[str, Any]]:
    """Deliver now what Stripe has to tell about an order; the answers."""
    events = [
        event["id"]
        for event in shop.stand_in.ask("events")["data"]
        if str(order.pk) in str(event["data"])
    ]
    assert events
    answers: list[dict[str, Any]] = shop.stand_in.ask("deliver", {"events": events})["data"]
    return answers


def success(shop: House, order: Order) -> str:
    session = order.checkout_sessions.get()
    return f"{shop.url}/success?session_id={session.stripe_session_id}"
