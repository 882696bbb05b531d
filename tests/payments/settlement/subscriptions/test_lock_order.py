"""A page and what it has begun are settled at once by two workers: neither waits for the other."""

import threading

import pytest
from django.db import transaction

from payments.models import CheckoutSession, Subscription
from payments.settlement.subscriptions.settle import settle_subscription
from tests.support.concurrency import at_once, waiting_for_locks
from tests.support.stand_in import StandIn
from tests.support.subscriptions import subscribed
from tests.support.waiting import PATIENCE, eventually

pytestmark = pytest.mark.django_db(transaction=True)


def test_it_waits_for_its_page_before_it_holds_anything(stand_in: StandIn) -> None:
    row = subscribed(stand_in)
    is_held = threading.Event()

    def settle_page() -> str:
        with transaction.atomic():
            CheckoutSession.objects.select_for_update().get(subscriptions=row)
            is_held.set()
            eventually(waiting_for_locks)
            return Subscription.objects.select_for_update(nowait=True, of=("self",)).get().status

    def settle_what_it_began() -> str:
        assert is_held.wait(PATIENCE)
        settle_subscription(row)
        return "settled"

    assert at_once([settle_page, settle_what_it_began]) == ["active", "settled"]
