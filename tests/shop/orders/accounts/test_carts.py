"""The cart at the log-in: what lies here and there becomes one; who logs out has none."""

import threading
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from shop.accounts.models import User
from shop.catalog.models import Price
from shop.orders import cart
from shop.orders.accounts import carts
from shop.orders.cart_lines import MOST_OF_ONE
from shop.orders.models import Cart, Order
from tests.support.carts import read, with_cart
from tests.support.concurrency import at_once, waiting_for_locks
from tests.support.customers import code_for, log_in, new_address
from tests.support.factories import (
    CartFactory,
    CartLineFactory,
    ChosenPriceFactory,
    OrderFactory,
    PriceFactory,
    UserFactory,
)
from tests.support.waiting import PATIENCE, eventually

pytestmark = pytest.mark.django_db


def held(cart: Cart) -> dict[int, int]:
    """How many of which variant."""
    return dict(cart.lines.values_list("variant", "quantity"))


def of(email: str) -> Cart:
    return Cart.objects.get(user__email=email)


def told(client: Client, email: str) -> str:
    """The first page after the log-in."""
    client.post("/account/login/", {"email": email})
    answer = client.post("/account/login/code/", {"code": code_for(email)}, follow=True)
    return " ".join(answer.content.decode().split())


def test_cart_of_a_visitor_becomes_the_customers() -> None:
    client, email = Client(), new_address()
    cart = with_cart(client, quantity=2)

    log_in(email, client)

    assert of(email) == cart
    assert len(held(cart)) == 1
    assert "2<span" in read(client)


def test_cart_follows_to_another_device() -> None:
    email, price = new_address(), PriceFactory()
    with_cart(log_in(email), user=User.objects.get(email=email))
    Cart.objects.all().delete()
    first = log_in(email)
    first.post("/cart/add/", {"price": price.key, "quantity": "3"})

    second = Client()
    page = told(second, email)

    assert held(of(email)) == {price.variant_id: 3}
    assert price.variant.name in read(second)
    assert "in it again" not in page


def test_both_carts_become_one_and_it_is_told() -> None:
    email = new_address()
    both, only_there, only_here = PriceFactory(), PriceFactory(), PriceFactory()
    user = UserFactory(email=email)
    with_cart(Client(), both, only_there, quantity=2, user=user)
    client = Client()
    here = with_cart(client, both, only_here, quantity=1)

    page = told(client, email)

    assert of(email) == here
    assert held(here) == {both.variant_id: 3, only_there.variant_id: 2, only_here.variant_id: 1}
    assert "What you had put into your cart before is in it again." in page
    assert Cart.objects.count() == 1


def test_quantities_are_held_to_what_may_be_ordered(settings: Any) -> None:
    email, scarce, limited = new_address(), PriceFactory(on_hand=3), PriceFactory()
    limited.variant.product.most_per_order = 2
    limited.variant.product.save()
    user = UserFactory(email=email)
    with_cart(Client(), scarce, limited, quantity=2, user=user)
    client = Client()
    here = with_cart(client, scarce, limited, quantity=2)

    page = told(client, email)

    assert held(here) == {scarce.variant_id: 3, limited.variant_id: 2}
    assert f"Only 3 left. Your cart now has 3 × {scarce.variant.name}." in page
    assert f"At most 2 in one order. Your cart now has 2 × {limited.variant.name}." in page


@pytest.mark.parametrize(
    ("there", "here", "kept"),
    [("WELCOME", "", "WELCOME"), ("WELCOME", "FRIENDS", "FRIENDS"), ("", "FRIENDS", "FRIENDS")],
)
def test_a_code_comes_along_where_none_was_typed_here(there: str, here: str, kept: str) -> None:
    email = new_address()
    with_cart(Client(), user=UserFactory(email=email), code=there)
    client = Client()
    with_cart(client, code=here)

    log_in(email, client)

    assert of(email).code == kept


def test_of_a_price_that_the_customer_names_the_last_one_counts() -> None:
    email, tip = new_address(), ChosenPriceFactory()
    there, client = with_cart(Client(), tip, user=UserFactory(email=email)), Client()
    there.lines.update(seen_amount=1200, is_named=True)
    with_cart(client, tip).lines.update(seen_amount=700, is_named=True)

    log_in(email, client)

    assert list(of(email).lines.values_list("quantity", "seen_amount", "is_named")) == [
        (2, 700, True)
    ]


