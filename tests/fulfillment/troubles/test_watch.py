"""What is looked for: a refused key, webhooks that do not come, holds about to be given up."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from fulfillment.models import Trouble
from fulfillment.troubles import watch
from payments import stripe_requests
from payments.models import Payment, StripeRequest, WebhookEvent
from shop import clock, work
from shop.models import Heartbeat
from tests.payments.deliveries import deliver, event
from tests.support.purchases import buy, do_the_work, payment_of
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def standing() -> dict[str, str]:
    watch.look()
    return dict(Trouble.objects.filter(ended_at=None).values_list("kind", "said"))


def test_a_refused_key_is_told_until_it_is_mended(stand_in: StandIn, settings: Any) -> None:
    # T5
    well, key = standing(), settings.STRIPE_SECRET_KEY
    settings.STRIPE_SECRET_KEY = "sk_live_rolled"
    refused = standing()
    settings.STRIPE_SECRET_KEY = key

    assert well == {}
    assert list(refused) == ["key"]
    assert refused["key"].startswith("Stripe refuses the key")
    assert standing() == {}


# A key that Stripe no longer takes, and one that it never took.
@pytest.mark.parametrize("never_taken", [False, True])
def test_with_a_new_key_nothing_waits_until_its_next_try(
    stand_in: StandIn, settings: Any, never_taken: bool
) -> None:
    # T5
    settings.CAPTURE_POLICY, key = "staff", settings.STRIPE_SECRET_KEY
    order = buy(stand_in)
    do_the_work()
    request = stripe_requests.ask_capture(payment_of(order), order.due)
    if never_taken:
        settings.STRIPE_SECRET_KEY = "sk_live_rolled"
    else:
        stand_in.fail("/v1/", status=401, times=99)
    do_the_work()
    standing()
    work.due(StripeRequest).update(run_at=timezone.now() + timedelta(minutes=5))
    settings.STRIPE_SECRET_KEY = key
    stand_in.ask("faults/clear", {})
    before = work.due(StripeRequest).filter(pk=request.pk).exists()

    standing()

    due = work.due(StripeRequest).filter(pk=request.pk).exists()
    do_the_work()
    assert (before, due) == (False, True)
    assert payment_of(order).status == "captured"


def test_stripe_being_away_is_no_refusal_and_mends_none(stand_in: StandIn, settings: Any) -> None:
    # T5
    key = settings.STRIPE_SECRET_KEY
    settings.STRIPE_SECRET_KEY = "sk_live_rolled"
    standing()
    settings.STRIPE_SECRET_KEY = key
    stand_in.fail("/v1/account", status=500)

    assert list(standing()) == ["key"]
    assert standing() == {}


def fetched(*, ago: timedelta) -> None:
    WebhookEvent.objects.create(
        account="acct_1/test",
        stripe_event_id=f"evt_{WebhookEvent.objects.count()}",
        type="charge.refunded",
        livemode=False,
        stripe_created_at=timezone.now(),
        payload={},
        status="done",
        created_at=timezone.now() - ago,
    )


def delivered(*, ago: timedelta) -> None:
    Heartbeat.objects.update_or_create(name="webhook", defaults={"at": timezone.now() - ago})


def test_webhooks_that_stopped_are_told(stand_in: StandIn) -> None:
    # T5
    delivered(ago=timedelta(hours=3))
    fetched(ago=timedelta(hours=3))
    quiet = standing()
    fetched(ago=timedelta(minutes=1))
    silent = standing()
    delivered(ago=timedelta(0))

    assert quiet == {}
    assert silent["webhooks"].startswith("Stripe has delivered no event since ")
    assert standing() == {}


def test_webhooks_that_never_came_are_told_but_in_a_rehearsal(
    stand_in: StandIn, settings: Any
) -> None:
    # T5
    fetched(ago=timedelta(hours=1))

    settings.REHEARSAL = True
    rehearsed = standing()
    settings.REHEARSAL = False

    assert rehearsed == {}
    assert standing()["webhooks"].startswith("Stripe has delivered no event yet")


def test_holds_that_nobody_decides_on_are_told(stand_in: StandIn, settings: Any) -> None:
    # T5
    settings.CAPTURE_POLICY = "staff"
    order = buy(stand_in)
    do_the_work()
    payment = payment_of(order)
    far = standing()
    Payment.objects.filter(pk=payment.pk).update(capture_before=clock.now() + timedelta(hours=12))
    near = standing()
    settings.CAPTURE_AT_DEADLINE = "capture"

    assert far == {}
    assert near["holds"].startswith("1 of the payments to capture are given up within a day")
    assert standing() == {}


def test_a_delivery_is_noted(client: Client) -> None:
    # T5
    refused = deliver(client, event(), "t=1,v1=none")
    unheard = Heartbeat.objects.filter(name="webhook").exists()

    taken = deliver(client, event())

    assert (refused.status_code, unheard) == (400, False)
    assert (taken.status_code, Heartbeat.objects.filter(name="webhook").exists()) == (200, True)
