"""Buying over HTTP, as a customer's browser does without its pictures."""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
from django.test import override_settings

from shop import stripe_client
from shop.catalog.models import Category, Price, Product
from shop.catalog.stripe_plan import queue
from shop.orders.models import Order
from tests.support.factories import PriceFactory
from tests.support.house import House
from tests.support.stand_in import HANGS_AFTER, session_id_in
from tests.support.waiting import eventually


class Customer:
    """One customer with a browser, at the door of a house."""

    def __init__(self, house: House, email: str) -> None:
        self.house = house
        self.email = email
        # A kept connection may be closed in the moment it is used again, and nobody tries twice.
        self.http = house.visitor()

    def put_into_cart(self, price: Price) -> None:
        page = self.http.get(f"{self.house.url}{price.variant.product.get_absolute_url()}")
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert found, "no form on the product page"
        form = {"price": price.key, "quantity": 1, "csrfmiddlewaretoken": found.group(1)}
        answer = self.http.post(f"{self.house.url}/cart/add/", data=form)
        assert answer.status_code == 200, answer.text

    def use_code(self, code: str) -> None:
        """Type a discount code in the cart."""
        page = self.http.get(f"{self.house.url}/cart/")
        found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.text)
        assert found, "no form in the cart"
        form = {"code": code, "csrfmiddlewaretoken": found.group(1)}
        answer = self.http.post(f"{self.house.url}/cart/code/", data=form)
        assert answer.status_code == 200, answer.text
        assert code in answer.text

    def go_to_payment(self, **form: object) -> requests.Response:
        """Press the button: the cart, or what the form names."""
        return self.http.post(
            f"{self.house.url}/create-checkout-session",
            data=form,
            allow_redirects=False,
            timeout=HANGS_AFTER,
        )

    def begin(self, price: Price, quantity: int = 1) -> Order:
        """Go to the payment page with one thing."""
        answer = self.go_to_payment(price=price.key, quantity=quantity)
        assert answer.status_code == 303, answer.text
        session_id = session_id_in(answer.headers["Location"])
        return Order.objects.get(checkout_sessions__stripe_session_id=session_id)

    def pay(self, order: Order, **how: Any) -> None:
        session = order.checkout_sessions.get()
        assert session.stripe_session_id
        answer = self.house.stand_in.pay(session.stripe_session_id, email=self.email, **how)
        assert answer.status_code == 200, answer.text


def tell_stripe(house: House, price: Price) -> None:
    """Have the workers make one thing known to Stripe, as when staff have saved it."""
    with override_settings(STRIPE_API_BASE=house.stand_in.url):
        assert stripe_client.account()
        queue.queue(price.variant)
    eventually(lambda: Price.objects.get(pk=price.pk).stripe_price_id)
    price.refresh_from_db()
    price.variant.refresh_from_db()


@contextmanager
def offered(*, on_hand: int, **more: object) -> Iterator[Price]:
    """Something new at 18.00 EUR in the house's shop; off the shelf afterwards."""
    mark = uuid.uuid4().hex[:8]
    price = PriceFactory(
        on_hand=on_hand,
        variant__product__slug=f"lantern-{mark}",
        variant__product__category=Category.objects.first(),
        **more,
    )
    yield price
    Product.objects.filter(variants=price.variant).update(status=Product.Status.ARCHIVED)
