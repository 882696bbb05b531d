"""A customer's orders: the list, and how one that was placed without an account gets there."""

import uuid
from typing import Any

import pytest
from django.test import Client

from shop.accounts.models import AccountMail, User
from shop.orders.models import Order
from tests.support.customers import code_for, log_in, new_address
from tests.support.factories import OrderFactory, UserFactory

pytestmark = pytest.mark.django_db


def order_for(**fields: Any) -> Order:
    order: Order = OrderFactory(**fields)
    return order


def browser(visitor: uuid.UUID) -> Client:
    """The one that ordered."""
    client = Client()
    session = client.session
    session["visitor"] = visitor.hex
    session.save()
    return client


def read(client: Client, path: str = "/account/orders/") -> str:
    return " ".join(client.get(path).content.decode().split())


def test_only_who_is_logged_in_sees_a_list() -> None:
    answer = Client().get("/account/orders/?page=2")

    assert answer["Location"] == "/account/login/?next=/account/orders/%3Fpage%3D2"


def test_list_has_ones_own_orders_and_nobody_elses() -> None:
    email = new_address()
    client = log_in(email)
    own = order_for(user=User.objects.get(email=email), status="confirmed")
    foreign = order_for(user=UserFactory(), status="confirmed")
    left = order_for(user=own.user, status="expired")

    page = read(client)

    assert f'<a href="/orders/{own.token}/"> Order {own.number} </a>' in page
    assert "Being prepared" in page
    assert "€18.00" in page
    assert foreign.number not in page
    assert left.number not in page


def test_who_has_none_is_told_so() -> None:
    assert "You have not ordered anything with this account yet." in read(log_in(new_address()))


def test_order_without_an_address_yet_cannot_be_kept() -> None:
    visitor = uuid.uuid4()
    order = order_for(visitor=visitor, email="", status="pending")
    client = browser(visitor)

    page = read(client, f"/orders/{order.token}/")
    answer = client.post(f"/orders/{order.token}/keep/")

    assert "Keep this order in an account" not in page
    assert answer["Location"] == f"/orders/{order.token}/"
    assert not AccountMail.objects.exists()


def test_list_costs_the_same_for_one_and_for_many(django_assert_num_queries: Any) -> None:
    email = new_address()
    client = log_in(email)
    client.get("/account/orders/")
    user = User.objects.get(email=email)
    for number in (1, 25):
        for _ in range(number):
            order_for(user=user)

        # Session, user; how many, these, their lines; the proved address, what it may claim; and
        # the categories in the head of the page, what is in the cart.
        with django_assert_num_queries(8):
            page = client.get("/account/orders/")

    assert len(page.context["rows"]) == 20
    assert "Page 1 of 2" in read(client)
    assert len(client.get("/account/orders/?page=2").context["rows"]) == 6


@pytest.mark.parametrize("page", ["0", "x", "9999999", "-1"])
def test_pages_that_are_not_there_show_some(page: str) -> None:
    assert log_in(new_address()).get("/account/orders/", {"page": page}).status_code == 200


def test_kept_with_one_click_and_one_code() -> None:
    visitor, email = uuid.uuid4(), new_address()
    order = order_for(visitor=visitor, email=email.upper())
    client = browser(visitor)

    offered = "Keep this order in an account" in read(client, f"/orders/{order.token}/")
    click = client.post(f"/orders/{order.token}/keep/")
    done = client.post(
        "/account/login/code/", {"code": code_for(email), "next": "/account/orders/"}, follow=True
    )

    assert offered
    assert click["Location"] == "/account/login/code/?next=%2Faccount%2Forders%2F"
    assert done.redirect_chain == [("/account/orders/", 302)]
    assert f"Order {order.number} is in your account now." in done.content.decode()
    order.refresh_from_db()
    assert order.user == User.objects.get(email=email)
    assert "Keep this order" not in read(client, f"/orders/{order.token}/")


def test_who_has_only_the_link_is_offered_nothing_and_sends_no_mail() -> None:
    order = order_for(visitor=uuid.uuid4(), email=new_address())
    client = browser(uuid.uuid4())

    answer = client.post(f"/orders/{order.token}/keep/")

    assert answer["Location"] == f"/orders/{order.token}/"
    assert "Keep this order" not in read(client, f"/orders/{order.token}/")
    assert not AccountMail.objects.exists()


def test_who_logs_in_with_another_address_does_not_get_it() -> None:
    """A second person at the same browser, or a code for another address in between."""
    visitor = uuid.uuid4()
    order = order_for(visitor=visitor, email=new_address())
    client = browser(visitor)
    client.post(f"/orders/{order.token}/keep/")

    log_in(new_address(), client)

    order.refresh_from_db()
    assert order.user is None
    assert "Keep this order" not in read(client, f"/orders/{order.token}/")
    client.post(f"/orders/{order.token}/keep/")
    order.refresh_from_db()
    assert order.user is None


def test_who_is_logged_in_keeps_it_without_a_code() -> None:
    visitor, email = uuid.uuid4(), new_address()
    client = log_in(email, browser(visitor))
    order = order_for(visitor=visitor, email=email)

    answer = client.post(f"/orders/{order.token}/keep/")

    assert answer["Location"] == "/account/orders/"
    order.refresh_from_db()
    assert order.user == User.objects.get(email=email)


def test_orders_of_ones_address_are_offered_and_claimed_by_one_click() -> None:
    email = new_address()
    orders = [order_for(email=email), order_for(email=email.title())]
    foreign = order_for(email=new_address())
    taken = order_for(email=email, user=UserFactory())
    client = Client()
    client.post("/account/login/", {"email": email})

    told = client.post("/account/login/code/", {"code": code_for(email)}, follow=True)
    page = read(client)
    done = client.post("/account/orders/claim/", follow=True)

    assert "2 orders were placed with your address without an account." in told.content.decode()
    assert "Add them to your account" in page
    assert "2 orders are in your account now." in done.content.decode()
    user = User.objects.get(email=email)
    assert {order.pk for order in orders} == set(user.orders.values_list("pk", flat=True))
    assert Order.objects.get(pk=foreign.pk).user is None
    assert Order.objects.get(pk=taken.pk).user == taken.user
    assert "Add them" not in read(client)


def test_what_is_claimed_feeds_the_address_book() -> None:
    email = new_address()
    harbor = {"line1": "1 Harbor Street", "city": "Vienna", "postal_code": "1010", "country": "AT"}
    order_for(email=email, name="Mara", status="completed", shipping_address=harbor)
    left = {**harbor, "line1": "2 Nowhere"}
    order_for(email=email, name="Mara", status="expired", shipping_address=left)
    client = log_in(email)
    before = read(client, "/account/addresses/")

    client.post("/account/orders/claim/")

    assert "No address is kept yet." in before
    (address,) = User.objects.get(email=email).addresses.all()
    assert (address.name, address.line1, address.is_default) == ("Mara", "1 Harbor Street", True)


def test_an_address_that_was_not_proved_claims_nothing() -> None:
    """An account that staff made, whose owner was never sent a code."""
    user = UserFactory(email=new_address())
    order = order_for(email=user.email)
    client = Client()
    client.force_login(user)

    page = read(client)
    client.post("/account/orders/claim/")

    assert "without an account" not in page
    assert Order.objects.get(pk=order.pk).user is None


def test_unknown_order_cannot_be_kept() -> None:
    assert Client().post("/orders/nothing/keep/").status_code == 404
