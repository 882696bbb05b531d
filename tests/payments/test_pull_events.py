"""Events fetched from Stripe's own list: the cure for lost webhooks."""

from datetime import timedelta

import pytest
from django.utils import timezone

from payments import webhooks
from payments.models import EventCursor, WebhookEvent
from payments.stripe.errors import Refused
from shop.orders.models import Order
from tests.support.purchases import process, start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


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
    EventCursor.objects.create(
        account=webhooks.account(), seen_until=timezone.now() - timedelta(hours=1)
    )
    before = EventCursor.objects.get().seen_until
    stand_in.pay(str(start().stripe_session_id))
    stand_in.fail("/v1/events", status=400)

    with pytest.raises(Refused):
        pull()
    unmoved = EventCursor.objects.get().seen_until
    pull()

    assert unmoved == before
    assert timezone.now() - EventCursor.objects.get().seen_until < timedelta(minutes=2)


def test_events_older_than_the_look_back_are_left(stand_in: StandIn) -> None:
    stand_in.pay(str(start().stripe_session_id))
    EventCursor.objects.create(
        account=webhooks.account(), seen_until=timezone.now() + timedelta(hours=1)
    )

    by_cursor = pull()
    by_wish = webhooks.pull(livemode=False, since=timezone.now() - timedelta(hours=1))

    assert by_cursor == 0
    assert by_wish > 0


def test_events_of_the_other_mode_are_parked(stand_in: StandIn) -> None:
    stand_in.pay(str(start().stripe_session_id))

    webhooks.pull(livemode=True)

    assert set(WebhookEvent.objects.values_list("status", "outcome")) == {("done", "wrong_mode")}
