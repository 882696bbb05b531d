"""Stripe's events come twice, twenty times at once, in every order, out of date, or never."""

import json
import re
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.db.models import AutoField, Model

from payments import webhooks
from payments.models import CheckoutSession, MoneyEntry, Payment, WebhookEvent
from payments.settlement import deadlines, settle
from shop import work
from shop.catalog.models import Price
from shop.orders.models import Order
from tests.support.books import assert_adds_up
from tests.support.buyer import Customer, offered
from tests.support.clocks import move_clock
from tests.support.concurrency import at_once, while_reading
from tests.support.factories import PriceFactory
from tests.support.house import House
from tests.support.purchases import authorized, captured, counted, do_the_work, pay, start
from tests.support.stand_in import StandIn
from tests.support.waiting import eventually

# -- to the running shop ---------------------------------------------------------------------------


@pytest.fixture
def shop(house: House) -> Iterator[House]:
    house.heal()
    yield house
    house.heal()


@pytest.fixture
def thing(shop: House) -> Iterator[Price]:
    with offered(on_hand=5) as price:
        yield price


@pytest.fixture
def buyer(shop: House) -> Customer:
    return Customer(shop, f"{uuid.uuid4().hex[:12]}@example.com")


def test_delivered_twice(shop: House, thing: Price, buyer: Customer) -> None:
    """Guard: an event is stored once by its id, and a repeat is answered like the first."""
    order = buyer.begin(thing)
    shop.listen("duplicate")

    buyer.pay(order)

    assert_bought_once(shop, order, buyer, thing)
    answers = deliveries_of(shop, order)
    assert len(answers) >= 4
    assert {answer["status"] for answer in answers} == {200}


def test_delivered_twenty_times_at_once(shop: House, thing: Price, buyer: Customer) -> None:
    """Guard: as above, however many of them are stored at the same moment."""
    order = buyer.begin(thing)
    shop.listen("hold")
    buyer.pay(order)
    events = [event["id"] for event in events_of(shop.stand_in, order)]

    answers = shop.stand_in.ask("deliver", {"events": events, "copies": 20, "parallel": True})

    assert {answer["status"] for answer in answers["data"]} == {200}
    assert len(answers["data"]) == 20 * len(events)
    shop.listen("normal")
    assert_bought_once(shop, order, buyer, thing)


def test_never_delivered(shop: House, thing: Price, buyer: Customer) -> None:
    """Guard: beat has Stripe's own list of events read."""
    order = buyer.begin(thing)
    shop.listen("drop")

    buyer.pay(order)

    assert_bought_once(shop, order, buyer, thing)


def test_delivered_before_the_session_is_known(shop: House, thing: Price, buyer: Customer) -> None:
    """Guard: the order is committed before the call, and its id travels in the metadata."""
    with ThreadPoolExecutor(1) as browser:
        with shop.stand_in.holding("^/v1/checkout/sessions$", method="POST", when="after"):
            pressing = browser.submit(buyer.go_to_payment, price=thing.key, quantity=1)
            shop.stand_in.wait_for_held()
            order = Order.objects.get(lines__price=thing)
            made = made_for(shop.stand_in, order)
            shop.stand_in.pay(made["id"], email=buyer.email)
            eventually(lambda: Order.objects.filter(pk=order.pk, status="confirmed").exists())
        answer = pressing.result()

    assert answer.status_code == 303
    assert_bought_once(shop, order, buyer, thing)


def assert_bought_once(shop: House, order: Order, buyer: Customer, price: Price) -> None:
    eventually(lambda: order.shipments.first())
    shop.wait_until_quiet()
    payment = order.payments.get()
    seen = WebhookEvent.objects.filter(metadata_order=str(order.pk))
    assert payment.captured_amount == 1800
    assert len(shop.stand_in.executed(f"/{payment.stripe_payment_intent_id}/capture")) == 1
    assert list(order.transitions.values_list("after", flat=True)) == ["confirmed"]
    assert shop.mails(buyer.email) == [f"Order {order.number}: confirmed"]
    assert order.shipments.count() == 1
    assert counted(price) == (4, 0)
    assert {event.status for event in seen} == {"done"}
    assert_adds_up(shop.stand_in, order)


def events_of(stand_in: StandIn, order: Order) -> list[dict[str, Any]]:
    told = stand_in.ask("events")["data"]
    return [event for event in told if str(order.pk) in str(event["data"])]


def deliveries_of(shop: House, order: Order) -> list[dict[str, Any]]:
    """Every answer to a delivery about the order."""
    return [
        answer
        for event in events_of(shop.stand_in, order)
        for delivery in event["deliveries"]
        for answer in delivery["answers"]
    ]


def made_for(stand_in: StandIn, order: Order) -> dict[str, Any]:
    sessions: list[dict[str, Any]] = stand_in.api("checkout/sessions", limit=20)["data"]
    return next(one for one in sessions if one["client_reference_id"] == str(order.pk))


# -- in every order --------------------------------------------------------------------------------


