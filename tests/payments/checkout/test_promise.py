"""What the cart said that delivery costs is what its page asks for, or it is told before."""

import re
from typing import Any

import pytest
from django.test import Client

from payments import checkout
from payments.models import CheckoutSession
from shop.orders.models import DeliveryMethod, Discount, Order
from tests.support import carts
from tests.support.carts import with_cart
from tests.support.factories import (
    DeliveryMethodFactory,
    DiscountFactory,
    PriceFactory,
)
from tests.support.purchases import counted, new_buyer, order_of, read
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
DEARER = "Delivery costs at least €4.90 now, more than you were shown."


@pytest.fixture(autouse=True)
def delivery() -> None:
    DeliveryMethod.objects.all().delete()
    DeliveryMethodFactory(countries=["AT"], rates={"eur": {0: 490}})


def shown(client: Client) -> dict[str, str]:
    """What the cart's page would post."""
    html = client.get("/cart/").content.decode()
    found = re.findall(r'type="hidden"\s+name="(cart|off|delivery)"\s+value="([^"]*)"', html)
    return dict(found)


def press(client: Client, posted: dict[str, str]) -> Any:
    return client.post("/create-checkout-session", posted)


def is_over(discount: Discount) -> None:
    discount.is_active = False
    discount.save()


def test_free_delivery_that_ended_is_told_before_payment(client: Client, stand_in: StandIn) -> None:
    offer = DiscountFactory(name="Sent free", kind="delivery", is_automatic=True)
    cart = with_cart(client)
    posted = shown(client)
    is_over(offer)

    answer = press(client, posted)

    assert posted == {"cart": str(cart.version), "off": "0", "delivery": "0"}
    assert (answer.status_code, answer["Location"]) == (302, "/cart/")
    assert f"{DEARER} Please look at your cart once more." in carts.read(client)
    assert (Order.objects.count(), CheckoutSession.objects.count()) == (0, 0)
    assert counted(cart.lines.get().variant.prices.get()) == (10, 0)
    assert press(client, shown(client)).status_code == 303


def test_a_code_for_free_delivery_that_ended_is_told_before_payment(
    client: Client, stand_in: StandIn
) -> None:
    offer = DiscountFactory(kind="delivery", codes=["SENTFREE"])
    with_cart(client, code="SENTFREE")
    posted = shown(client)
    is_over(offer)

    assert press(client, posted)["Location"] == "/cart/"

    page = carts.read(client)
    assert DEARER in page
    assert "This code does not count any more." in page


def test_delivery_that_became_dearer_is_told_before_payment(
    client: Client, stand_in: StandIn
) -> None:
    with_cart(client)
    posted = {**shown(client), "delivery": "390"}

    assert press(client, posted)["Location"] == "/cart/"

    assert DEARER in carts.read(client)


def test_delivery_that_became_cheaper_needs_no_word(client: Client, stand_in: StandIn) -> None:
    with_cart(client)
    posted = shown(client)
    DiscountFactory(kind="delivery", is_automatic=True)

    assert press(client, posted).status_code == 303

    assert CheckoutSession.objects.get().delivery["options"][0]["amount"] == 0


@pytest.mark.parametrize("promised", ["", "-1", "1e3", "٣", "NaN", "9" * 16, "0x0", " 0"])
def test_nonsense_promises_nothing(client: Client, stand_in: StandIn, promised: str) -> None:
    with_cart(client)

    assert press(client, {**shown(client), "delivery": promised}).status_code == 303

    assert CheckoutSession.objects.get().delivery["options"][0]["amount"] == 490


def test_a_tampered_promise_frees_nothing(client: Client, stand_in: StandIn) -> None:
    with_cart(client)

    assert press(client, {**shown(client), "delivery": "0"})["Location"] == "/cart/"

    assert Order.objects.count() == 0


def test_what_the_cart_says_now_counts_for_a_page_that_is_open(
    client: Client, stand_in: StandIn
) -> None:
    """The page of the first press asks for delivery still, and the cart says that it is free."""
    with_cart(client)
    press(client, shown(client))
    DiscountFactory(kind="delivery", is_automatic=True)

    answer = press(client, shown(client))

    assert answer.status_code == 303
    before, now = CheckoutSession.objects.order_by("created_at")
    assert (before.status, now.status) == ("expired", "open")
    assert answer["Location"] == now.url
    assert now.delivery["options"][0]["amount"] == 0


def test_what_is_taken_off_now_counts_for_a_page_that_is_open(
    client: Client, stand_in: StandIn
) -> None:
    with_cart(client)
    press(client, shown(client))
    DiscountFactory(is_automatic=True)

    answer = press(client, shown(client))

    now = CheckoutSession.objects.get(status="open")
    assert (answer["Location"], now.discount["amount"]) == (now.url, 180)


def test_paid_again_its_delivery_costs_no_more_than_it_did(stand_in: StandIn) -> None:
    offer = DiscountFactory(kind="delivery", is_automatic=True)
    buyer, price = new_buyer(), PriceFactory()
    session = checkout.start(buyer, [checkout.Item(price, 1)])
    stand_in.advance(hours=25)
    read(session)
    is_over(offer)

    with pytest.raises(checkout.NotAgain, match="Delivery costs at least"):
        checkout.pay_again(order_of(session), buyer)

    assert (order_of(session).status, counted(price)) == ("expired", (10, 0))
