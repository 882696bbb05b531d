"""A list of products in pages of 24, whose page and order stand in the address."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import EmptyPage, Page, Paginator
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext_noop

from shop.catalog.facets import with_lowest
from shop.catalog.models import Product, ProductQuerySet

PER_PAGE = 24


@dataclass(frozen=True, slots=True)
class Order:
    """One way to sort; the tie-break by id keeps page 2 from repeating page 1."""

    key: str
    # Translated where it is shown.
    name: str
    fields: tuple[Any, ...]


CHEAP_FIRST = F("lowest_now").asc(nulls_last=True)
DEAR_FIRST = F("lowest_now").desc(nulls_last=True)
ORDERS = [
    Order("newest", gettext_noop("Newest"), ("-created_at", "-pk")),
    Order(
        "price", gettext_noop("Price, low to high"), (F("lowest_now").asc(nulls_last=True), "pk")
    ),
    Order(
        "price-down",
        gettext_noop("Price, high to low"),
        (F("lowest_now").desc(nulls_last=True), "pk"),
    ),
    Order("title", gettext_noop("Name"), ("title", "pk")),
]


RELEVANCE = Order("relevance", gettext_noop("Best match"), ())


def order_asked(request: HttpRequest, orders: list[Order] = ORDERS) -> Order:
    """The order named in the address; the first one when that is unknown."""
    asked = request.GET.get("sort")
    return next((order for order in orders if order.key == asked), orders[0])


def sort(products: ProductQuerySet, order: Order, currency: str) -> ProductQuerySet:
    if order.key.startswith("price"):
        products = with_lowest(products, currency)
    return products.order_by(*order.fields)


class Pages(Paginator):  # type: ignore[type-arg]
    """Pages of a list whose length may be known already."""

    def __init__(self, items: Any, known: int | None) -> None:
        super().__init__(items, PER_PAGE)
        if known is not None:
            self.__dict__["count"] = known


def page_asked(request: HttpRequest, items: Any, known: int | None = None) -> Page[Product] | None:
    """The page of `items` named in the address, None when there is no such page."""
    asked = request.GET.get("page", "1")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 8):
        return None
    try:
        return Pages(items, known).page(int(asked))
    except EmptyPage:
        return None
