"""The stock check: units are taken before money is, and no money is taken without them."""

import uuid
from typing import Any

import pytest
from django.core import mail

from fulfillment import stock_check
from fulfillment.models import Email, Preparation
from payments.models import MoneyEntry, StripeRequest
from shop import work
from shop.catalog import stock
from shop.catalog.models import Stock, StockMovement
from shop.orders.models import Order, OrderHold
from tests.support.factories import PriceFactory
from tests.support.purchases import (
    buy,
    do_the_work,
    do_what_waits,
    payment_of,
    settle_order,
)
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def counters(price: Any) -> tuple[int, int, int]:
    """On hand, reserved, missing."""
    stocked = Stock.objects.get(variant=price.variant)
    return stocked.on_hand, stocked.reserved, stocked.shortage


def lose(price: Any, units: int) -> None:
    """A stocktake that finds fewer units, without looking whom it hits."""
    stock.adjust(
        price.variant_id, -units, reason="lost", cause_kind="stocktake", cause_id=uuid.uuid4()
    )


def mails_about(order: Order) -> list[str]:
    mails = Email.objects.filter(order=order).order_by("created_at")
    return list(mails.values_list("template", flat=True))


def test_authorized_order_is_taken_captured_and_opened_for_packing(stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=10)
    order = buy(stand_in, price=price, quantity=3)

    do_the_work()

    order.refresh_from_db()
    assert counters(price) == (7, 0, 0)
    assert payment_of(order).status == "captured"
    assert [(s.status, s.lines.get().quantity) for s in order.shipments.all()] == [("open", 3)]
    assert [message.subject for message in mail.outbox] == [f"Order {order.number}: confirmed"]


def test_the_stock_is_taken_before_the_capture_is_asked_for(stand_in: StandIn) -> None:
    order = buy(stand_in)

    work.drain(Preparation, stock_check.prepare)

    kinds = StockMovement.objects.filter(cause_id=order.reservation).values_list("kind", flat=True)
    assert sorted(kinds) == ["commit", "reserve"]
    assert StripeRequest.objects.get(kind="capture").status == "ready"
    assert payment_of(order).captured_amount == 0


# K6
def test_nothing_is_taken_before_the_total_is_known(stand_in: StandIn) -> None:
    """The session has not told yet what was bought: nothing is taken, nothing is packed."""
    price = PriceFactory(on_hand=10)
    order = buy(stand_in, price=price)
    Order.objects.filter(pk=order.pk).update(total=None)

    do_the_work()
    early = (counters(price), Preparation.objects.get().status, payment_of(order).status)
    settle_order(order)
    do_what_waits()

    assert early == ((10, 1, 0), "ready", "authorized")
    assert (counters(price), payment_of(order).status) == ((9, 0, 0), "captured")


def test_prepared_twice_changes_nothing_twice(stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=10)
    order = buy(stand_in, price=price)
    do_the_work()

    Preparation.objects.update(status="ready", run_at=order.created_at, outcome="")
    settle_order(order)
    do_the_work()

    assert counters(price) == (9, 0, 0)
    assert len(stand_in.executed("/capture")) == 1
    assert order.shipments.count() == 1
    assert len(mail.outbox) == 1


# Guard: `stock_check.prepare` commits the stock first and calls the order off when it cannot.
def test_stock_gone_after_authorization_releases_and_never_captures(stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=1)
    order = buy(stand_in, price=price)
    lose(price, 1)

    do_the_work()

    order.refresh_from_db()
    assert (order.status, order.cancel_reason) == ("cancelled", "out_of_stock")
    assert payment_of(order).status == "released"
    assert stand_in.executed("/capture") == []
    assert counters(price) == (0, 0, 0)
    assert mails_about(order) == ["out_of_stock"]
    assert "Nothing was charged" in mail.outbox[0].body


def test_stock_gone_after_capture_is_refunded(stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=1)
    order = buy(stand_in, price=price, method="sepa_debit", iban="AT321904300235473204")
    lose(price, 1)
    stand_in.advance(minutes=4)
    settle_order(order)

    do_the_work()

    order.refresh_from_db()
    assert (order.status, order.cancel_reason) == ("cancelled", "out_of_stock")
    assert payment_of(order).refunded.amount == 1800
    assert list(MoneyEntry.objects.order_by("at").values_list("amount", flat=True)) == [1800, -1800]
    assert "18.00 back to you" in mail.outbox[-1].body


# Guards: `policy.captures_after_stock_check` and `shipping.obstacle` look for an open hold.
def test_a_hold_stops_the_capture_but_not_the_stock(stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=2)
    order = buy(stand_in, price=price)
    order.hold(OrderHold.Reason.STAFF, "look")

    do_the_work()

    assert counters(price) == (1, 0, 0)
    assert payment_of(order).status == "authorized"
    assert order.shipments.count() == 0


def test_closing_the_hold_goes_on_where_it_stopped(stand_in: StandIn) -> None:
    order = buy(stand_in)
    order.hold(OrderHold.Reason.STAFF, "look")
    do_the_work()
    order.holds.update(closed_at=order.created_at, closed_by="Ana")

    stock_check.continue_after_hold(order)
    do_the_work()

    assert payment_of(order).status == "captured"
    assert order.shipments.get().status == "open"


def test_under_staff_policy_the_hold_waits_and_the_customer_is_told(
    stand_in: StandIn, settings: Any
) -> None:
    settings.CAPTURE_POLICY = "staff"
    order = buy(stand_in)

    do_the_work()

    assert payment_of(order).status == "authorized"
    assert mails_about(order) == ["received"]
    assert "not yet charged" in mail.outbox[0].body


def test_above_the_limit_waits_under_every_policy(stand_in: StandIn, settings: Any) -> None:
    settings.CAPTURE_REVIEW_ABOVE = {"eur": 1000}
    order = buy(stand_in)

    do_the_work()

    assert payment_of(order).status == "authorized"
    assert order.shipments.count() == 0


def test_delayed_money_is_confirmed_without_a_second_capture(stand_in: StandIn) -> None:
    order = buy(stand_in, method="sepa_debit", iban="AT321904300235473204")
    stand_in.advance(minutes=4)
    settle_order(order)

    do_the_work()

    assert mails_about(order) == ["processing", "confirmed"]
    assert order.shipments.get().status == "open"
    assert stand_in.executed("/capture") == []
