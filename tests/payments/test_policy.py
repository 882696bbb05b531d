"""When held money is taken, and what becomes of it when nobody decides."""

from typing import Any

import pytest

from payments import policy
from payments.models import CheckoutSession
from shop.orders.models import OrderHold, OrderReduction
from tests.support.factories import OrderFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("chosen", "limit", "asks", "waits", "captures"),
    [
        ("automatic", {}, False, False, True),
        ("stock_check", {}, True, False, True),
        ("staff", {}, True, True, False),
        ("automatic", {"eur": 1799}, True, True, False),
        ("stock_check", {"eur": 1799}, True, True, False),
        ("automatic", {"eur": 1800}, False, False, True),
        ("stock_check", {"usd": 1}, True, False, True),
        ("stock_check", {"eur": 0}, True, True, False),
    ],
)
def test_who_decides(
    settings: Any, chosen: str, limit: dict[str, int], asks: bool, waits: bool, captures: bool
) -> None:
    settings.CAPTURE_POLICY, settings.CAPTURE_REVIEW_ABOVE = chosen, limit
    order = OrderFactory()

    assert (
        policy.asks_for_hold(order),
        policy.waits_for_staff(order),
        policy.captures_after_stock_check(order),
    ) == (asks, waits, captures)


def test_the_limit_is_about_what_is_due(settings: Any) -> None:
    settings.CAPTURE_REVIEW_ABOVE = {"eur": 1700}
    order = OrderFactory()
    before = policy.limit_exceeded(order)

    OrderReduction.objects.create(order=order, amount=100, reason="scratched")

    assert (before, policy.limit_exceeded(order)) == (True, False)


def test_an_order_in_review_is_not_captured_by_the_worker() -> None:
    order = OrderFactory()
    order.hold(OrderHold.Reason.DISPUTE, "look")

    assert not policy.captures_after_stock_check(order)


@pytest.mark.parametrize(
    ("chosen", "hold", "wish", "expected"),
    [
        ("stock_check", None, "release", "capture"),
        ("automatic", None, "release", "capture"),
        ("staff", None, "release", "release"),
        ("staff", None, "capture", "capture"),
        ("stock_check", "staff", "release", "release"),
        ("stock_check", "staff", "capture", "capture"),
        ("stock_check", "amounts", "capture", "release"),
        ("staff", "amounts", "capture", "release"),
    ],
)
def test_at_the_deadline(
    settings: Any, chosen: str, hold: str | None, wish: str, expected: str
) -> None:
    settings.CAPTURE_POLICY, settings.CAPTURE_AT_DEADLINE = chosen, wish
    order = OrderFactory()
    if hold:
        order.hold(OrderHold.Reason(hold), "look")

    assert policy.at_deadline(order) == expected


@pytest.mark.parametrize(
    ("delivery", "tax", "besides"),
    [
        ({}, {}, 0),
        ({"options": [{"amount": 490}, {"amount": 990}]}, {}, 990),
        ({}, {"is_inclusive": True, "lines": {"1": {"amount": 300}}}, 0),
        (
            {"options": [{"amount": 600}]},
            {"is_inclusive": False, "lines": {"1": {"amount": 360}}},
            960,
        ),
        ({"options": [{"amount": 600}]}, {"mode": "stripe", "is_inclusive": False}, 600),
    ],
)
def test_what_a_page_may_come_to_counts_before_it_is_paid(
    settings: Any, delivery: dict[str, Any], tax: dict[str, Any], besides: int
) -> None:
    settings.CAPTURE_POLICY = "automatic"
    order = OrderFactory()
    page = CheckoutSession(delivery=delivery, tax=tax)

    asked = []
    for limit in (1800 + besides - 1, 1800 + besides):
        settings.CAPTURE_REVIEW_ABOVE = {"eur": limit}
        asked.append(policy.asks_for_hold(order, besides=page.besides))

    assert (page.besides, asked) == (besides, [True, False])
