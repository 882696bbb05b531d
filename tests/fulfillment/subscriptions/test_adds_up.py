"""What must hold of subscriptions, and who breaks it."""

from collections.abc import Callable

import pytest

from fulfillment import invariants
from payments.models import Payment, Subscription, SubscriptionInvoice
from shop.orders.models import Order
from tests.support import subscriptions
from tests.support.purchases import do_the_work
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def no_order(row: Subscription) -> None:
    row.invoices.filter(billing_reason="subscription_cycle").update(order=None)


def other_order(row: Subscription) -> None:
    payments = Payment.objects.filter(purpose="renewal")
    payments.update(order=Order.objects.order_by("created_at").first())


def unnamed(row: Subscription) -> None:
    row.invoices.filter(billing_reason="subscription_cycle").update(payment=None)


def unpaid(row: Subscription) -> None:
    Order.objects.filter(status="confirmed").first().ship("test")  # type: ignore[union-attr]
    SubscriptionInvoice.objects.update(status="open")


def forgotten(row: Subscription) -> None:
    Subscription.objects.update(next_look_at=None)


@pytest.mark.parametrize(
    ("break_it", "sentence"),
    [
        (no_order, "is paid and made no order"),
        (other_order, "was paid by the payment of another order"),
        (unnamed, "paid an invoice, and none names it"),
        (unpaid, "was sent, and invoice"),
        (forgotten, "nobody looks at it again"),
    ],
)
def test_a_broken_row_is_named(
    stand_in: StandIn, break_it: Callable[[Subscription], None], sentence: str
) -> None:
    row = subscriptions.renewed(stand_in, subscriptions.subscribed(stand_in))
    do_the_work()
    assert invariants.broken()["I11"] == []

    break_it(row)

    assert any(sentence in told for told in invariants.broken()["I11"])


def test_all_holds_after_renewals_of_every_kind(stand_in: StandIn) -> None:
    plenty = subscriptions.subscribed(stand_in, quantity=2, delivery=500)
    scarce = subscriptions.subscribed(stand_in, subscriptions.monthly(on_hand=1))
    trial = subscriptions.subscribed(stand_in, trial_days=10)
    do_the_work()
    for days in (32, 30):
        subscriptions.renewed(stand_in, plenty, days=days)
        subscriptions.seen(scarce)
        subscriptions.seen(trial)
        do_the_work()

    assert {name: rows for name, rows in invariants.broken().items() if rows} == {}
