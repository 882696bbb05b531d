"""Digital goods: no address, no parcel, and complete once they are paid."""

from typing import Any

import pytest
from django.core import mail
from django.core.management import call_command
from django.test import Client

from fulfillment.models import ShipmentLine
from payments.models import CheckoutSession
from payments.settlement import settle
from shop.catalog.models import Price
from shop.orders.models import Cart, Order
from tests.support.factories import PriceFactory
from tests.support.purchases import buy, do_the_work, order_of
from tests.support.stand_in import StandIn, session_id_in

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ebook() -> Price:
    price: Price = PriceFactory(
        variant__requires_shipping=False, variant__product__title="Knots, a book"
    )
    return price


def test_an_order_of_digital_goods_is_complete_when_it_is_charged(
    stand_in: StandIn, ebook: Price
) -> None:
    order = buy(stand_in, price=ebook)

    do_the_work()

    order.refresh_from_db()
    [call] = stand_in.requests_made("/v1/checkout/sessions")
    page = Client().get(f"/orders/{order.token}/").content.decode()
    session_id = order.checkout_sessions.get().stripe_session_id
    assert session_id
    success = Client().get("/success", {"session_id": session_id}).content.decode()
    assert (order.status, order.payments.get().status) == ("completed", "captured")
    assert not order.shipments.exists()
    assert "shipping_address_collection" not in call["params"]
    assert [message.subject for message in mail.outbox] == [f"Order {order.number}: confirmed"]
    assert "Nothing is shipped: what you bought is digital." in mail.outbox[0].body
    assert "We pack it now" not in mail.outbox[0].body
    assert "Nothing is shipped: what you bought is digital." in page
    assert "Shipped" not in page
    assert "Nothing is shipped: what you bought is digital." in success
    assert "on its way" not in success
    call_command("check_invariants")


def test_a_mixed_order_ships_what_can_be_touched(
    stand_in: StandIn, ebook: Price, client: Client
) -> None:
    lamp: Price = PriceFactory()
    for price in (ebook, lamp):
        client.post("/cart/add/", {"price": price.key, "quantity": "1"})

    order = bought_from_cart(client, stand_in)
    do_the_work()

    order.refresh_from_db()
    assert order.status == "confirmed"
    assert [line.order_line.variant for line in ShipmentLine.objects.all()] == [lamp.variant]
    assert "We pack it now" in mail.outbox[0].body


def bought_from_cart(client: Client, stand_in: StandIn) -> Order:
    answer: Any = client.post("/create-checkout-session", {"cart": Cart.objects.get().version})
    session_id = session_id_in(answer["Location"])
    assert stand_in.pay(session_id).status_code == 200
    session = CheckoutSession.objects.get(stripe_session_id=session_id)
    settle.settle(session)
    return order_of(session)
