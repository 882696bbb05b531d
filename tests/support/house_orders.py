"""An order in a house: how it stands there and at Stripe, and what must be true in the end."""

from typing import Any

from payments.models import WebhookEvent
from shop.catalog.models import Price
from shop.orders.models import Order
from tests.support.books import assert_adds_up
from tests.support.buyer import Customer
from tests.support.house import House
from tests.support.purchases import counted
from tests.support.waiting import eventually


def order_state(order: Order) -> str:
    """Its status as it is in the database."""
    return Order.objects.get(pk=order.pk).status


def payment_state(order: Order) -> str:
    """That of its payment; empty while there is none."""
    return order.payments.values_list("status", flat=True).first() or ""


def page_of(order: Order) -> str:
    """Stripe's id of its payment page."""
    return str(order.checkout_sessions.get().stripe_session_id)


def made_for(shop: House, order: Order) -> list[dict[str, Any]]:
    """Sessions at Stripe that carry the order's mark."""
    made = shop.stand_in.api("checkout/sessions", limit=100)["data"]
    return [session for session in made if session["metadata"].get("order") == str(order.pk)]


def intent_of(shop: House, order: Order) -> str:
    """What the order was paid with, as Stripe knows it."""
    (made,) = made_for(shop, order)
    return str(made["payment_intent"])


def assert_bought(shop: House, order: Order, buyer: Customer, price: Price) -> None:
    """Captured once, taken once, one parcel, one mail; and no event of it is left."""
    eventually(lambda: order.shipments.exists())
    shop.wait_until_quiet()
    payment = order.payments.get()
    captures = shop.stand_in.executed(f"/{payment.stripe_payment_intent_id}/capture")
    told = WebhookEvent.objects.filter(metadata_order=str(order.pk))
    assert (order_state(order), payment.status, payment.captured_amount) == (
        "confirmed",
        "captured",
        1800,
    )
    assert len(captures) == 1
    assert counted(price) == (4, 0)
    assert shop.letters(buyer.email) == [f"Order {order.number}: confirmed"]
    assert set(told.values_list("status", flat=True)) <= {"done"}
    assert_adds_up(shop.stand_in, order)
