"""What goes with what is in the cart, offered there where the payment page will not."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, Count, ExpressionWrapper, F, OuterRef, Q, Subquery
from django.db.models.functions import JSONObject

from shop.catalog.models import Image, Price, Product, Variant
from shop.money import Money
from shop.orders.additions.goes_with import MOST_ON_PAGE, page_takes_codes
from shop.orders.cart_lines import Line
from shop.orders.delivery.quote import Quote
from shop.orders.delivery.terms import Goods
from shop.orders.tax import mode
from shop.stripe_client import known_accounts

MOST = 3


@dataclass(frozen=True)
class Suggestion:
    """One product; without a single way to buy it, customers choose on its own page."""

    price: Price
    least: Money
    image: Image | None
    is_single: bool


def suggested(lines: Sequence[Line], discount: object, delivery: Quote | None) -> list[Suggestion]:
    """At most three that can be had now, in one query; none where nothing goes with anything.

    What the payment page is going to offer by itself is left to it: it does where nothing is taken
    off and delivery stays as it is.
    """
    products = [line.variant.product_id for line in lines]
    if not any(line.had and line.goes_with for line in lines):
        return []
    currency = lines[0].seen.currency
    ways: dict[int, list[Any]] = {}
    for row in _on_sale(products, currency):
        ways.setdefault(row.variant.product_id, []).append(row)
    is_left = not discount and _page_may_offer(lines, currency)
    on_page: list[Any] = []
    here: list[Suggestion] = []
    for rows in ways.values():
        together = [*on_page, rows[0]]
        is_on_page = is_left and rows[0].may_be_on_page and len(together) <= MOST_ON_PAGE
        if is_on_page and _is_sent_alike(together, delivery):
            on_page = together
        else:
            here.append(_suggestion(rows))
    return here[:MOST]


def _page_may_offer(lines: Sequence[Line], currency: str) -> bool:
    """Whether it offers anything besides; where more may have the order held it may not."""
    is_limited = (
        settings.CAPTURE_POLICY == "automatic" and currency in settings.CAPTURE_REVIEW_ABOVE
    )
    donation = Product.Kind.DONATION
    only_donates = all(line.variant.product.kind == donation for line in lines if line.had)
    return not (mode.is_on() or page_takes_codes() or is_limited or only_donates)


def _on_sale(products: Sequence[int], currency: str) -> Any:
    """The prices of variants of which one is left, those that were chosen to go with it first."""
    pairs = Product.goes_with.through.objects.filter(from_product__in=products)
    this_one = pairs.filter(to_product=OuterRef("variant__product")).order_by("pk")
    ways = (
        Variant.objects.filter(product=OuterRef("variant__product"), is_active=True)
        .order_by()
        .values("product")
        .annotate(count=Count("pk"))
    )
    stock = F("variant__stock__on_hand") + F("variant__stock__backorder")
    images = Image.objects.filter(product=OuterRef("variant__product")).order_by("position", "id")
    picture = JSONObject(name="name", width="width", height="height", widths="widths")
    is_known = Q(stripe_account__in=known_accounts()) & ~Q(stripe_price_id="")
    return (
        Price.objects.offered()
        .filter(
            currency=currency,
            variant__is_active=True,
            variant__product__in=pairs.values("to_product"),
            variant__product__status=Product.Status.ACTIVE,
            variant__product__kind=Product.Kind.GOODS,
            variant__stock__reserved__lt=stock,
        )
        .exclude(variant__product__in=products)
        .annotate(
            rank=Subquery(this_one.values("pk")[:1]),
            first_image=Subquery(images.values(row=picture)[:1]),
            ways=Subquery(ways.values("count")),
            may_be_on_page=ExpressionWrapper(
                # Digital goods need a consent that the page cannot ask for.
                is_known & Q(ways=1, is_chosen=False, variant__digital=None),
                output_field=BooleanField(),
            ),
        )
        .select_related("variant__product", "variant__image")
        .order_by("rank", "variant__position", "variant_id")
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
    offers = delivery.terms.offers(delivery.country, Goods(value, grams if is_known else None))
    return offers == delivery.offers


def _suggestion(rows: Sequence[Any]) -> Suggestion:
    price: Any = rows[0]
    first = Image(**price.first_image) if price.first_image else None
    return Suggestion(
        price,
        min(row.least for row in rows),
        price.variant.image or first,
        is_single=price.ways == 1 and not price.is_chosen,
    )
