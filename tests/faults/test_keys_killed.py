"""A worker is killed while it hands out license keys."""

from collections.abc import Callable, Iterator

import pytest
from django.db import transaction

from fulfillment.models import Email
from shop.catalog.models import LicenseKey, Price
from shop.orders.models import Order
from tests.support.books import assert_adds_up
from tests.support.buyer import Customer, offered
from tests.support.concurrency import waiting_for_locks
from tests.support.digital import give
from tests.support.house import House
from tests.support.stand_in import session_id_in
from tests.support.waiting import eventually


@pytest.fixture
def game(shop: House) -> Iterator[Price]:
    """A thing with a key for each unit; three keys are there."""
    with offered(on_hand=5, variant__requires_shipping=False) as price:
        give(price.variant, keys=["KEY-1", "KEY-2", "KEY-3"])
        yield price


def test_killed_with_keys_in_hand_each_is_handed_out_once(
    shop: House, game: Price, customer: Callable[[], Customer]
) -> None:
    """Guards: keys are taken in the transaction that hands them out, and its work row is leased.

    One key is held by this test, so that the worker has taken another one already and waits.
    """
    buyer = customer()
    answer = buyer.go_to_payment(price=game.key, quantity=2, withdrawal="1")
    session_id = session_id_in(answer.headers["Location"])
    order = Order.objects.get(checkout_sessions__stripe_session_id=session_id)
    keys = LicenseKey.objects.filter(variant=game.variant)

    with transaction.atomic():
        held = keys.order_by("pk").select_for_update()
        list(held.exclude(key="KEY-1"))
        buyer.pay(order)
        eventually(waiting_for_locks)
        shop.kill("worker")
        between = keys.exclude(taken_for=None).count()
    shop.end_leases()
    shop.start("worker")
    eventually(lambda: Order.objects.filter(pk=order.pk, status="completed").exists())
    shop.wait_until_quiet()

    taken = keys.exclude(taken_for=None)
    delivery = order.digital_deliveries.get()
    assert between == 0
    assert [(key.key, key.taken_for) for key in taken.order_by("pk")] == [
        ("KEY-1", delivery.pk),
        ("KEY-2", delivery.pk),
    ]
    assert (delivery.keys_due, delivery.keys_missing) == (2, 0)
    assert Email.objects.filter(order=order, outcome="sent").count() == 1
    assert shop.letters(buyer.email) == [f"Order {order.number}: confirmed"]
    assert_adds_up(shop.stand_in, order)
