"""Events fetched from Stripe's own list: the cure for lost webhooks."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from payments import webhooks
from payments.models import EventCursor, WebhookEvent
from payments.stripe.errors import Refused
from shop import clock
from shop.orders.models import Order
from shop.stripe_client import account
from tests.support.clocks import move_clocks
from tests.support.purchases import process, start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def cursor() -> datetime:
    return EventCursor.objects.get().seen_until


def pull() -> int:
    return webhooks.pull(livemode=False)


def test_a_lost_webhook_is_found_and_settled(stand_in: StandIn) -> None:
    """W05."""
    stand_in.pay(str(start().stripe_session_id))

    new = pull()
    states = [process(event).status for event in WebhookEvent.objects.order_by("created_at")]

    assert new == len(states) > 1
    assert set(states) == {"done"}
    assert Order.objects.get().status == "confirmed"


def test_a_host_whose_clock_is_behind_stripes_misses_nothing(stand_in: StandIn) -> None:
    """K15. Neither what happens now, nor what happens after the cursor has gone ahead of it."""
    stand_in.advance(minutes=20)
    stand_in.pay(str(start().stripe_session_id))

    first = pull()
    stand_in.pay(str(start().stripe_session_id))
    second = pull()

    assert first > 1
    assert second == first


def test_only_what_the_shop_acts_on_is_fetched(stand_in: StandIn) -> None:
    stand_in.pay(str(start().stripe_session_id))
    listed = {event["type"] for event in stand_in.api("events", limit=100)["data"]}

    pull()

    fetched = set(WebhookEvent.objects.values_list("type", flat=True))
    assert fetched == listed & set(webhooks.HANDLED)
    assert listed - fetched


def test_an_event_of_a_price_is_stored_as_it_was_delivered(stand_in: StandIn) -> None:
    """Its `unit_amount_decimal` is a Decimal to Stripe's library."""
    product = stand_in.call("products", name="Mug")
    price = stand_in.call("prices", product=product["id"], currency="eur", unit_amount=1800)

    pull()

    event = WebhookEvent.objects.get(type="price.created")
    assert event.payload["data"]["object"]["id"] == price["id"]
    assert event.payload["data"]["object"]["unit_amount_decimal"] == "1800"


def test_the_same_events_again_are_stored_once(stand_in: StandIn) -> None:
    """A12: the look back overlaps, so that a lagging list loses nothing."""
    stand_in.pay(str(start().stripe_session_id))
    first = pull()

    again = pull()

    assert (again, WebhookEvent.objects.count()) == (0, first)


def test_more_than_one_page(stand_in: StandIn) -> None:
    session = start()
    for _ in range(115):
        stand_in.pay(str(session.stripe_session_id), card="4000000000000002")

    new = pull()

    assert new == WebhookEvent.objects.count() == 115
    assert set(WebhookEvent.objects.values_list("type", flat=True)) == {
        "payment_intent.payment_failed"
    }


def test_the_cursor_moves_only_when_all_was_stored(stand_in: StandIn) -> None:
    start()
    EventCursor.objects.create(account=account(), seen_until=timezone.now() - timedelta(hours=1))
    before = EventCursor.objects.get().seen_until
    stand_in.pay(str(start().stripe_session_id))
    stand_in.fail("/v1/events", status=400)

    with pytest.raises(Refused):
        pull()
    unmoved = EventCursor.objects.get().seen_until
    pull()

    assert unmoved == before
    assert timezone.now() - EventCursor.objects.get().seen_until < timedelta(minutes=2)


def test_a_backlog_is_read_from_its_oldest_day_on(stand_in: StandIn) -> None:
    """K15. A run that ends early leaves its cursor where it was, and the next one goes on there."""
    begun = clock.now()
    for _ in range(3):
        stand_in.pay(str(start().stripe_session_id))
        move_clocks(stand_in, hours=8)
    EventCursor.objects.create(account=account(), seen_until=begun)

    seen = []
    for _ in range(5):
        webhooks.pull(livemode=False, seconds=0)
        days = WebhookEvent.objects.values_list("stripe_created_at", flat=True)
        hours = {round((day - begun).total_seconds() / 3600) for day in days}
        seen.append((hours, round((cursor() - begun).total_seconds() / 3600)))

    assert seen == [({0}, 6), ({0, 8}, 12), ({0, 8, 16}, 17), ({0, 8, 16}, 23), ({0, 8, 16}, 24)]


