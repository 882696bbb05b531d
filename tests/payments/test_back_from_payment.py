"""Who comes back from the payment page finds the cart as it was, the last unit included."""

import pytest
from django.test import Client

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
