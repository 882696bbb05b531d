"""K18: who changes stock or closes a review moves money, and needs the right to; it says who."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from payments.models import MoneyAction
from shop.catalog.models import Price
from shop.orders.models import Order, OrderHold
from tests.support.factories import PriceFactory
from tests.support.purchases import (
    captured_at_stripe,
    counted,
    do_the_work,
    held,
    payment_of,
    settle_order,
)
from tests.support.staff import messages_on, staff
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

CHANGE = "change_order"
CLOSING_NEEDS = "Closing it lets money be taken; that needs the permission to capture payments."


def ticket_in(answer: Any) -> dict[str, str]:
    ticket = re.search(r'name="ticket" value="([^"]+)"', answer.content.decode())
    return {"ticket": ticket.group(1)} if ticket else {}


def change_of(price: Price, delta: int, *, many: bool) -> tuple[str, dict[str, str]]:
    """The page for a change of stock, of one thing or of several, and what is typed there."""
    if many:
        address = f"/admin/stock/changes/?variant={price.variant_id}"
        return address, {f"{price.variant_id}-delta": str(delta), "reason": "Broken"}
    return f"/admin/stock/{price.variant_id}/", {"delta": str(delta), "reason": "Broken"}


def by_card(stand_in: StandIn, price: Price) -> Order:
    """Its money is held, and its units are reserved and not yet taken."""
    return held(stand_in, price)[0]


def by_debit(stand_in: StandIn, price: Price) -> Order:
    """Its money is taken, and its units are reserved and not yet taken."""
    return captured_at_stripe(stand_in, price)[0]


def by_slow_debit(stand_in: StandIn, price: Price) -> Order:
    """Its money is under way."""
    return held(stand_in, price, method="sepa_debit", iban="AT321904300235473204")[0]


Buyer = Callable[[StandIn, Price], Order]


# K18
@pytest.mark.parametrize("many", [False, True])
@pytest.mark.parametrize(
    ("buyer", "right"),
    [
        (by_card, "release_payment"),
        (by_debit, "refund_payment"),
        (by_slow_debit, "refund_payment"),
    ],
)
def test_stock_is_not_taken_from_under_an_order_without_the_right_to_its_money(
    buyer: Buyer, right: str, many: bool, stand_in: StandIn
) -> None:
    price = PriceFactory(on_hand=1)
    order = buyer(stand_in, price)
    address, typed = change_of(price, -1, many=many)

    refused = staff("adjust_stock").post(address, typed)
    other = {"release_payment": "refund_payment", "refund_payment": "release_payment"}[right]
    refused_too = staff("adjust_stock", other).post(address, typed)
    allowed = staff("adjust_stock", right).post(address, typed)

    assert ticket_in(refused) == ticket_in(refused_too) == {}
    assert f"needs the permission to {right.split('_')[0]} payments" in refused.content.decode()
    assert ticket_in(allowed)
    assert order.number in refused.content.decode()


# K18
@pytest.mark.parametrize("many", [False, True])
def test_a_right_lost_since_the_preview_stops_the_press(many: bool, stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=1)
    order = by_card(stand_in, price)
    address, typed = change_of(price, -1, many=many)
    preview = staff("adjust_stock", "release_payment").post(address, typed)

    answer = staff("adjust_stock").post(address, ticket_in(preview), follow=True)

    assert "needs the permission to release payments" in messages_on(answer)[0]
    assert counted(price) == (1, 1)
    assert Order.objects.get(pk=order.pk).cancel_requested_at is None


# K18
@pytest.mark.parametrize("many", [False, True])
def test_money_that_a_stocktake_sends_back_names_who_counted(many: bool, stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=1)
    order = by_card(stand_in, price)
    client = staff("adjust_stock", "release_payment")
    address, typed = change_of(price, -1, many=many)

    client.post(address, ticket_in(client.post(address, typed)))
    do_the_work()

    action = MoneyAction.objects.get(order=order)
    assert (action.kind, action.actor_name, action.actor_address) == (
        "release",
        "Ana",
        "127.0.0.1",
    )
    assert Order.objects.get(pk=order.pk).status == "cancelled"


# K18
def test_stock_that_hits_nobody_needs_no_right_to_money(stand_in: StandIn) -> None:
    price = PriceFactory(on_hand=2)
    by_card(stand_in, price)
    client = staff("adjust_stock")
    address, typed = change_of(price, -1, many=False)

    client.post(address, ticket_in(client.post(address, typed)))

    assert counted(price) == (1, 1)


def close(client: Client, order: Order, hold: OrderHold) -> Any:
    return client.post(f"/admin/order/{order.pk}/hold/{hold.pk}/close/", follow=True)


def in_review(order: Order, reason: OrderHold.Reason) -> OrderHold:
    order.hold(reason, "look")
    return order.holds.get()


# K18
def test_a_review_of_held_money_is_closed_by_who_may_capture(stand_in: StandIn) -> None:
    order = by_card(stand_in, PriceFactory())
    hold = in_review(order, OrderHold.Reason.STAFF)
    do_the_work()
    packer = staff("view_order", CHANGE)

    page = packer.get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    answer = close(packer, order, hold)
    do_the_work()

    assert "Close the review" not in page
    assert CLOSING_NEEDS in " ".join(page.split())
    assert messages_on(answer) == [CLOSING_NEEDS]
    assert OrderHold.objects.get().closed_at is None
    assert payment_of(order).status == "authorized"


# K18
def test_a_capture_after_a_review_names_who_closed_it(stand_in: StandIn) -> None:
    order = by_card(stand_in, PriceFactory())
    hold = in_review(order, OrderHold.Reason.STAFF)
    do_the_work()

    close(staff("view_order", CHANGE, "capture_payment"), order, hold)
    do_the_work()

    action = MoneyAction.objects.get(order=order)
    assert (action.kind, action.actor_name, action.actor_address) == (
        "capture",
        "Ana",
        "127.0.0.1",
    )
    assert OrderHold.objects.get().closed_by == "Ana"


# K18
@pytest.mark.parametrize(
    ("reason", "is_closed"),
    [(OrderHold.Reason.STAFF, True), (OrderHold.Reason.REVIEW_LIMIT, False)],
)
def test_of_taken_money_only_a_review_that_is_about_it_needs_the_right(
    reason: OrderHold.Reason, is_closed: bool, stand_in: StandIn
) -> None:
    order = by_debit(stand_in, PriceFactory())
    hold = in_review(order, reason)
    do_the_work()

    close(staff("view_order", CHANGE), order, hold)

    assert (OrderHold.objects.get().closed_at is not None) == is_closed


# K18
def test_cancelling_while_money_is_under_way_needs_the_right_to_refund(
    stand_in: StandIn,
) -> None:
    order = settle_order(by_slow_debit(stand_in, PriceFactory()))

    staff("view_order", CHANGE).post(f"/admin/order/{order.pk}/cancel/", {"reason": "x"})

    assert order.status == "processing"
    assert Order.objects.get(pk=order.pk).cancel_requested_at is None
