"""Subscriptions as staff see them."""

import pytest
from django.test import Client

from tests.support import subscriptions
from tests.support.staff import staff
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/payments/subscription/"


def test_staff_see_what_renews_and_what_came_of_each_period(stand_in: StandIn) -> None:
    row = subscriptions.subscribed(stand_in, quantity=2, delivery=500)
    subscriptions.renewed(stand_in, row)
    client = staff("view_subscription", "view_order")

    listed = client.get(LIST, {"q": row.items.all()[0].title}).content.decode()
    page = client.get(f"{LIST}{row.pk}/change/").content.decode()

    assert row.stripe_subscription_id in listed
    assert "41.00" in listed
    for invoice in row.invoices.select_related("order"):
        assert f"order {invoice.order}" in page
    assert row.token not in page


def test_who_may_not_see_subscriptions_is_refused(stand_in: StandIn) -> None:
    assert Client().get(LIST).status_code == 302
