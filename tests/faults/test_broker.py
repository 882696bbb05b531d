"""The broker refuses, hangs or forgets: customers notice nothing, and all work is done."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from fulfillment.models import Shipment
from payments.models import WebhookEvent
from shop.catalog.models import Price
from shop.orders.models import Order
from tests.support.books import assert_adds_up
from tests.support.buyer import Customer
from tests.support.house import House
from tests.support.waiting import eventually

NewCustomer = Callable[[], Customer]


@pytest.mark.parametrize(
    ("trouble", "why"), [("keep_away", "Connection|connecting"), ("stall", "Timeout")]
)
def test_buying_without_a_broker(
    shop: House, price: Price, customer: NewCustomer, trouble: str, why: str
) -> None:
    """Guards: a time-out when ringing, a ring that fails breaks no request, the sweep that rings
    for what is due; workers come back by themselves."""
    buyer = customer()
    shop.listen("hold")
    # What a worker fetches by itself nobody has to ring for; so it gets nothing meanwhile.
    shop.stand_in.fail("^/v1/events$", method="GET", when="before", reset=True, times=1000)

    getattr(shop.broker, trouble)()
    order = buyer.begin(price)
    buyer.pay(order)
    answers = deliver(shop, order)
    page = buyer.http.get(success(shop, order))
    events = WebhookEvent.objects.filter(metadata_order=str(order.pk))
    rows = [str(pk) for pk in events.values_list("pk", flat=True)]

    def unheard() -> set[str]:
        """The rows of which the log says that nobody heard their bell, and why."""
        lines = [line for line in bells_not_rung(shop) if re.search(why, line)]
        return {row for row in rows if any(row in line for line in lines)}

    assert [answer["status"] for answer in answers] == [200] * len(answers), answers
    assert page.status_code == 200
    assert rows
    eventually(lambda: unheard() == {*rows})
    shop.broker.heal()
    shop.stand_in.ask("faults/clear", {})
    assert_carried_out(shop, order, buyer)


def test_ringing_is_tried_once(shop: House, price: Price, customer: NewCustomer) -> None:
    """Guard: no second try when ringing; with Celery's own settings there are three more."""
    buyer = customer()
    shop.listen("hold")
    for name in ("worker", "beat"):
        shop.stop(name)  # they do try again

    before = len(bells_not_rung(shop))
    with shop.broker.hanging_up() as calls:
        order = buyer.begin(price)
        buyer.pay(order)
        deliver(shop, order)
    not_rung = len(bells_not_rung(shop)) - before

    assert 0 < len(calls) <= not_rung
    shop.heal()
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


def bells_not_rung(shop: House) -> list[str]:
    """The lines in which the web server says that the broker was not there."""
    lines = (shop.directory / "web.log").read_text().splitlines()
    return [line for line in lines if "bell not rung" in line]


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
