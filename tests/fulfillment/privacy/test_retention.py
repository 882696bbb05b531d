"""Wishes and letters are forgotten; what is still to be sent is not."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from fulfillment.models import BackInStock, ContactMessage, OrderLink, StockAlert
from tests.support.factories import PriceFactory
from tests.support.retention import pruned

pytestmark = pytest.mark.django_db(transaction=True)
LONG_AGO = timezone.now() - timedelta(days=400)
STATUSES = ["done", "ready", "dead"]


def alert(**fields: Any) -> StockAlert:
    variant = PriceFactory().variant
    return StockAlert.objects.create(
        variant=variant, email="ada@example.com", language="en", **fields
    )


def test_a_wish_waits_for_a_year_and_stays_a_month_after_its_mail() -> None:
    weeks_ago = timezone.now() - timedelta(days=60)
    waiting = alert(created_at=weeks_ago)
    alert(created_at=LONG_AGO)
    alert(created_at=LONG_AGO, told_at=weeks_ago)
    told = alert(created_at=LONG_AGO, told_at=timezone.now())

    assert pruned("alerts", "alerts_sent") == 2
    assert set(StockAlert.objects.all()) == {waiting, told}


@pytest.mark.parametrize("status", STATUSES)
def test_a_wish_whose_mail_is_not_sent_stays(status: str) -> None:
    BackInStock.objects.create(alert=alert(told_at=LONG_AGO), status=status)

    assert pruned("alerts_sent") == (status == "done")
    assert BackInStock.objects.count() == (status != "done")


@pytest.mark.parametrize("status", STATUSES)
def test_letters_and_requests_that_are_not_done_stay(status: str) -> None:
    told: dict[str, Any] = {"email": "ada@example.com", "language": "en", "status": status}
    ContactMessage.objects.create(text="?", created_at=LONG_AGO, **told)
    OrderLink.objects.create(number="HF-1", created_at=LONG_AGO, **told)

    assert pruned("messages", "order_links") == 2 * (status == "done")
