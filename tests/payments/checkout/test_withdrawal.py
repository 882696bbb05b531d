"""Who has digital goods at once agrees to what that means, or nothing is written (S-4)."""

import pytest
from django.test import Client

from payments import checkout
from payments.models import CheckoutSession
from shop.orders.models import Order
from tests.support.carts import with_cart
from tests.support.digital import digital_price, digital_root
from tests.support.factories import PriceFactory
from tests.support.purchases import new_buyer
from tests.support.stand_in import StandIn

__all__ = ["digital_root"]
pytestmark = pytest.mark.django_db(transaction=True)

WORDS = (
    "I want what is digital in my order as soon as it is paid, and I know that I can no longer "
    "withdraw from that part then."
)


def test_the_box_stands_in_a_cart_with_digital_goods_alone(client: Client) -> None:
    guide = digital_price()
    with_cart(client, PriceFactory(), PriceFactory(variant__requires_shipping=False))
    assert 'name="withdrawal"' not in client.get("/cart/").content.decode()

    with_cart(client, guide)

    page = " ".join(client.get("/cart/").content.decode().split())
    assert 'name="withdrawal"' in page
    assert WORDS in page


def test_without_the_tick_there_is_a_sentence_and_nothing_is_written(
    client: Client, stand_in: StandIn
) -> None:
    price = digital_price()
    cart = with_cart(client, price)
    line = cart.lines.get()

    answer = client.post(
        "/create-checkout-session",
        {
            "cart": cart.version,
            f"quantity-{line.variant_id}": "3",
            f"shown-{line.variant_id}": "1|18.00",
        },
    )

    line.refresh_from_db()
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 400
    assert 'autofocus aria-invalid="true" aria-describedby="unticked"' in page
    assert '<p id="unticked" class="changed">Please tick the box about what is digital' in page
    assert (line.quantity, Order.objects.count()) == (1, 0)
    assert not CheckoutSession.objects.exists()
    assert not stand_in.requests_made("/v1/checkout/sessions")


def test_one_thing_bought_at_once_needs_it_too(client: Client, stand_in: StandIn) -> None:
    price = digital_price()

    refused = client.post("/create-checkout-session", {"price": price.key, "quantity": "1"})
    with pytest.raises(checkout.ConsentMissing):
        checkout.start(new_buyer(), [checkout.Item(price, 1)])

    assert (refused.status_code, Order.objects.count()) == (400, 0)


def test_the_order_keeps_the_words_and_the_time(client: Client, stand_in: StandIn) -> None:
    cart = with_cart(client, digital_price())

    answer = client.post("/create-checkout-session", {"cart": cart.version, "withdrawal": "1"})

    assert answer.status_code == 303
    [agreed] = Order.objects.get().agreed_to
    assert agreed["text"] == WORDS
    assert agreed["to"] == "that the right to withdraw from what is digital ends"
    assert agreed["at"].tzinfo is not None


def test_a_second_press_keeps_one_consent(client: Client, stand_in: StandIn) -> None:
    cart = with_cart(client, digital_price())
    form = {"cart": cart.version, "withdrawal": "1"}

    client.post("/create-checkout-session", form)
    client.post("/create-checkout-session", form)

    assert len(Order.objects.get().consent) == 1


def test_nothing_is_kept_of_a_tick_that_nobody_asked_for(client: Client, stand_in: StandIn) -> None:
    cart = with_cart(client, PriceFactory())

    client.post("/create-checkout-session", {"cart": cart.version, "withdrawal": "1"})

    assert Order.objects.get().consent == []
