"""Stripe's list of events, long and with odd ones in it."""

import math
import uuid
from collections.abc import Callable
from typing import Any

from payments import webhooks
from payments.models import EventCursor, WebhookEvent
from payments.stripe import gateway
from shop import clock
from shop.catalog.models import Price
from shop.orders.models import Order
from tests.support.buyer import Customer
from tests.support.clocks import move_clocks
from tests.support.house import House
from tests.support.house_orders import assert_bought
from tests.support.silence import ALWAYS, EVENTS

NewCustomer = Callable[[], Customer]
NewPrice = Callable[..., Price]


def test_a_long_backlog_is_read_upwards_and_kept_though_the_run_is_killed(
    shop: House, prices: NewPrice, customer: NewCustomer
) -> None:
    # K15: from the newest on, so that a run that ended early never reached the oldest, and a
    # cursor that only moved at the end; one event that could not be stored stopped it for good.
    shop.stop("beat")
    # What it has rung for already would be read by a worker, and count among the calls below.
    shop.stop("worker")
    shop.listen("drop")
    # What other tests have done is further back than any look.
    move_clocks(shop.stand_in, hours=1)
    begun = clock.now()
    bought = [(customer(), prices()) for _ in range(3)]
    orders = []
    for buyer, price in bought:
        orders.append(buyer.begin(price))
        buyer.pay(orders[-1])
        move_clocks(shop.stand_in, hours=8)
    EventCursor.objects.update(seen_until=begun)
    mark = uuid.uuid4().hex
    odd = odd_events(shop, orders[0], mark)

    # Some calls for each slice of six hours: all types do not fit into one.
    calls = math.ceil(len(webhooks.HANDLED) / gateway.MOST_TYPES)
    shop.stand_in.fail(EVENTS, method="GET", change={"data": odd})
    shop.stand_in.fail(EVENTS, method="GET", times=2 * calls - 1)
    shop.stand_in.fail(EVENTS, method="GET", hold=True, times=ALWAYS)
    shop.start_as("pull", ["manage.py", "pull_events"])
    shop.stand_in.wait_for_held("/v1/events")
    shop.kill("pull")
    heard_of = [WebhookEvent.objects.filter(metadata_order=order.pk).exists() for order in orders]
    hours = round((EventCursor.objects.get().seen_until - begun).total_seconds() / 3600)
    shop.stand_in.ask("faults/clear", {})
    shop.manage("pull_events")

    assert (heard_of, hours) == ([True, True, False], 12)
    stored = WebhookEvent.objects.filter(stripe_event_id__endswith=mark)
    assert [row.payload["data"]["object"]["description"] for row in stored] == ["ab"]
    shop.heal()
    for order, (buyer, price) in zip(orders, bought, strict=True):
        assert_bought(shop, order, buyer, price)


def odd_events(shop: House, order: Order, mark: str) -> list[dict[str, Any]]:
    """What Stripe lists of an order, and before it what the database cannot hold."""
    listed = [
        event
        for event in shop.stand_in.api("events", limit=100)["data"]
        if str(order.pk) in str(event)
    ]
    (good,) = (event for event in listed if event["type"].endswith("capturable_updated"))
    odd = {"id": f"pi_{mark}", "description": "a\0b\ud800"}
    return [
        {**good, "id": f"evt_nul_{mark}", "data": {"object": odd}},
        {**good, "id": f"evt_of_no_time_{mark}", "created": 10**15},
        {**good, "id": f"evt_without_an_object_{mark}", "data": {"object": None}},
        *listed,
    ]
