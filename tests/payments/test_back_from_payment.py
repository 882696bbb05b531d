"""Who comes back from the payment page finds the cart as it was, the last unit included."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from payments.models import CheckoutSession
from shop.catalog.models import Price
from shop.orders.models import Order
from tests.support.factories import PriceFactory
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def to_payment(client: Client) -> str:
    version = client.get("/cart/").context["version"]
    return client.post("/create-checkout-session", {"cart": version})["Location"]


@pytest.fixture
def last_one(client: Client, stand_in: StandIn) -> Price:
    price: Price = PriceFactory(on_hand=1)
    client.post("/cart/add/", {"price": price.key, "quantity": "1"})
    return price


def test_the_last_unit_is_not_sold_out_for_who_holds_it(client: Client, last_one: Price) -> None:
    # Guard: cart._set_aside.
    first = to_payment(client)

    second = to_payment(client)

    assert first == second
    assert Order.objects.count() == 1


def test_for_others_it_is_sold_out(client: Client, last_one: Price) -> None:
    to_payment(client)

    answer = Client().post("/cart/add/", {"price": last_one.key, "quantity": "1"})

    assert answer.status_code == 409


def test_who_left_the_page_is_led_back_to_the_cart(client: Client, last_one: Price) -> None:
    # S-5
    to_payment(client)

    answer = client.get("/cancel", follow=True)
    nobody = Client().get("/cancel")

    assert answer.redirect_chain == [("/cart/", 302)]
    assert "nothing was charged there. Your cart is as you left it." in answer.content.decode()
    assert nobody.status_code == 200
    assert "You have not paid" in nobody.content.decode()


def test_who_waits_has_a_way_back_and_after_a_while_a_button(
    client: Client, last_one: Price
) -> None:
    # S-5
    to_payment(client)
    order = Order.objects.get()
    sessions = CheckoutSession.objects.filter(order=order)
    sessions.update(url="")

    soon = client.get(f"/checkout/{order.token}/")
    sessions.update(created_at=timezone.now() - timedelta(seconds=31))
    late = client.get(f"/checkout/{order.token}/")

    for page in (soon, late):
        assert page.status_code == 200
        assert f"this number helps: {order.number}" in page.content.decode()
        assert '<a href="/cart/">Back to your cart</a>' in page.content.decode()
    again = f'<a class="button" href="/checkout/{order.token}/">Try again</a>'
    assert again not in soon.content.decode()
    assert again in late.content.decode()
    assert (soon["Refresh"], late["Refresh"]) == ("2", "10")
