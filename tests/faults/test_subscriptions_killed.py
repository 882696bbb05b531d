"""A worker is killed while Stripe is asked to change what renews."""

from django.test import override_settings

from payments import stripe_requests
from payments.models import StripeRequest, Subscription
from payments.settlement.subscriptions.settle import settle_subscription
from payments.stripe.billing import changes
from tests.faults.test_killed import HELD, MOMENTS, kill_worker, widen_worker
from tests.support.factories import UserFactory
from tests.support.house import House
from tests.support.subscriptions import subscribed
from tests.support.waiting import eventually


@MOMENTS
def test_killed_in_each_call_each_change_is_made_once(shop: House, moment: str) -> None:
    """Guards: the row and its key before the call, one open change of each, leases."""
    widen_worker(shop)
    with override_settings(STRIPE_API_BASE=shop.stand_in.url):
        ending, grown, paused = (subscribed(shop.stand_in, user=UserFactory()) for _ in range(3))
        items = [{"id": grown.items.get().stripe_item_id, "quantity": 3}]
        told = changes.preview(grown, items)
    shop.wait_until_quiet()
    for row, method in ((ending, "DELETE"), (grown, "POST"), (paused, "POST")):
        path = f"^/v1/subscriptions/{row.stripe_subscription_id}$"
        shop.stand_in.fail(path, method=method, when=moment, **HELD)

    asked = [
        stripe_requests.ask_cancellation(ending),
        stripe_requests.ask_change(
            grown,
            {
                "items": items,
                "proration_behavior": "always_invoice",
                "proration_date": told.counted_from,
                "payment_behavior": "error_if_incomplete",
            },
            amount=told.due.amount,
        ),
        stripe_requests.ask_change(paused, {"pause_collection": {"behavior": "void"}}),
    ]
    for request in asked:
        assert request is not None
        request.ring()
    for row in (ending, grown, paused):
        shop.stand_in.wait_for_held(row.stripe_subscription_id)
    kill_worker(shop)

    rows = [ending, grown, paused]
    waiting = StripeRequest.objects.open().filter(subscription__in=rows)
    eventually(lambda: not waiting.exists())
    with override_settings(STRIPE_API_BASE=shop.stand_in.url):
        for row in rows:
            settle_subscription(row)
    found = {row.pk: row for row in Subscription.objects.filter(pk__in=[r.pk for r in rows])}
    assert found[ending.pk].status == "canceled"
    assert found[grown.pk].items.get().quantity == 3
    assert found[paused.pk].paused_by == "void"
    paid = grown.invoices.order_by("-created_at").values_list("amount_paid", flat=True)
    assert list(paid) == [told.due.amount, 1800]
    made = [
        [
            one
            for one in shop.stand_in.requests_made(row.stripe_subscription_id, method=method)
            if one["executed"]
        ]
        for row, method in ((ending, "DELETE"), (grown, "POST"), (paused, "POST"))
    ]
    assert [len(some) for some in made] == [1, 1, 1]
