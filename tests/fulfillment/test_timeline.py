"""What staff read of an order's way so far."""

from typing import Any

import pytest

from fulfillment.timeline import timeline
from payments import stripe_requests
from tests.support.purchases import buy, do_the_work, payment_of
from tests.support.stand_in import StandIn

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