def test_a_crowded_time_is_read_in_narrow_slices(stand_in: StandIn) -> None:
    """K15. What one answer holds is kept with its cursor, however much stands behind it."""
    begun = clock.now()
    declined = WebhookEvent.objects.filter(type="payment_intent.payment_failed")
    for _ in range(2):
        session = start()
        for _ in range(60):
            stand_in.pay(str(session.stripe_session_id), card="4000000000000002")
        move_clocks(stand_in, hours=1)
    EventCursor.objects.create(account=account(), seen_until=begun)

    counts = []
    for _ in range(30):
        webhooks.pull(livemode=False, seconds=0)
        counts.append(declined.count())

    assert counts == sorted(counts)
    assert (counts[0] < 120, counts[-1]) == (True, 120)


def test_an_event_that_the_database_cannot_hold_costs_only_itself(stand_in: StandIn) -> None:
    """K15. NUL and half a surrogate pair are left out; what else is odd is passed over."""
    stand_in.pay(str(start().stripe_session_id))
    listed = stand_in.api("events", limit=100, type="payment_intent.amount_capturable_updated")
    (good,) = listed["data"]
    odd = [
        {**good, "id": "evt_nul", "data": {"object": {"id": "pi_1", "description": "a\0b\ud800"}}},
        {**good, "id": "evt_of_no_time", "created": 10**15},
        {**good, "id": "evt_without_an_object", "data": {"object": None}},
    ]
    stand_in.fail("/v1/events", change={"data": [*odd, good]})

    new = pull()

    stored = WebhookEvent.objects.filter(stripe_event_id__in=["evt_nul", good["id"]])
    assert (new, stored.count()) == (WebhookEvent.objects.count(), 2)
    assert stored.get(stripe_event_id="evt_nul").payload["data"]["object"]["description"] == "ab"
    assert not WebhookEvent.objects.filter(stripe_event_id__startswith="evt_of_no").exists()


def test_an_event_that_our_columns_cannot_hold_costs_only_itself(stand_in: StandIn) -> None:
    """K15. A bug of ours is logged, and does not hold up what stands beside it."""
    stand_in.pay(str(start().stripe_session_id))
    listed = {event["type"] for event in stand_in.api("events", limit=100)["data"]}
    fitting = {name for name in listed & set(webhooks.HANDLED) if len(name) <= 26}
    column = "ALTER TABLE payments_webhookevent ALTER COLUMN type TYPE varchar(%s)"
    with connection.cursor() as database:
        database.execute(column, [26])
        try:
            pull()
        finally:
            database.execute(column, [100])

    assert set(WebhookEvent.objects.values_list("type", flat=True)) == fitting
    assert listed & set(webhooks.HANDLED) - fitting
    assert timezone.now() - cursor() < timedelta(minutes=2)


def test_dead_events_that_are_come_by_get_a_new_start(stand_in: StandIn) -> None:
    """K15. Those that are only read once more, because the looks overlap, do not."""
    stand_in.pay(str(start().stripe_session_id))
    pull()
    WebhookEvent.objects.update(status="dead", attempts=200)
    pull()
    still_dead = set(WebhookEvent.objects.values_list("status", flat=True))

    webhooks.pull(livemode=False, since=timezone.now() - timedelta(hours=1))

    assert still_dead == {"dead"}
    assert set(WebhookEvent.objects.values_list("status", "attempts")) == {("ready", 0)}


def test_events_older_than_the_look_back_are_left(stand_in: StandIn) -> None:
    stand_in.pay(str(start().stripe_session_id))
    EventCursor.objects.create(account=account(), seen_until=timezone.now() + timedelta(hours=1))

    by_cursor = pull()
    by_wish = webhooks.pull(livemode=False, since=timezone.now() - timedelta(hours=1))

    assert by_cursor == 0
    assert by_wish > 0


def test_events_of_the_other_mode_are_parked(stand_in: StandIn) -> None:
    stand_in.pay(str(start().stripe_session_id))

    webhooks.pull(livemode=True)

    assert set(WebhookEvent.objects.values_list("status", "outcome")) == {("done", "wrong_mode")}
