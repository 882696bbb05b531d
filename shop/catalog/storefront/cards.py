"""Products as cards in a list: picture, lowest price, stock; two queries for any number of them.

One more where something has no price that is paid once: it may be sold as a subscription alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Max, Min, Q, Sum
from django.db.models.functions import Coalesce, Greatest

from shop.catalog.models import Image, Price, PriceQuerySet, Product, ProductQuerySet, Rhythm
from shop.catalog.storefront.offers import LOW_STOCK
from shop.catalog.unit_prices import LeastUnitPrice, least, of_content
from shop.money import Money

AVAILABLE = Coalesce(
    Greatest(
        F("variant__stock__on_hand")
        + F("variant__stock__backorder")
        - F("variant__stock__reserved"),
        0,
    ),
    0,
)


@dataclass(frozen=True, slots=True)
class Card:
    """What a list tells of a product."""

    product: Product
    image: Image | None
    price: Money | None
    has_dearer: bool = False
    choices: int = 0
    available: int = 0
    # At or below it is said how many there are: the most that one of its variants says.
    low_from: int = LOW_STOCK
    is_reduced: bool = False
    # What the cheapest costs without the reduction, if it is that one that is reduced.
    regular: Money | None = None
    # The customer names the price, whichever variant it is.
    is_chosen: bool = False
    # By weight or volume.
    per_unit: LeastUnitPrice | None = None
    # How often that is paid, of what is sold as a subscription alone.
    rhythm: Rhythm | None = None

    @property
    def is_sold_out(self) -> bool:
        return self.price is not None and self.available == 0

    @property
    def is_low(self) -> bool:
        return 0 < self.available <= self.low_from


def cards(products: Iterable[Product], currency: str = "") -> list[Card]:
    """One card for each product, in their order, with prices in this currency."""
    products = list(products)
    ids = [product.pk for product in products]
    images = {
        image.product_id: image
        for image in Image.objects.filter(product__in=ids)
        .order_by("product_id", "position", "id")
        .distinct("product_id")
    }
    currency = currency or settings.DEFAULT_CURRENCY
    offers = _offers(ids, currency)
    rest = [pk for pk in ids if pk not in offers]
    subscriptions = _subscriptions(rest, currency) if rest else {}
    return [
        _subscription(product, images.get(product.pk), subscriptions[product.pk])
        if product.pk in subscriptions
        else _card(product, images.get(product.pk), offers.get(product.pk), currency)
        for product in products
    ]


def light(products: ProductQuerySet) -> ProductQuerySet:
    """Only the columns that a card shows; a description may be long."""
    return products.only("slug", "title", "translations", "content_unit", "unit_price_per")


def _current(currency: str) -> PriceQuerySet:
    return Price.objects.current().filter(currency=currency, variant__is_active=True)


def _offers(ids: list[int], currency: str) -> dict[int, Any]:
    """Lowest and highest price, choices and units of each product that has a price."""
    rows = (
        _current(currency)
        .filter(variant__product__in=ids)
        .values("variant__product_id")
        .annotate(
            low=Min(Coalesce("minimum_amount", "unit_amount")),
            high=Max(Coalesce("maximum_amount", "unit_amount")),
            chosen=Count("id", filter=Q(is_chosen=True)),
            choices=Count("id"),
            available=Sum(AVAILABLE),
            low_from=Max(Coalesce("variant__low_stock_threshold", LOW_STOCK)),
            reduced=Count("regular_amount"),
            amounts=ArrayAgg("unit_amount", order_by="id"),
            contents=ArrayAgg("variant__content", order_by="id"),
            # The cheapest first, with nothing where its price is not reduced.
            regulars=ArrayAgg(
                "regular_amount", order_by=[Coalesce("minimum_amount", "unit_amount"), "id"]
            ),
        )
    )
    return {row["variant__product_id"]: row for row in rows}


def _subscriptions(ids: list[int], currency: str) -> dict[int, list[Price]]:
    """What those without another price cost again and again, the cheapest first."""
    prices = (
        Price.objects.recurring()
        .filter(currency=currency, variant__is_active=True, variant__product__in=ids)
        .select_related("variant__stock")
        .order_by("unit_amount", "pk")
    )
    found: dict[int, list[Price]] = {}
    for price in prices:
        found.setdefault(price.variant.product_id, []).append(price)
    return found


def _subscription(product: Product, image: Image | None, prices: list[Price]) -> Card:
    variants = {price.variant_id: price.variant for price in prices}
    stocks = [getattr(variant, "stock", None) for variant in variants.values()]
    return Card(
        product,
        image,
        prices[0].money,
        has_dearer=prices[-1].unit_amount > prices[0].unit_amount,
        choices=len(variants),
        available=sum(stock.available for stock in stocks if stock),
        rhythm=prices[0].rhythm,
    )


def _card(product: Product, image: Image | None, offer: Any, currency: str) -> Card:
    if offer is None:
        return Card(product, image, None)
    return Card(
        product,
        image,
        Money(offer["low"], currency),
        has_dearer=offer["high"] > offer["low"],
        choices=offer["choices"],
        available=offer["available"],
        low_from=offer["low_from"],
        is_reduced=offer["reduced"] > 0,
        regular=Money(offer["regulars"][0], currency) if offer["regulars"][0] else None,
        is_chosen=offer["chosen"] == offer["choices"],
        per_unit=None if offer["chosen"] else _per_unit(product, offer, currency),
    )


def _per_unit(product: Product, offer: Any, currency: str) -> LeastUnitPrice | None:
    pairs = zip(offer["amounts"], offer["contents"], strict=True)
    return least(of_content(product, content, Money(amount, currency)) for amount, content in pairs)