@pytest.fixture
def price() -> Price:
    return PriceFactory()


TOLD = [
    "checkout.session.completed",
    "payment_intent.amount_capturable_updated",
    "payment_intent.succeeded",
    "charge.captured",
    "charge.refunded",
    "refund.created",
]


@pytest.mark.django_db
def test_in_every_order(stand_in: StandIn, price: Price) -> None:
    """All 720 orders of six events end alike. Guard: an event only says where to look.

    Each of the six is delivered after every set of the others: what the shop has then made of
    them, down to the last column, is the same by whichever order that set has come, so whatever
    comes next meets the same shop. The 192 deliveries stand for all orders.
    """
    session = start(price)
    pay(stand_in, session)
    intent = stand_in.api("payment_intents", limit=1)["data"][0]["id"]
    stand_in.call(f"payment_intents/{intent}/capture")
    stand_in.call("refunds", payment_intent=intent, amount=500)
    told = {event["type"]: event for event in stand_in.ask("events")["data"]}
    every = Orders({kind: told[kind] for kind in TOLD})

    assert every.to_the_end(frozenset()) == 720
    assert every.deliveries == 6 * 2**5
    assert every.ends == {("confirmed", 1800, "captured", 1800, 500, (1800, -500), 1, 0, 0)}


class Orders:
    """The orders in which events can come, and what the shop makes of those that have come."""

    def __init__(self, events: dict[str, dict[str, Any]]) -> None:
        self.events = events
        self.deliveries = 0
        self.ends: set[tuple[Any, ...]] = set()
        # By the set of the events that have come: the whole shop, and how many orders go on.
        self.states: dict[frozenset[str], Rows] = {}
        self.onward: dict[frozenset[str], int] = {}

    def to_the_end(self, come: frozenset[str]) -> int:
        """How many orders there are of the events that have not come; all are gone through."""
        rest = self.events.keys() - come
        if not rest:
            self.ends.add(end())
            return 1
        return sum(self.deliver(kind, come) for kind in sorted(rest))

    def deliver(self, kind: str, come: frozenset[str]) -> int:
        """One more event, of which nothing stays; how many orders go on from there."""
        with nothing_stays():
            self.deliveries += 1
            webhooks.store([self.events[kind]], livemode=False)
            work.drain(WebhookEvent, webhooks.process)
            come |= {kind}
            rows = everything()
            if come not in self.states:
                self.states[come], self.onward[come] = rows, self.to_the_end(come)
            assert rows == self.states[come], f"after {kind} at the end of {sorted(come)}"
        return self.onward[come]


Rows = dict[str, list[str]]
# What differs from one run to the next although nothing else happens: ids and moments.
BY_CHANCE = re.compile(
    r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:?\d\d)?"
)


def everything() -> Rows:
    """Every row of the shop, without the ids and the moments that chance gives it."""
    return {
        model._meta.label: sorted(
            BY_CHANCE.sub("*", json.dumps(row, default=str, sort_keys=True))
            for row in model._base_manager.values(*columns(model))
        )
        for model in apps.get_models()
        if model.__module__.split(".")[0] in {"shop", "payments", "fulfillment"}
    }


def columns(model: type[Model]) -> list[str]:
    """All but the database's own count of rows, which goes on when rows are taken back."""
    return [
        field.attname
        for field in model._meta.concrete_fields
        if not isinstance(getattr(field, "target_field", field), AutoField)
    ]


def end() -> tuple[Any, ...]:
    """What the shop has made of the events."""
    order, payment = Order.objects.get(), Payment.objects.get()
    return (
        order.status,
        order.total,
        payment.status,
        payment.captured_amount,
        payment.refunded.amount,
        tuple(MoneyEntry.objects.order_by("id").values_list("amount", flat=True)),
        order.preparations.count(),
        order.holds.count(),
        WebhookEvent.objects.exclude(status="done").count(),
    )


class nothing_stays(transaction.Atomic):  # noqa: N801 - reads as a sentence
    """A transaction that is rolled back, inside which durable ones may stand."""

    def __init__(self) -> None:
        super().__init__(using=None, savepoint=True, durable=False)
        self._from_testcase = True

    def __exit__(self, *error: Any) -> None:
        connection.set_rollback(True)
        super().__exit__(*error)


@pytest.mark.django_db(transaction=True)
def test_settled_ten_times_at_once(stand_in: StandIn, price: Price) -> None:
    """Guards: the locks of order and session, and the condition on each change of a status.

    Either is enough; without both the order is confirmed ten times.
    """
    session = start(price)
    pay(stand_in, session)

    answers = at_once([lambda: settle.settle(session)] * 10)

    assert answers == [None] * 10
    assert [step.after for step in Order.objects.get().transitions.all()] == ["confirmed"]
    do_the_work()
    assert_adds_up(stand_in, Order.objects.get())


