"""Until when money is held, where the charge does not say it."""

import re
from datetime import UTC, datetime, timedelta
from importlib import import_module

import pytest

from payments import session_parameters
from payments.stripe import facts
from payments.stripe.holds import WINDOWS, usual_end

# K13
AFTERNOON = datetime(2026, 11, 3, 15, 20, tzinfo=UTC)


def takes_capture_method() -> set[str]:
    """The methods that Stripe's own library lets a session hold."""
    options = "SessionCreateParamsPaymentMethodOptions"
    declared = import_module("stripe.params.checkout._session_create_params")
    of_method = {
        name: re.findall(rf"{options}\w+", str(hint))[0]
        for name, hint in vars(declared)[options].__annotations__.items()
    }
    return {
        name
        for name, class_name in of_method.items()
        if "capture_method" in vars(declared)[class_name].__annotations__
    }


def test_every_method_that_can_hold_has_its_window() -> None:
    """A new one of Stripe's fails here until somebody has looked it up."""
    assert set(WINDOWS) == takes_capture_method()
    assert set(session_parameters.CAN_HOLD) <= set(WINDOWS)


@pytest.mark.parametrize(
    ("method", "days"),
    [
        ("affirm", 30),
        ("afterpay_clearpay", 13),
        ("amazon_pay", 7),
        ("cashapp", 7),
        ("paypal", 10),
        ("revolut_pay", 7),
        ("something_new", 7),
    ],
)
def test_a_window_is_counted_in_days(method: str, days: int) -> None:
    assert usual_end(method, AFTERNOON) == AFTERNOON + timedelta(days=days)


@pytest.mark.parametrize("hour", [0, 15, 23])
def test_klarnas_ends_with_a_day_of_utc(hour: int) -> None:
    begun = AFTERNOON.replace(hour=hour)

    assert usual_end("klarna", begun) == datetime(2026, 12, 1, tzinfo=UTC)


@pytest.mark.parametrize("method", ["paypal", "amazon_pay", "revolut_pay", "klarna", "new_one"])
def test_no_hold_is_without_an_end(method: str) -> None:
    charge = {
        "id": "ch_1",
        "object": "charge",
        "created": int((AFTERNOON + timedelta(hours=20)).timestamp()),
        "paid": True,
        "amount": 1800,
        "payment_method_details": {"type": method, method: {}},
    }
    intent = {
        "id": "pi_1",
        "object": "payment_intent",
        "created": int(AFTERNOON.timestamp()),
        "status": "requires_capture",
        "amount": 1800,
        "currency": "eur",
        "latest_charge": charge,
    }

    told = facts.payment_facts(intent, [], [])

    assert (told.capture_before, told.deadline_source) == (
        usual_end(method, AFTERNOON),
        "estimated",
    )
