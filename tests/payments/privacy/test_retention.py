"""What was said to and by Stripe is forgotten; what is not settled or moved money is not."""

import uuid
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from payments.models import ButtonPress, CheckoutSession, StripeRequest, WebhookEvent
from tests.support.factories import PriceFactory
from tests.support.purchases import buy, do_the_work, start, unpaid
from tests.support.retention import pruned
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = timezone.now() - timedelta(days=400)
SAID = {"data": {"object": {"customer_details": {"email": "ada@example.com"}}}}


def event(name: str, **fields: Any) -> WebhookEvent:
    return WebhookEvent.objects.create(
        stripe_event_id=name,
        account="acct_1/test",
        type="charge.refunded",
        livemode=False,
        stripe_created_at=LONG_AGO,
        **{"payload": SAID, "status": "done", "created_at": LONG_AGO, **fields},
    )


def test_the_words_of_settled_events_go_and_that_they_came_stays_longer() -> None:
    weeks_ago = timezone.now() - timedelta(days=100)
    event("evt_weeks", created_at=weeks_ago)
    event("evt_old")
    event("evt_new", created_at=timezone.now())

    assert pruned("event_contents", "events") == 3

    kept = {one.stripe_event_id: one.payload for one in WebhookEvent.objects.all()}
    assert kept == {"evt_weeks": {}, "evt_new": SAID}


@pytest.mark.parametrize("status", ["ready", "leased", "dead"])
def test_an_event_that_is_not_settled_is_kept_whole(status: str) -> None:
    until = timezone.now()
    lease = {"lease_token": uuid.uuid4(), "lease_until": until} if status == "leased" else {}
    event("evt_1", status=status, **lease)

    assert pruned("event_contents", "events") == 0
    assert WebhookEvent.objects.get().payload == SAID


def test_an_event_without_its_words_is_not_replayed() -> None:
    event("evt_old", payload={})

    said = StringIO()
    call_command("replay_events", "--id", "evt_old", stdout=said)

    assert "evt_old is not in the inbox, or cannot be replayed now." in said.getvalue()
    assert WebhookEvent.objects.get().status == "done"
    with pytest.raises(CommandError):
        call_command("replay_events")


def test_what_opened_a_page_is_forgotten_and_what_moved_money_is_not(stand_in: StandIn) -> None:
    order = buy(stand_in, email="ada@example.com")
    do_the_work()
    StripeRequest.objects.update(created_at=LONG_AGO)
    CheckoutSession.objects.update(created_at=LONG_AGO, network="192.0.2.1", visitor_key="v")
    captures = list(order.stripe_requests.filter(kind="capture").values("parameters", "amount"))

    assert pruned("request_contents", "networks") == 2

    opened = StripeRequest.objects.get(kind="create_session")
    page = CheckoutSession.objects.get()
    assert (opened.parameters, page.network, page.visitor_key) == ({}, "", "")
    assert captures == list(
        order.stripe_requests.filter(kind="capture").values("parameters", "amount")
    )
    assert captures[0]["parameters"] != {}


def test_a_page_that_is_open_keeps_all(stand_in: StandIn) -> None:
    session = start(PriceFactory())
    StripeRequest.objects.update(created_at=LONG_AGO)
    CheckoutSession.objects.update(created_at=LONG_AGO, network="192.0.2.1")

    assert pruned("request_contents", "networks") == 0

    unpaid(stand_in, session)
    assert pruned("request_contents", "networks") == 2


def test_presses_of_buttons_are_forgotten() -> None:
    for at in (LONG_AGO, timezone.now()):
        ButtonPress.objects.create(id=uuid.uuid4(), actor_id=1, at=at)

    assert pruned("button_presses") == 1
