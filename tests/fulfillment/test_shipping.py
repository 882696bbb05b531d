"""Parcels leave the house once, and only what is paid for."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from fulfillment import shipping
from fulfillment.models import Email, Shipment
from payments import checkout, stripe_requests
from payments.models import Dispute, StripeRequest
from shop.money import Money
from shop.orders.models import Order, OrderHold
from tests.support.purchases import buy, do_the_work, payment_of, perform, settle_order
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(stand_in: StandIn) -> Order:
    """Captured, its parcel open; the confirmation is out of the way."""
    bought = buy(stand_in)
    do_the_work()
    mail.outbox.clear()
    bought.refresh_from_db()
    return bought


def ship(shipment: Shipment) -> None:
    shipping.ship(
        shipment,
        carrier="Post",
        tracking_number="AT123",
        tracking_url="https://post.example/AT123",
        actor="Ana",
    )


def test_shipped_with_tracking_tells_order_and_customer_once(order: Order) -> None:
    shipment = order.shipments.get()

    ship(shipment)
    ship(Shipment.objects.get())
    do_the_work()

    order.refresh_from_db()
    shipment.refresh_from_db()
    assert order.status == "shipped"
    assert (shipment.status, shipment.carrier, shipment.tracking_number, shipment.shipped_by) == (
        "shipped",
        "Post",
        "AT123",
        "Ana",
    )
    assert [message.subject for message in mail.outbox] == [f"Order {order.number}: on its way"]
    assert "https://post.example/AT123" in mail.outbox[0].body


def test_packed_then_shipped_then_delivered_completes_the_order(order: Order) -> None:
    shipment = order.shipments.get()

    shipping.pack(shipment)
    ship(shipment)
    shipping.deliver(shipment)

    assert Shipment.objects.get().status == "delivered"
    assert Order.objects.get().status == "completed"


def test_not_delivered_before_it_was_shipped(order: Order) -> None:
    with pytest.raises(shipping.CannotShip, match="The parcel is open"):
        shipping.deliver(order.shipments.get())


def test_opened_once_however_often_it_is_due(order: Order) -> None:
    assert not shipping.open_when_due(order)
    assert order.shipments.count() == 1
    assert Email.objects.filter(template="confirmed").count() == 1


# Guard: `obstacle`, the open hold.
def test_in_review_nothing_ships(order: Order) -> None:
    order.hold(OrderHold.Reason.STAFF, "look")

    with pytest.raises(shipping.CannotShip, match="in review"):
        ship(order.shipments.get())

    assert Order.objects.get().status == "confirmed"


# Guard: `obstacle`, what is due is captured (I10).
def test_not_captured_in_full_does_not_ship(order: Order) -> None:
    payment = payment_of(order)
    type(payment).objects.update(captured_amount=payment.captured_amount - 1)

    with pytest.raises(shipping.CannotShip, match=r"Only 17\.99 EUR of 18\.00 EUR is captured"):
        ship(order.shipments.get())


def test_lost_dispute_does_not_ship(order: Order) -> None:
    payment = payment_of(order)
    Dispute.objects.create(
        payment=payment,
        account=payment.account,
        stripe_dispute_id="dp_1",
        amount=1800,
        currency="eur",
        status="lost",
        created_at=order.created_at,
    )

    with pytest.raises(shipping.CannotShip, match="dispute"):
        shipping.pack(order.shipments.get())


def test_being_cancelled_does_not_ship_and_closes_the_parcel(order: Order) -> None:
    checkout.cancel(order, reason=Order.CancelReason.STAFF, note="changed their mind")

    with pytest.raises(shipping.CannotShip, match="being cancelled"):
        ship(order.shipments.get())
    do_the_work()

    assert Shipment.objects.get().status == "cancelled"
    assert Order.objects.get().status == "cancelled"
    assert [message.subject for message in mail.outbox] == [f"Order {order.number}: cancelled"]
    assert "18.00 back to you" in mail.outbox[0].body


def test_refunded_before_it_left_does_not_ship(order: Order, stand_in: StandIn) -> None:
    payment = payment_of(order)
    stripe_requests.ask_refund(payment, payment.captured, reason="damaged")
    do_the_work()

    with pytest.raises(shipping.CannotShip):
        ship(order.shipments.get())


def test_partial_capture_below_what_is_due_opens_no_parcel(
    stand_in: StandIn, settings: Any
) -> None:
    settings.CAPTURE_POLICY = "staff"
    bought = buy(stand_in)
    do_the_work()

    # Somebody captures a part in Stripe's dashboard: nothing was taken off the order here.
    stand_in.call(
        f"payment_intents/{payment_of(bought).stripe_payment_intent_id}/capture",
        amount_to_capture=1000,
    )
    settle_order(bought)
    do_the_work()

    assert payment_of(bought).captured_amount == 1000
    assert bought.shipments.count() == 0


UNFINISHED: dict[str, dict[str, Any]] = {
    "ready": {},
    "leased": {"lease_token": uuid.uuid4(), "lease_until": timezone.now() + timedelta(days=1)},
    "dead": {},
}


# K8
@pytest.mark.parametrize("status", UNFINISHED)
def test_nothing_leaves_while_its_whole_refund_may_be_carried_out(
    order: Order, status: str
) -> None:
    """Asked for, on its way, or given up with an end that nobody knows."""
    payment = payment_of(order)
    request = stripe_requests.ask_refund(payment, payment.captured, reason="sorry")
    StripeRequest.objects.filter(pk=request.pk).update(status=status, **UNFINISHED[status])

    for leave in (shipping.pack, ship):
        with pytest.raises(shipping.CannotShip, match=r"refund of 18\.00 EUR"):
            leave(order.shipments.get())

    assert Shipment.objects.get().status == "open"
    assert "refund of 18.00 EUR" in shipping.obstacle(order)


# K8
def test_a_refund_in_part_that_is_under_way_keeps_no_parcel(order: Order) -> None:
    payment = payment_of(order)
    stripe_requests.ask_refund(payment, Money(500, "eur"), reason="scratched")

    ship(order.shipments.get())

    assert Shipment.objects.get().status == "shipped"


# K8
def test_refunds_in_part_that_leave_nothing_keep_the_parcel(
    order: Order, stand_in: StandIn
) -> None:
    payment = payment_of(order)
    stand_in.call("refunds", payment_intent=payment.stripe_payment_intent_id, amount=500)
    settle_order(order)
    stripe_requests.ask_refund(payment, Money(1300, "eur"), reason="the rest")

    with pytest.raises(shipping.CannotShip, match=r"refund of 13\.00 EUR"):
        ship(order.shipments.get())


# K8
def test_nothing_leaves_while_its_money_is_let_go(stand_in: StandIn) -> None:
    bought = buy(stand_in)
    stripe_requests.ask_release(payment_of(bought), reason="sorry")

    assert "release" in shipping.obstacle(bought)


# K8
def test_a_refund_that_was_given_up_and_is_seen_after_all_counts_once(
    order: Order, stand_in: StandIn
) -> None:
    """Its answers were lost until it was dead; half of the money is still there to ship for."""
    payment = payment_of(order)
    request = stripe_requests.ask_refund(payment, Money(900, "eur"), reason="scratched")
    stand_in.fail("/v1/refunds", method="POST", when="after", reset=True)
    perform(request)
    StripeRequest.objects.filter(pk=request.pk).update(status="dead")

    settle_order(order)

    request.refresh_from_db()
    assert (request.status, request.outcome) == ("done", "seen")
    assert shipping.obstacle(order) == ""
