"""Who puts the order with which a subscription began into an account has all of it there."""

import pytest

from payments.models import Subscription
from payments.saved_methods.owned import methods_of
from shop.accounts.models import User
from shop.orders.accounts import claims
from shop.orders.models import Order
from tests.support.customers import log_in
from tests.support.factories import UserFactory
from tests.support.purchases import do_the_work
from tests.support.stand_in import StandIn
from tests.support.subscriptions import renewed, subscribed

pytestmark = pytest.mark.django_db(transaction=True)


def orders_of(row: Subscription) -> list[Order]:
    return list(Order.objects.filter(subscription_invoice__subscription=row).order_by("created_at"))


def test_it_comes_along_with_its_card_and_what_it_sent_and_sends(stand_in: StandIn) -> None:
    row = renewed(stand_in, subscribed(stand_in))
    do_the_work()
    log_in(row.email)
    first = orders_of(row)[0]
    user = User.objects.get(email=row.email)

    claims.claim_one(user, first)
    row.refresh_from_db()
    renewed(stand_in, row)

    assert row.user == user
    assert [order.user for order in orders_of(row)] == [user] * 3
    assert [method.stripe_payment_method_id for method in methods_of(user)] == [
        row.stripe_payment_method_id
    ]


def test_of_somebody_elses_account_nothing_is_taken(stand_in: StandIn) -> None:
    row = subscribed(stand_in, user=UserFactory())
    Order.objects.update(user=None)
    log_in(row.email)
    user = User.objects.get(email=row.email)
    owner = row.user

    claims.claim(user)
    row.refresh_from_db()

    assert row.user == owner
    assert not methods_of(user).exists()
