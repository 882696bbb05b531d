"""Stock of many things by delta, in one go."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from shop.catalog.models import Price, Stock
from shop.orders.models import Order
from tests.support.factories import OrderFactory, PriceFactory, UserFactory

pytestmark = pytest.mark.django_db(transaction=True)


def staff(*permissions: str) -> Client:
    user = UserFactory(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def counting() -> Client:
    return staff("adjust_stock", "view_stock")


def page_for(*prices: Price) -> str:
    return "/admin/stock/changes/?" + "&".join(f"variant={price.variant_id}" for price in prices)


def typed(*rows: tuple[Price, str], reason: str = "Delivery") -> dict[str, str]:
    return {"reason": reason, **{f"{price.variant_id}-delta": delta for price, delta in rows}}


def ticket_in(response: Any) -> dict[str, str]:
    ticket = re.search(r'name="ticket" value="([^"]+)"', response.content.decode())
    assert ticket, response.content.decode()
    return {"ticket": ticket.group(1)}


def counted(price: Price) -> tuple[int, int]:
    stock = Stock.objects.get(variant=price.variant_id)
    return stock.on_hand, stock.reserved


def messages_on(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def test_a_delivery_is_looked_at_then_counted_once(counting: Client) -> None:
    more, fewer, same = PriceFactory(), PriceFactory(), PriceFactory()
    page = page_for(more, fewer, same)

    preview = counting.post(page, typed((more, "12"), (fewer, "-3"), (same, "")))
    before = [counted(price) for price in (more, fewer, same)]
    first = counting.post(page, ticket_in(preview), follow=True)
    again = counting.post(page, ticket_in(preview), follow=True)

    assert before == [(10, 0), (10, 0), (10, 0)]
    assert [counted(price) for price in (more, fewer, same)] == [(22, 0), (7, 0), (10, 0)]
    assert messages_on(first) == ["2 of 2 changed."]
    assert messages_on(again) == [
        f"{price.variant.sku}: This button was pressed before; that counts once."
        for price in (more, fewer)
    ]
    movement = more.variant.stock.movements.get(cause_kind="stocktake")
    assert (movement.quantity, movement.reason, movement.actor_name) == (12, "Delivery", "Ana")


def test_the_orders_that_are_hit_are_foretold_and_called_off(counting: Client) -> None:
    price, other = PriceFactory(on_hand=1), PriceFactory()
    order = OrderFactory(price=price)
    page = page_for(price, other)

    preview = counting.post(page, typed((price, "-1"), (other, "2"), reason="Broken"))
    done = counting.post(page, ticket_in(preview), follow=True)

    assert order.number in preview.content.decode()
    assert "and call off 1 order" in " ".join(preview.content.decode().split())
    assert messages_on(done) == [f"2 of 2 changed. Called off: {order.number}."]
    assert Order.objects.get().status == "cancelled"
    assert (counted(price), counted(other)) == ((0, 0), (12, 0))


def test_a_row_that_hits_other_orders_by_now_is_told_and_left(counting: Client) -> None:
    price, other = PriceFactory(on_hand=1), PriceFactory()
    page = page_for(price, other)
    preview = counting.post(page, typed((price, "-1"), (other, "2")))
    order = OrderFactory(price=price)

    done = counting.post(page, ticket_in(preview), follow=True)

    assert messages_on(done) == [
        (
            f"{price.variant.sku} is not changed: "
            f"other orders would be hit by now ({order.number}). Look again."
        ),
        "1 of 2 changed.",
    ]
    assert (counted(price), counted(other)) == ((1, 1), (12, 0))


@pytest.mark.parametrize(
    ("delta", "reason", "sentence"),
    [
        ("-11", "x", "Only 10 are on hand."),
        ("1.5", "x", "Enter a whole number."),
        ("1e3", "x", "Enter a whole number."),
        ("9999999", "x", "Ensure this value is less than or equal to 1000000."),
        ("2", "", "This field is required."),
        ("", "x", "Nothing would change: no units are typed."),
    ],
)
def test_what_does_not_fit_is_told_and_changes_nothing(
    counting: Client, delta: str, reason: str, sentence: str
) -> None:
    price = PriceFactory()

    response = counting.post(page_for(price), typed((price, delta), reason=reason))

    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert counted(price) == (10, 0)


def test_a_forged_ticket_changes_nothing(counting: Client) -> None:
    response = counting.post("/admin/stock/changes/", {"ticket": "x"}, follow=True)

    assert messages_on(response) == ["The page is outdated. Nothing was done."]


def test_the_list_of_stock_leads_here(counting: Client) -> None:
    price = PriceFactory()
    chosen = {"action": "change_by_delta", "_selected_action": [price.variant.stock.pk]}

    response = counting.post("/admin/catalog/stock/", chosen)

    assert response["Location"] == page_for(price)
    assert price.variant.sku in counting.get(response["Location"]).content.decode()


def test_more_than_a_page_holds_is_told(counting: Client) -> None:
    stocks = [PriceFactory(on_hand=0).variant.stock.pk for _ in range(52)]
    chosen = {"action": "change_by_delta", "_selected_action": stocks}

    response = counting.post("/admin/catalog/stock/", chosen, follow=True)

    assert len(response.context["rows"]) == 50
    assert "Only the first 50 are here." in response.content.decode()


def test_who_may_not_adjust_sees_no_way_to() -> None:
    price = PriceFactory()
    looking = staff("view_stock")

    page = looking.get("/admin/catalog/stock/").content.decode()

    assert price.variant.sku in page
    assert "Change by" not in page
    assert "change_by_delta" not in page
    assert looking.post(page_for(price), typed((price, "1"))).status_code == 403
    assert counted(price) == (10, 0)


@pytest.mark.parametrize("count", [2, 50])
def test_the_page_costs_at_most_ten_queries(
    counting: Client, count: int, django_assert_max_num_queries: Any
) -> None:
    page = page_for(*[PriceFactory() for _ in range(count)])

    with django_assert_max_num_queries(10):
        response = counting.get(page)

    assert len(response.context["rows"]) == count
