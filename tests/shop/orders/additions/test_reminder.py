"""The box for a reminder stays as it was ticked, until the order is on its way."""

import re
from typing import Any

import pytest
from django.test import Client

from shop.orders.models import Order
from tests.support.factories import DiscountFactory, PriceFactory, UserFactory
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
TICKED = {"remind": "1", "remind_email": "ada@example.com"}


@pytest.fixture(autouse=True)
def reminders(settings: Any) -> None:
    settings.CHECKOUT_RECOVERY = "shop"


@pytest.fixture
def filled(client: Client) -> Client:
    client.post("/cart/add/", {"price": PriceFactory().key, "quantity": "1"})
    return client


def fields(client: Client) -> dict[str, str]:
    """What the form of the cart posts when nothing is typed over."""
    html = client.get("/cart/").content.decode()
    inputs = [
        (re.findall(r'name="([^"]*)"', tag)[0], (re.findall(r'value="([^"]*)"', tag) or [""])[0])
        for tag in re.findall(r"<input[^>]+>", html)
        if 'form="lines"' in tag and ('type="checkbox"' not in tag or " checked" in tag)
    ]
    hidden = re.findall(r'type="hidden"\s+name="(cart|off|delivery)"\s+value="([^"]*)"', html)
    return dict(inputs + hidden)


def test_update_keeps_the_box_and_its_address(filled: Client) -> None:
    filled.post("/cart/update/", {**fields(filled), **TICKED})

    assert {**fields(filled), **TICKED} == fields(filled)


def test_what_was_refused_keeps_it_too(filled: Client) -> None:
    posted = {**fields(filled), **TICKED}
    number = next(name for name in posted if name.startswith("quantity-"))

    assert filled.post("/cart/update/", {**posted, number: "none"}).status_code == 400

    assert fields(filled)["remind"] == "1"


def test_taken_off_it_stays_off(filled: Client) -> None:
    filled.post("/cart/update/", {**fields(filled), **TICKED})
    posted = fields(filled)
    del posted["remind"]

    filled.post("/cart/update/", posted)

    assert "remind" not in fields(filled)


def test_a_cart_that_changed_keeps_it_until_the_payment_page(
    filled: Client, stand_in: StandIn
) -> None:
    offer = DiscountFactory(is_automatic=True)
    posted = {**fields(filled), **TICKED}
    offer.is_active = False
    offer.save()

    assert filled.post("/create-checkout-session", posted)["Location"] == "/cart/"

    assert fields(filled)["remind_email"] == "ada@example.com"
    assert filled.post("/create-checkout-session", fields(filled)).status_code == 303
    assert Order.objects.get().recovery_email == "ada@example.com"
    # The next order asks anew.
    assert "remind" not in fields(filled)


def test_an_odd_address_is_kept_to_be_mended(filled: Client) -> None:
    posted = {**fields(filled), "remind": "1", "remind_email": "ada<at>x" + "y" * 400}

    assert filled.post("/create-checkout-session", posted)["Location"] == "/cart/"

    assert fields(filled)["remind_email"] == ("ada&lt;at&gt;x" + "y" * 400)[: 320 + 6]


def test_who_is_logged_in_has_only_the_box(filled: Client) -> None:
    filled.force_login(UserFactory())
    filled.post("/cart/update/", {**fields(filled), "remind": "1"})

    assert fields(filled)["remind"] == "1"
    assert "remind_email" not in fields(filled)


def test_where_nobody_is_reminded_nothing_is_kept(filled: Client, settings: Any) -> None:
    settings.CHECKOUT_RECOVERY = "off"

    filled.post("/cart/update/", {**fields(filled), **TICKED})

    assert "reminder" not in filled.session
