"""The broker refuses, hangs or forgets: customers notice nothing, and all work is done."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import pytest

from fulfillment.models import Shipment
from payments.models import WebhookEvent
from shop.catalog.models import Price
from shop.orders.models import Order
from tests.adding_up import assert_adds_up
from tests.buying import Customer
from tests.house import House
from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(120)

# A second for the shop, and another one for a busy machine. With Celery's own settings a refused
# connection costs 6 s and one that hangs more than 40 s.
ANSWERS_WITHIN = 2.0

NewCustomer = Callable[[], Customer]
Answer = TypeVar("Answer")


@pytest.mark.parametrize("trouble", ["stop", "stall"])
def test_buying_without_a_broker(
    shop: House, price: Price, customer: NewCustomer, trouble: str
) -> None:
    """Guards: time-outs and no second try when ringing, a ring that fails breaks no request, the
    sweep that rings for what is due; workers come back by themselves."""
    buyer = customer()
    shop.listen("hold")

    getattr(shop.broker, trouble)()
    order, beginning = timed(lambda: buyer.begin(price))
    buyer.pay(order)
    deliveries = deliver(shop, order)
    page, looking = timed(lambda: buyer.http.get(success(shop, order)))
    shop.broker.heal()

    assert [answer["status"] for answer in deliveries] == [200] * len(deliveries), deliveries
    assert max(answer["milliseconds"] for answer in deliveries) < ANSWERS_WITHIN * 1000
    assert (page.status_code, beginning < ANSWERS_WITHIN, looking < ANSWERS_WITHIN) == (
        200,
        True,
        True,
    )
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

    eventually(parcel, within=60)
    shop.wait_until_quiet()
    payment = order.payments.get()
    path = f"/{payment.stripe_payment_intent_id}/capture"
    assert (payment.status, len(shop.stand_in.executed(path))) == ("captured", 1)
    assert shop.mails(buyer.email) == [f"Order {order.number}: confirmed"]
    assert_adds_up(shop.stand_in, order)


def timed(call: Callable[[], Answer]) -> tuple[Answer, float]:
    began = time.monotonic()
    answer = call()
    return answer, time.monotonic() - began


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
