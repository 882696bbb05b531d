"""C3: what stands on the cart's page is what is paid, whether "Update" was pressed or not."""

import re
from typing import Any

import pytest
from django.test import Client

from shop.catalog.models import Price
from shop.orders.models import Cart, CartLine, OrderLine
from tests.support.factories import ChosenPriceFactory, PriceFactory
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def put(client: Client, price: Price, quantity: int = 1, **more: str) -> None:
    answer = client.post("/cart/add/", {"price": price.key, "quantity": quantity, **more})
    assert answer.status_code == 303


def fields(client: Client) -> dict[str, str]:
    """What the form on the cart's page posts when nothing is typed over."""
    html = client.get("/cart/").content.decode()
    inputs = [tag for tag in re.findall(r"<input[^>]+>", html) if 'form="lines"' in tag]
    found = {}
    for tag in inputs:
        name, value = (re.findall(f'{word}="([^"]*)"', tag)[0] for word in ("name", "value"))
        found[name] = value
    found["cart"] = re.findall(r'name="cart" value="(\d+)"', html)[0]
    return found


def go_on(client: Client, posted: dict[str, Any]) -> Any:
    return client.post("/create-checkout-session", posted)


def bought() -> list[tuple[int, int]]:
    return list(OrderLine.objects.values_list("quantity", "unit_amount"))


def page(client: Client) -> str:
    text = re.sub(r"<[^>]+>", " ", client.get("/cart/").content.decode())
    return " ".join(text.split())


def test_a_quantity_that_was_typed_over_is_what_is_paid(client: Client, stand_in: StandIn) -> None:
    first, second = PriceFactory(), PriceFactory(unit_amount=500)
    put(client, first)
    put(client, second, 2)

    answer = go_on(client, {**fields(client), f"quantity-{first.variant_id}": "4"})

    session = stand_in.api("checkout/sessions")["data"][0]
    assert answer.status_code == 303
    assert bought() == [(4, 1800), (2, 500)]
    assert session["amount_total"] == 8200
    assert list(CartLine.objects.values_list("quantity", flat=True)) == [4, 2]


def test_an_amount_that_was_typed_over_is_what_is_paid(client: Client, stand_in: StandIn) -> None:
    price = ChosenPriceFactory()
    put(client, price, amount="8.00")

    answer = go_on(client, {**fields(client), f"amount-{price.variant_id}": "12,50"})

    assert (answer.status_code, bought()) == (303, [(1, 1250)])


def test_what_nobody_typed_over_changes_nothing(client: Client, stand_in: StandIn) -> None:
    put(client, ChosenPriceFactory(), amount="8.00")
    put(client, PriceFactory(), 3)
    version = Cart.objects.get().version

    first, second = (go_on(client, fields(client)) for _ in range(2))

    assert first["Location"] == second["Location"]
    assert Cart.objects.get().version == version
    assert CartLine.objects.filter(is_named=True).count() == 1


@pytest.mark.parametrize("typed", ["0", "-1", "x", "1000", "2.5", ""])
def test_a_number_that_is_none_leads_back_to_the_cart(
    client: Client, stand_in: StandIn, typed: str
) -> None:
    price = PriceFactory()
    put(client, price, 2)

    answer = go_on(client, {**fields(client), f"quantity-{price.variant_id}": typed})

    assert (answer.status_code, answer["Location"]) == (302, "/cart/")
    assert "How many? Write a whole number from 1 to 999." in page(client)
    assert (bought(), CartLine.objects.get().quantity) == ([], 2)


def test_an_amount_out_of_bounds_leads_back_to_the_cart(client: Client, stand_in: StandIn) -> None:
    price = ChosenPriceFactory()
    put(client, price, amount="8.00")

    answer = go_on(client, {**fields(client), f"amount-{price.variant_id}": "0.01"})

    assert (answer.status_code, bought()) == (302, [])
    assert "Name an amount from €5.00 to €100.00" in page(client)


def test_more_than_there_is_leads_back_to_the_cart_which_says_so(
    client: Client, stand_in: StandIn
) -> None:
    price = PriceFactory(on_hand=3)
    put(client, price, 2)

    answer = go_on(client, {**fields(client), f"quantity-{price.variant_id}": "5"})

    assert (answer.status_code, bought()) == (302, [])
    assert "Only 3 left." in page(client)
    assert fields(client)[f"quantity-{price.variant_id}"] == "3"


def test_a_page_of_some_time_ago_is_not_what_is_paid(client: Client, stand_in: StandIn) -> None:
    price = PriceFactory()
    put(client, price)
    old = fields(client)
    client.post("/cart/update/", {"variant": price.variant_id, "quantity": "3"})

    answer = go_on(client, {**old, f"quantity-{price.variant_id}": "2"})

    assert (answer.status_code, bought(), CartLine.objects.get().quantity) == (302, [], 3)
    assert "Your cart is not the one you looked at." in page(client)


def test_update_takes_all_that_was_typed_over(client: Client) -> None:
    first, second, third = PriceFactory(), PriceFactory(), ChosenPriceFactory()
    for price in (first, second, third):
        put(client, price)
    typed = {f"quantity-{first.variant_id}": "2", f"amount-{third.variant_id}": "7.00"}

    answer = client.post("/cart/update/", {**fields(client), **typed}, follow=True)

    lines = CartLine.objects.order_by("id").values_list("quantity", "seen_amount")
    assert list(lines) == [(2, 1800), (1, 1800), (1, 700)]
    assert answer.content.decode().count("Your cart now has") == 2


def test_update_leaves_alone_what_another_tab_has_changed(client: Client) -> None:
    first, second = PriceFactory(), PriceFactory()
    for price in (first, second):
        put(client, price)
    old = fields(client)
    client.post("/cart/update/", {"variant": second.variant_id, "quantity": "6"})

    client.post("/cart/update/", {**old, f"quantity-{first.variant_id}": "2"})

    assert list(CartLine.objects.order_by("id").values_list("quantity", flat=True)) == [2, 6]


def test_many_lines_that_nobody_changed_cost_no_queries(
    client: Client, stand_in: StandIn, django_assert_max_num_queries: Any
) -> None:
    for _ in range(8):
        put(client, PriceFactory())
    posted = fields(client)

    with django_assert_max_num_queries(10):
        client.post("/cart/update/", posted)