def test_what_is_sold_out_stays_to_be_seen() -> None:
    email, gone = new_address(), PriceFactory(on_hand=0)
    with_cart(Client(), gone, quantity=2, user=UserFactory(email=email))
    client = Client()
    here = with_cart(client, PriceFactory())

    log_in(email, client)

    assert held(here)[gone.variant_id] == 1
    assert "Sold out" in read(client)


def test_another_currency_is_asked_for_in_the_one_seen_last(settings: Any) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "usd"]
    email, thing = new_address(), PriceFactory()
    variant = PriceFactory().variant
    in_dollars = Price.objects.create(variant=variant, currency="usd", unit_amount=2100)
    dollars = Cart.objects.create(user=UserFactory(email=email))
    CartLineFactory(cart=dollars, price=in_dollars)
    client = Client()
    here = with_cart(client, thing)

    log_in(email, client)

    assert set(here.lines.values_list("currency", flat=True)) == {"eur"}
    assert here.lines.get(variant=variant).seen_amount == 1800


def test_other_device_finds_the_cart_where_it_went() -> None:
    email, thing = new_address(), PriceFactory()
    first = log_in(email)
    first.post("/cart/add/", {"price": thing.key, "quantity": "1"})
    second = Client()
    with_cart(second, PriceFactory())

    log_in(email, second)

    assert thing.variant.name in read(first)
    assert len(held(of(email))) == 2


def test_order_begun_elsewhere_takes_its_things_out_of_the_one_cart() -> None:
    email, thing = new_address(), PriceFactory()
    user = UserFactory(email=email)
    there = with_cart(Client(), thing, user=user)
    order: Order = OrderFactory(price=thing, cart=there, bought_from=there.pk, user=user)
    client = Client()
    here = with_cart(client, PriceFactory())
    log_in(email, client)

    order.refresh_from_db()
    order.confirm("paid elsewhere")

    assert thing.variant_id not in held(here)
    assert len(held(here)) == 1


def test_who_logs_out_leaves_an_empty_cart_behind_and_finds_theirs_again() -> None:
    email, price = new_address(), PriceFactory()
    client = log_in(email)
    client.post("/cart/add/", {"price": price.key, "quantity": "1"})
    before = client.session["visitor"]

    client.post("/account/logout/")
    empty = read(client)
    log_in(email, client)

    assert price.variant.name not in empty
    assert client.session.get("visitor") != before
    assert price.variant.name in read(client)


def test_cart_of_another_customer_is_nobody_elses() -> None:
    first, second = new_address(), new_address()
    thing = PriceFactory()
    client = Client()
    cart = with_cart(client, thing, user=UserFactory(email=first))

    log_in(second, client)

    assert thing.variant.name not in read(client)
    assert of(first) == cart
    assert not Cart.objects.filter(user__email=second).exists()


def test_staff_bring_no_cart_along() -> None:
    user = UserFactory(is_staff=True)
    client = Client()
    cart = with_cart(client)

    client.force_login(user)

    assert Cart.objects.get(pk=cart.pk).user is None


@pytest.mark.django_db(transaction=True)
def test_what_is_put_into_the_cart_elsewhere_meanwhile_comes_along() -> None:
    here, there, price = CartFactory(), CartFactory(), PriceFactory()
    is_put, may_end = threading.Event(), threading.Event()

    def put() -> None:
        with transaction.atomic():
            cart.add(there, price, 1)
            is_put.set()
            assert may_end.wait(PATIENCE)

    def bring() -> None:
        assert is_put.wait(PATIENCE)
        carts.merge(here, there)

    def let_go() -> None:
        eventually(waiting_for_locks)
        may_end.set()

    assert at_once([put, bring, let_go]) == [None] * 3
    assert held(here) == {price.variant_id: 1}


def test_merge_is_held_to_what_one_may_type() -> None:
    email, many = new_address(), PriceFactory(on_hand=5000)
    with_cart(Client(), many, quantity=900, user=UserFactory(email=email))
    client = Client()
    here = with_cart(client, many, quantity=900)

    log_in(email, client)

    assert held(here) == {many.variant_id: MOST_OF_ONE}