# -- out of date -----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_an_older_answer_after_a_capture(stand_in: StandIn, price: Price) -> None:
    """Two workers read; the older answer is written last. Guard: facts only grow."""
    payment = authorized(stand_in, price)
    session = known(payment)

    with while_reading(stand_in, session, lambda: settle.settle(session)):
        stand_in.call(f"payment_intents/{payment.stripe_payment_intent_id}/capture")
        settle.settle(session)

    payment.refresh_from_db()
    assert (payment.status, payment.captured_amount) == ("captured", 1800)
    assert [entry.amount for entry in payment.entries.all()] == [1800]
    assert not Order.objects.get().is_held
    do_the_work()
    assert_adds_up(stand_in, Order.objects.get())


@pytest.mark.django_db(transaction=True)
def test_an_older_answer_after_a_release(stand_in: StandIn, price: Price) -> None:
    """Guard: the table of transitions has no way back from released."""
    payment = authorized(stand_in, price)
    session = known(payment)

    with while_reading(stand_in, session, lambda: settle.settle(session)):
        stand_in.call(f"payment_intents/{payment.stripe_payment_intent_id}/cancel")
        settle.settle(session)

    payment.refresh_from_db()
    assert (payment.status, Order.objects.get().status) == ("released", "cancelled")
    assert counted(price) == (10, 0)
    do_the_work()
    assert_adds_up(stand_in, Order.objects.get())


@pytest.mark.django_db(transaction=True)
def test_an_older_answer_after_a_refund(stand_in: StandIn, price: Price) -> None:
    """Guard: a refund is stored by its id and is never forgotten."""
    payment = captured(stand_in, price)
    session = known(payment)

    with while_reading(stand_in, session, lambda: settle.settle(session)):
        stand_in.call("refunds", payment_intent=payment.stripe_payment_intent_id, amount=700)
        settle.settle(session)

    assert payment.refunded.amount == 700
    assert [entry.amount for entry in payment.entries.order_by("id")] == [1800, -700]
    assert_adds_up(stand_in, Order.objects.get())


@pytest.mark.django_db(transaction=True)
def test_an_event_that_comes_during_the_read_is_not_done(stand_in: StandIn, price: Price) -> None:
    """Guard: done are only the events that were there before the read, or news would be lost."""
    payment = authorized(stand_in, price)
    session = known(payment)

    with while_reading(stand_in, session, lambda: settle.settle(session)):
        stand_in.call(f"payment_intents/{payment.stripe_payment_intent_id}/capture")
        webhooks.pull(livemode=False)
        news = WebhookEvent.objects.get(type="payment_intent.succeeded")
    news.refresh_from_db()
    left = news.status
    do_the_work()

    payment.refresh_from_db()
    news.refresh_from_db()
    assert (left, news.status) == ("ready", "done")
    assert payment.status == "captured"


def known(payment: Payment) -> CheckoutSession:
    assert payment.session is not None
    return payment.session


# -- never -----------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("paid", [True, False])
def test_neither_delivered_nor_listed(stand_in: StandIn, price: Price, paid: bool) -> None:
    """Guard: the sweep asks Stripe about every session whose time is over."""
    session = start(price)
    if paid:
        pay(stand_in, session)

    move_clock(minutes=46)
    stand_in.advance(minutes=46)
    deadlines.sweep()
    do_the_work()

    assert Order.objects.get().status == ("confirmed" if paid else "expired")
    assert counted(price) == ((9, 0) if paid else (10, 0))
    assert_adds_up(stand_in, Order.objects.get())


@pytest.mark.django_db(transaction=True)
def test_both_delivered_and_listed(stand_in: StandIn, price: Price) -> None:
    """Guard: the list and the deliveries meet in one inbox, each event once."""
    session = start(price)
    pay(stand_in, session)
    told: list[dict[str, Any]] = stand_in.ask("events")["data"]

    calls: list[Callable[[], object]] = [
        lambda: webhooks.store(told, livemode=False),
        lambda: webhooks.pull(livemode=False),
        lambda: webhooks.store(reversed(told), livemode=False),
        lambda: webhooks.pull(livemode=False),
    ]
    answers = at_once(calls)
    do_the_work()

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    ids = list(WebhookEvent.objects.values_list("stripe_event_id", flat=True))
    assert len(ids) == len(set(ids))
    assert Order.objects.get().status == "confirmed"
    assert_adds_up(stand_in, Order.objects.get())


@pytest.mark.django_db(transaction=True)
def test_long_lists_in_opposite_orders_at_once(stand_in: StandIn, price: Price) -> None:
    """Guard: rows go into the inbox in the order of their ids, so that nobody waits in a ring."""
    pay(stand_in, start(price))
    event: dict[str, Any] = stand_in.ask("events")["data"][0]
    many = [{**event, "id": f"evt_{number:04}"} for number in range(500)]

    answers = at_once(
        [
            lambda: len(webhooks.store(many, livemode=False)),
            lambda: len(webhooks.store(reversed(many), livemode=False)),
        ]
    )

    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert WebhookEvent.objects.count() == len(many)
