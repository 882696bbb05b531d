"""What staff read of an order's way so far."""

from typing import Any

import pytest
from django.utils import timezone

from fulfillment.digital import handing_out
from fulfillment.models import DigitalDelivery
from fulfillment.timeline import timeline
from payments import stripe_requests
from shop.catalog import digital_goods
from tests.fulfillment.digital.sales import sold
from tests.support.digital import digital_root
from tests.support.purchases import buy, do_the_work, payment_of
from tests.support.stand_in import StandIn

__all__ = ["digital_root"]
pytestmark = pytest.mark.django_db(transaction=True)


def test_what_still_waits_says_what_its_last_try_met(stand_in: StandIn, settings: Any) -> None:
    settings.CAPTURE_POLICY = "staff"
    order = buy(stand_in)
    do_the_work()
    stand_in.fail("/capture", status=401)
    stripe_requests.ask_capture(payment_of(order), order.due)
    do_the_work()

    (waits,) = [entry for entry in timeline(order) if entry.what == "request: capture"]

    assert waits.detail == "waiting, 1 attempt · 401: Invalid API Key provided."
    assert waits.went_wrong


def test_what_is_digital_is_told_when_it_was_handed_out_and_fetched() -> None:
    delivery = sold(keys=[])
    digital_goods.add_keys(delivery.order_line.variant, ["LATE"])
    handing_out.top_up(delivery)
    DigitalDelivery.objects.update(downloads=2, last_download_at=timezone.now())

    entries = [entry for entry in timeline(delivery.order) if entry.who in {"shop", "customer"}]

    sku = delivery.order_line.sku
    told = [(entry.what, entry.detail) for entry in entries if sku in entry.detail]
    assert told == [
        ("handed out", f"{sku} · guide.pdf · 1 keys due"),
        ("keys taken", f"{sku} · 1"),
        ("downloaded", f"{sku} · for the last time; 2 of 5"),
    ]
