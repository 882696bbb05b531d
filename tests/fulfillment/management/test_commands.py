"""The commands that tell: explain_order and capture_payments."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.support.purchases import buy, do_the_work, payment_of
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def output_of(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_the_story_of_an_order_in_its_order(stand_in: StandIn) -> None:
    order = buy(stand_in)
    do_the_work()

    story = json.loads(output_of("explain_order", order.number.removeprefix("HF-"), "--json"))

    what = [entry["what"] for entry in story["story"]]
    assert story["status"] == "confirmed"
    assert story["amounts"] == {
        "due": "18.00 EUR",
        "held": "0.00 EUR",
        "captured": "18.00 EUR",
        "refunded": "0.00 EUR",
        "lost": "0.00 EUR",
    }
    for step in (
        "placed the order",
        "order pending → confirmed",
        "stock: commit",
        "capture: 18.00 EUR",
        "opened a shipment",
        "mail: Confirmed and charged",
    ):
        assert step in what
    assert what.index("stock: commit") < what.index("capture: 18.00 EUR")
    assert order.number in output_of("explain_order", order.number)


def test_an_unknown_order_is_a_sentence() -> None:
    with pytest.raises(CommandError, match="There is no order HF-NOTHING"):
        output_of("explain_order", "HF-NOTHING")


def test_capture_payments_tells_what_it_would_do_and_does_it(
    stand_in: StandIn, settings: Any
) -> None:
    settings.CAPTURE_POLICY = "staff"
    order = buy(stand_in)
    do_the_work()
    waits = output_of("capture_payments", "--dry-run")
    settings.CAPTURE_POLICY = "stock_check"

    would = output_of("capture_payments", "--dry-run")
    untouched = payment_of(order).open_request()
    does = output_of("capture_payments")
    again = output_of("capture_payments")
    do_the_work()

    assert "Staff decide." in waits
    assert "1 of 1 held payments would be captured" in would
    assert untouched is None
    assert "1 of 1 held payments asked to be captured" in does
    assert "0 of 1 held payments asked" in again
    assert payment_of(order).status == "captured"
