"""A list of products in pages of 24, whose page and order stand in the address."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import F
from django.http import HttpRequest

from shop.catalog.cards import by_lowest_price
from shop.catalog.models import Product, ProductQuerySet

PER_PAGE = 24


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort; the tie-break by id keeps page 2 from repeating page 1."""

    key: str
    name: str
    fields: tuple[Any, ...]


ORDERS = [
    Order("newest", "Newest", ("-created_at", "-pk")),
    Order("price", "Price, low to high", (F("lowest").asc(nulls_last=True), "pk")),
    Order("price-down", "Price, high to low", (F("lowest").desc(nulls_last=True), "pk")),
    Order("title", "Name", ("title", "pk")),
]


def order_asked(request: HttpRequest) -> Order:
    """The order named in the address; the first one when that is unknown."""
    asked = request.GET.get("sort")
    return next((order for order in ORDERS if order.key == asked), ORDERS[0])


def sort(products: ProductQuerySet, order: Order) -> ProductQuerySet:
    if order.key.startswith("price"):
        products = by_lowest_price(products)
    return products.order_by(*order.fields)


def page_asked(request: HttpRequest, items: Any) -> Page[Product] | None:
    """The page of `items` named in the address, None when there is no such page."""
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 8):
        return None
    try:
        return Paginator(items, PER_PAGE).page(int(asked))
    except EmptyPage:
        return None
