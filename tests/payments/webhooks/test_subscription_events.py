"""What Stripe tells of subscriptions: twice, in any order, of others', or never at all."""

import random
from typing import Any

import pytest

from payments import webhooks
from payments.models import CheckoutSession, Payment, Subscription, WebhookEvent
from payments.settlement import deadlines
from shop.orders.models import Order
from tests.support import subscriptions
from tests.support.clocks import move_clocks
from tests.support.purchases import process
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def told(stand_in: StandIn) -> list[dict[str, Any]]:
    """All that Stripe would send, the oldest first."""
    events: list[dict[str, Any]] = stand_in.api("events", limit=100)["data"][::-1]
    return events


def hear(events: list[dict[str, Any]]) -> list[WebhookEvent]:
    """Each is stored and carried out, as a worker would."""
    webhooks.store(events, livemode=False)
    ids = [event["id"] for event in events]
    rows = {
        row.stripe_event_id: row for row in WebhookEvent.objects.filter(stripe_event_id__in=ids)
    }
    for event_id in ids:
        process(rows[event_id])
    return list(WebhookEvent.objects.filter(stripe_event_id__in=ids))


def state(row: Subscription) -> dict[str, Any]:
    row.refresh_from_db()
    return {
        "status": row.status,
        "invoices": [
            (invoice.status, invoice.amount_paid, bool(invoice.order_id), invoice.no_order)
            for invoice in row.invoices.order_by("created_at")
        ],
        "orders": sorted(Order.objects.values_list("status", "total")),
        "payments": sorted(Payment.objects.values_list("purpose", "status", "captured_amount")),
    }


@pytest.mark.parametrize("seed", range(3))
def test_events_in_any_order_and_twice_end_alike(stand_in: StandIn, seed: int) -> None:
    session = subscriptions.paid(stand_in, subscriptions.begin())
    stand_in.advance(days=63)
    events = [event for event in told(stand_in) if event["type"] in webhooks.HANDLED] * 2
    random.Random(seed).shuffle(events)

    rows = hear(events)

    row = Subscription.objects.get(session=session)
    assert state(row) == {
        "status": "active",
        "invoices": [("paid", 1800, True, "")] * 3,
        "orders": [("confirmed", 1800)] * 3,
        "payments": [
            ("checkout", "captured", 1800),
            ("renewal", "captured", 1800),
            ("renewal", "captured", 1800),
        ],
    }
    of_it = [one for one in rows if one.type.startswith(("invoice.", "customer.subscription."))]
    assert {one.status for one in of_it} == {"done"}
    assert {one.outcome for one in of_it} == {"settled"}


def test_the_first_event_may_be_of_the_invoice(stand_in: StandIn) -> None:
    session = subscriptions.paid(stand_in, subscriptions.begin())
    (paid,) = [event for event in told(stand_in) if event["type"] == "invoice.paid"]

    (row,) = hear([paid])

    session.refresh_from_db()
    assert (row.outcome, session.status) == ("settled", CheckoutSession.Status.COMPLETE)
    assert Order.objects.get().status == Order.Status.CONFIRMED
    assert Subscription.objects.get().invoices.get().payment == Payment.objects.get()


def test_what_nobody_tells_of_the_sweep_finds(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    move_clocks(stand_in, days=32)

    deadlines.sweep()

    assert state(row)["orders"] == [("confirmed", 1800)] * 2
    assert row.next_look_at is not None


def test_others_subscriptions_are_kept_in_view_and_left_alone(stand_in: StandIn) -> None:
    subscriptions.subscribed(stand_in)
    events = [event for event in told(stand_in) if "subscription" in event["type"]]
    Subscription.objects.all().delete()
    for event in events:
        event["data"]["object"]["metadata"] = {"shop": "somebody else's"}

    (row,) = hear(events)

    assert (row.status, row.outcome, row.detail) == ("done", "ignored", "not of this installation")


def test_an_invoice_of_no_subscription_is_nobodys(stand_in: StandIn) -> None:
    subscriptions.subscribed(stand_in)
    (event,) = [event for event in told(stand_in) if event["type"] == "invoice.paid"]
    event["data"]["object"]["parent"] = None

    (row,) = hear([event])

    assert (row.status, row.outcome) == ("done", "ignored")


def test_what_staff_cancel_at_stripe_is_over_here(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    stand_in.http.delete(
        f"{stand_in.url}/v1/subscriptions/{row.stripe_subscription_id}",
        headers={"Authorization": "Bearer sk_test_holdfast_tests"},
        timeout=30,
    ).raise_for_status()
    (event,) = [one for one in told(stand_in) if one["type"] == "customer.subscription.deleted"]

    hear([event])

    row.refresh_from_db()
    assert (row.status, row.ended_at is not None, row.next_look_at) == ("canceled", True, None)
