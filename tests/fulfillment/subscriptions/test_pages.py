"""What pages and mails of a period say of its subscription, and downloads while it lasts."""

from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from fulfillment.digital.models import DigitalDelivery
from payments.models import Subscription
from shop.orders.models import Order
from tests.support import subscriptions
from tests.support.clocks import move_clocks
from tests.support.digital import digital_price, digital_root
from tests.support.purchases import do_the_work
from tests.support.staff import staff
from tests.support.stand_in import StandIn

__all__ = ["digital_root"]
pytestmark = pytest.mark.django_db(transaction=True)


def words(page: Any) -> str:
    return " ".join(page.content.decode().split())


def newest(row: Subscription) -> Order:
    order = row.invoices.order_by("-created_at")[0].order
    assert order is not None
    return order


def test_an_order_says_of_which_period_it_is(stand_in: StandIn) -> None:
    row = subscriptions.renewed(stand_in, subscriptions.subscribed(stand_in))
    do_the_work()
    order = newest(row)

    page = words(Client().get(f"/orders/{order.token}/"))
    told = words(staff("view_order").get(f"/admin/orders/order/{order.pk}/change/"))

    assert "of your subscription." in page
    assert row.token not in page
    assert f"{row}</a>, renewed:" in told


def test_who_ordered_is_led_to_the_subscription(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    client = Client()
    session = client.session
    session["visitor"] = str(newest(row).visitor)
    session.save()

    page = words(client.get(f"/orders/{newest(row).token}/"))

    assert row.address in page


def test_mails_of_a_period_say_that_it_renewed(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in)
    do_the_work()
    subscriptions.renewed(stand_in, row)
    do_the_work()

    first, second = [one for one in mail.outbox if "confirmed" in one.subject]
    assert "Your subscription has begun" in " ".join(str(first.body).split())
    assert "Your subscription has renewed" in " ".join(str(second.body).split())
    for one in (first, second):
        said = " ".join(str(one.body).split())
        assert f"Change or end the subscription: {settings.SITE_URL}{row.address}" in said


def test_the_mail_of_what_is_sold_out_says_that_the_subscription_goes_on(
    stand_in: StandIn,
) -> None:
    row = subscriptions.subscribed(stand_in, subscriptions.monthly(on_hand=1))
    do_the_work()
    subscriptions.renewed(stand_in, row)
    do_the_work()

    (letter,) = [one for one in mail.outbox if "sold out" in one.subject]
    told = " ".join(str(letter.body).split())
    assert "This period is credited to you; the subscription goes on." in told


def test_the_page_and_mail_of_a_trial_say_that_it_has_begun(stand_in: StandIn) -> None:
    subscriptions.subscribed(stand_in, trial_days=10)
    do_the_work()

    order = Order.objects.get()
    page = words(Client().get(f"/orders/{order.token}/"))

    assert [letter.subject for letter in mail.outbox] == [
        f"Order {order.number}: your trial has begun"
    ]
    assert "<h1>Your trial has begun</h1>" in page


def test_downloads_last_while_the_subscription_is_paid(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in, digital_price(interval="month"))
    do_the_work()
    page = f"/orders/{newest(row).token}/"
    stand_in.call(f"subscriptions/{row.stripe_subscription_id}", cancel_at_period_end="true")
    ended = "The subscription is not paid any more"

    assert DigitalDelivery.objects.count() == 1
    assert ended not in words(Client().get(page))

    subscriptions.renewed(stand_in, row, days=subscriptions.until_the_end(row) + 1)
    assert ended not in words(Client().get(page))

    move_clocks(stand_in, days=3)
    assert ended in words(Client().get(page))
