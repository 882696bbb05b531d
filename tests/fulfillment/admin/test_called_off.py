"""T4: who called an order off and why is kept, and shown to staff; a review ends with its order."""

import re
from typing import Any

import pytest

from fulfillment import stock_check
from fulfillment.models import Preparation
from payments import checkout
from payments.models import MoneyAction
from shop import work
from shop.orders.models import Order, OrderHold
from tests.support.factories import OrderFactory, PriceFactory, UserFactory
from tests.support.purchases import (
    buy,
    do_the_work,
    held,
    payment_of,
    settled,
)
from tests.support.staff import staff
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

MAY = ["view_order", "view_payment", "change_order", "release_payment", "refund_payment"]


def kept(order: Order) -> tuple[str, str, str, str]:
    """The status, and why, with which note, by whom."""
    order = Order.objects.get(pk=order.pk)
    return order.status, order.cancel_reason, order.cancel_note, order.cancel_actor_name


def ticket_in(answer: Any, button: str) -> dict[str, str]:
    form = next(
        form
        for form in re.findall(r"(?s)<form.*?</form>", answer.content.decode())
        if button in form
    )
    [ticket] = re.findall(r'name="ticket" value="([^"]+)"', form)
    return {"ticket": ticket}


# T4
def test_the_end_of_the_order_names_who_wanted_it(stand_in: StandIn) -> None:
    order = buy(stand_in)
    do_the_work()
    client = staff(*MAY)

    client.post(f"/admin/order/{order.pk}/cancel/", {"reason": "Asked by phone"})
    do_the_work()

    page = " ".join(client.get(f"/admin/orders/order/{order.pk}/change/").content.decode().split())
    assert kept(order) == ("cancelled", "staff", "Asked by phone", "Ana")
    assert order.transitions.get(after="cancelled").actor_name == "Ana"
    assert "Cancelled by Ana: called off by staff, Asked by phone." in page


# T4
def test_a_wish_that_waited_for_a_request_is_carried_out_in_the_same_name(
    stand_in: StandIn,
) -> None:
    order, _payment = held(stand_in)
    check_the_stock()
    capture = payment_of(order).open_request()
    assert capture

    checkout.cancel(order, reason=Order.CancelReason.STAFF, note="Late", actor=UserFactory())
    do_the_work()

    actions = (
        MoneyAction.objects.filter(order=order).order_by("at").values_list("kind", "actor_name")
    )
    assert list(actions) == [("capture", "The shop"), ("refund", "Ana")]
    assert kept(order) == ("cancelled", "staff", "Late", "Ana")


def check_the_stock() -> None:
    work.drain(Preparation, stock_check.prepare)


# T4
def test_a_release_from_the_queue_ends_the_order_in_the_name_of_who_pressed(
    stand_in: StandIn, settings: Any
) -> None:
    settings.CAPTURE_POLICY = "staff"
    order, payment = held(stand_in)
    do_the_work()
    client = staff(*MAY)
    page = client.get(f"/admin/capture-queue/{payment.pk}/")

    client.post(
        f"/admin/capture-queue/{payment.pk}/release/",
        {**ticket_in(page, "Release 18.00"), "reason": "Too risky"},
    )
    do_the_work()

    assert kept(order) == ("cancelled", "released", "Too risky", "Ana")


# T4
def test_a_stocktake_leaves_its_reason_with_the_orders_that_it_ends() -> None:
    price = PriceFactory(on_hand=1)
    order = OrderFactory(price=price)
    client = staff("adjust_stock")
    address = f"/admin/stock/{price.variant_id}/"
    preview = client.post(address, {"delta": "-1", "reason": "Broken"})

    client.post(address, ticket_in(preview, "Change by -1"))

    assert kept(order) == ("cancelled", "out_of_stock", "Broken", "Ana")


# T4
def test_what_nobody_pressed_is_the_shops(stand_in: StandIn) -> None:
    order, payment = held(stand_in)
    stand_in.call(f"payment_intents/{payment.stripe_payment_intent_id}/cancel")

    settled(payment)

    page = staff(*MAY).get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    assert kept(order) == ("cancelled", "released", "", "")
    assert "Cancelled by the shop: released." in " ".join(page.split())


# T4
def test_a_review_closes_with_its_order(stand_in: StandIn) -> None:
    order = buy(stand_in)
    order.hold(OrderHold.Reason.STAFF, "Odd address")

    checkout.cancel(order, reason=Order.CancelReason.STAFF, note="Odd", actor=UserFactory())
    do_the_work()

    assert kept(order)[0] == "cancelled"
    assert [(hold.closed_by, hold.closed_at is not None) for hold in order.holds.all()] == [
        ("Ana", True)
    ]
    assert not Order.objects.in_review().exists()


# T4
@pytest.mark.parametrize("reason", [OrderHold.Reason.SECOND_PAYMENT, OrderHold.Reason.LATE_FACT])
def test_a_review_of_money_that_is_still_here_does_not(reason: OrderHold.Reason) -> None:
    order = OrderFactory()
    order.hold(reason, "look")

    order.cancel("test")

    assert Order.objects.in_review().get() == order
