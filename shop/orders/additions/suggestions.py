"""What goes with what is in the cart, offered there where the payment page will not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from shop.catalog.models import Image, Price
from shop.money import Money
from shop.orders.additions.goes_with import MOST_ON_PAGE, page_may_offer, prices_going_with
from shop.orders.cart_lines import Line
from shop.orders.delivery.quote import Quote
from shop.orders.delivery.span import costs_alike
from shop.orders.delivery.terms import Goods
from shop.stripe_client import known_accounts

MOST = 3


@dataclass(frozen=True)
class Suggestion:
    """One product; without a single way to buy it, customers choose on its own page."""

    price: Price
    least: Money
    image: Image | None
    is_single: bool


@dataclass(frozen=True)
class Suggestions:
    """What the cart offers, and whether the payment page may offer something besides."""

    here: Sequence[Suggestion] = ()
    may_be_on_page: bool = False


def suggested(lines: Sequence[Line], discount: object, delivery: Quote | None) -> Suggestions:
    """At most three that can be had now, in one query; none where nothing goes with anything.

    What the payment page is going to offer by itself is left to it: it does where nothing is taken
    off and delivery stays as it is.
    """
    had = [line for line in lines if line.had]
    if not any(line.goes_with for line in had):
        return Suggestions()
    currency = lines[0].seen.currency
    ways: dict[int, list[Any]] = {}
    for row in _on_sale([line.variant.product_id for line in lines], currency):
        ways.setdefault(row.variant.product_id, []).append(row)
    offers = page_may_offer({line.variant.product.kind for line in had}, discount)
    may_be_on_page = [rows[0] for rows in ways.values() if rows[0].may_be_on_page and rows[0].known]
    on_page: list[Any] = []
    here: list[Suggestion] = []
    is_left = offers and not _is_limited(currency)
    for rows in ways.values():
        together = [*on_page, rows[0]]
        is_on_page = is_left and rows[0] in may_be_on_page and len(together) <= MOST_ON_PAGE
        if is_on_page and _is_sent_alike(together, delivery):
            on_page = together
        else:
            here.append(_suggestion(rows))
    return Suggestions(here[:MOST], bool(offers and may_be_on_page))


def _is_limited(currency: str) -> bool:
    """Whether more may have the order held, which the page would not have decided."""
    return settings.CAPTURE_POLICY == "automatic" and currency in settings.CAPTURE_REVIEW_ABOVE


def _on_sale(products: Sequence[int], currency: str) -> Any:
    """The prices of variants of which one is left; `known`: whether Stripe knows the price."""
    stock = F("variant__stock__on_hand") + F("variant__stock__backorder")
    images = Image.objects.filter(product=OuterRef("variant__product")).order_by("position", "id")
    picture = JSONObject(name="name", width="width", height="height", widths="widths")
    return (
        prices_going_with(products, currency)
        .filter(variant__stock__reserved__lt=stock)
        .annotate(
            first_image=Subquery(images.values(row=picture)[:1]),
            known=Q(stripe_account__in=known_accounts()) & ~Q(stripe_price_id=""),
        )
        .select_related("variant__image")
    )


def _is_sent_alike(prices: Sequence[Price], delivery: Quote | None) -> bool:
    """Whether delivery costs the same with one of each."""
    sent = [price.variant for price in prices if price.variant.requires_shipping]
    if delivery is None:
        return not sent
    goods = delivery.goods
    is_known = goods.grams is not None and all(variant.grams for variant in sent)
    grams = (goods.grams or 0) + sum(variant.grams for variant in sent)
    value = sum((price.money for price in prices), goods.value)
    most = Goods(value, grams if is_known else None)
    return costs_alike(delivery.terms, delivery.country, goods, most)


def _suggestion(rows: Sequence[Any]) -> Suggestion:
    price: Any = rows[0]
    first = Image(**price.first_image) if price.first_image else None
    return Suggestion(
        price,
        min(row.least for row in rows),
        price.variant.image or first,
        is_single=price.ways == 1 and not price.is_chosen,
    )
