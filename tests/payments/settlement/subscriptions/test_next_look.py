"""When a subscription is looked at, though nobody tells of it."""

from datetime import timedelta
from typing import Any

import pytest

from payments.models import Subscription
from payments.settlement import deadlines
from shop import clock
from shop.orders.models import Order
from tests.support import subscriptions
from tests.support.clocks import move_clocks
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
# In a trial nothing is charged; afterwards the bank always wants to see the customer.
ASKS_ALWAYS = "4000002760003184"


def in_hours(row: Subscription) -> float:
    assert row.next_look_at is not None
    return round((row.next_look_at - clock.now()) / timedelta(hours=1), 1)


def test_each_day_and_just_after_it_should_have_renewed(stand_in: StandIn, settings: Any) -> None:
    settings.RENEWAL_MAIL_DAYS = 0
    row = subscriptions.subscribed(stand_in, subscriptions.monthly(interval="week"))
    assert in_hours(row) == 24

    subscriptions.renewed(stand_in, row, days=6.5)

    assert in_hours(row) == 13.2


def test_on_the_day_on_which_its_customer_is_told(stand_in: StandIn, settings: Any) -> None:
    settings.RENEWAL_MAIL_DAYS = 3
    row = subscriptions.subscribed(stand_in, subscriptions.monthly(interval="week"))

    subscriptions.renewed(stand_in, row, days=3.5)

    assert in_hours(row) == 12


def test_what_is_open_after_the_end_may_still_be_paid_and_sent(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in, how={"card": ASKS_ALWAYS})
    move_clocks(stand_in, days=32)
    move_clocks(stand_in, days=16)
    subscriptions.seen(row)
    assert (row.status, in_hours(row)) == (Subscription.Status.CANCELED, 24)
    method = stand_in.call("payment_methods/pm_card_visa/attach", customer=str(row.customer))
    invoice = row.invoices.get(status="open").stripe_invoice_id
    stand_in.call(f"invoices/{invoice}/pay", payment_method=method["id"])
    move_clocks(stand_in, days=1.1)

    deadlines.sweep()

    row.refresh_from_db()
    assert row.next_look_at is None
    assert [order.status for order in Order.objects.all()] == [Order.Status.CONFIRMED] * 2
