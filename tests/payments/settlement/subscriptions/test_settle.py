"""One writer of subscriptions: what breaks off in between is done the next time, once."""

import pytest

from payments.models import Payment
from payments.settlement.subscriptions.settle import settle_subscription
from payments.stripe.errors import OutcomeUnknown
from shop.orders.models import Order
from tests.support import subscriptions
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("path", ["/v1/subscriptions/", "/v1/invoices", "/v1/payment_intents/"])
@pytest.mark.parametrize("fault", [{"status": 500}, {"reset": True}])
def test_a_call_that_breaks_off_changes_nothing_and_is_made_good(
    stand_in: StandIn, path: str, fault: dict[str, object]
) -> None:
    row = subscriptions.subscribed(stand_in)
    stand_in.advance(days=32)
    stand_in.fail(path, times=3, method="GET", **fault)

    with pytest.raises(OutcomeUnknown):
        settle_subscription(row)

    assert (Order.objects.count(), row.invoices.count()) == (1, 1)
    stand_in.ask("faults/clear", {})
    subscriptions.seen(row)
    subscriptions.seen(row)
    assert (Order.objects.count(), Payment.objects.count(), row.invoices.count()) == (2, 2, 2)


def test_what_breaks_while_it_is_written_leaves_nothing_behind(
    stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = subscriptions.subscribed(stand_in)
    stand_in.advance(days=32)
    with monkeypatch.context() as broken:
        broken.setattr(Order, "confirm", _break_off)
        with pytest.raises(KeyboardInterrupt):
            settle_subscription(row)

    assert (Order.objects.count(), Payment.objects.count(), row.invoices.count()) == (1, 1, 1)
    subscriptions.seen(row)
    assert [one.status for one in Order.objects.all()] == [Order.Status.CONFIRMED] * 2


def _break_off(*_: object) -> None:
    raise KeyboardInterrupt


def test_a_customer_who_is_deleted_at_stripe_ends_it(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    assert row.customer is not None
    stand_in.http.delete(
        f"{stand_in.url}/v1/customers/{row.customer.stripe_customer_id}",
        headers={"Authorization": "Bearer sk_test_holdfast_tests"},
        timeout=30,
    ).raise_for_status()

    subscriptions.seen(row)

    assert (row.status, row.is_over) == ("canceled", True)
    assert Order.objects.get().status == Order.Status.CONFIRMED
