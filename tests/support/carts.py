"""Carts of visitors, and what their page says."""

from typing import Any

from django.test import Client

from shop.catalog.models import Price
from shop.orders.models import Cart
from tests.support.factories import CartFactory, CartLineFactory, PriceFactory


def with_cart(client: Client, *prices: Price, quantity: int = 1, **fields: Any) -> Cart:
    """This visitor's cart from now on, with a thing at each price; else one for 18.00."""
    cart: Cart = CartFactory(**fields)
    for price in prices or [PriceFactory()]:
        CartLineFactory(cart=cart, price=price, quantity=quantity)
    session = client.session
    session["cart"] = str(cart.pk)
    session.save()
    return cart


def read(client: Client, **headers: str) -> str:
    """The cart's page, each gap one blank."""
    return " ".join(client.get("/cart/", headers=headers).content.decode().split())
