"""The pages on which people look around."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice, zip_longest
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Prefetch
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.templatetags.static import static
from django.urls import reverse
from django.views.decorators.http import require_safe

from shop.catalog.category_tree import tree_of
from shop.catalog.models import Category, Image, OldSlug, Product, ProductFact
from shop.catalog.models.products import rows_of
from shop.catalog.pictures.renditions import Picture
from shop.catalog.storefront import currency as currencies
from shop.catalog.storefront.cards import Card, cards, light
from shop.catalog.storefront.list_pages import missing
from shop.catalog.storefront.offers import (
    Offer,
    asked_values,
    beside,
    chosen,
    in_order_of_size,
    offers,
    options,
    sizes_to_choose,
    with_values,
)
from shop.catalog.storefront.structured_data import product_data
from shop.catalog.unit_prices import LeastUnitPrice, least
from shop.money import Money

# What the home page and the foot of a product's page show of the range.
SPREAD = 8
RELATED = 4
# The color of the paper, as in shop.css and base.html.
PAPER = "#faf7f0"


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    newest = Product.objects.listed().filter(category=OuterRef("pk"))
    ids = Category.objects.annotate(
        newest=ArraySubquery(newest.order_by("-created_at", "-pk").values("pk")[:SPREAD])
    ).values_list("pk", "newest")
    own, tree = dict(ids), tree_of(request)
    shelves = {
        top.pk: sorted((pk for one in tree.branch(top) for pk in own.get(one.pk, [])), reverse=True)
        for top in tree.top
    }
    stocked = [top for top in tree.top if shelves[top.pk]]
    spread = _spread((shelves[top.pk] for top in stocked), currencies.of(request))
    context = {
        "tiles": _tiles(stocked, shelves),
        "cards": spread,
        "first_picture": next((card.image for card in spread if Picture.of(card.image)), None),
    }
    return render(request, "catalog/home.html", context)


@require_safe
def product(request: HttpRequest, slug: str) -> HttpResponse:
    found = _product(slug)
    if found is None or not (found.status == Product.Status.ACTIVE or _may_preview(request)):
        gone = found if found and found.status == Product.Status.ARCHIVED else None
        return moved(request, slug) or missing(request, gone)
    return _product_page(request, found)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a thing was not put into the cart, and what was asked for."""

    sentence: str
    # The field that the sentence is about, if it is about one.
    field: str
    quantity: str
    amount: str
    sku: str


def product_again(
    request: HttpRequest, slug: str, refusal: Refusal, *, status: int
) -> HttpResponse | None:
    """The page of a product whose form was refused, filled in as it was; None if it is not sold."""
    found = _product(slug)
    if found is None or found.status != Product.Status.ACTIVE:
        return None
    return _product_page(request, found, refusal, status=status)


def _product(slug: str) -> Product | None:
    return (
        Product.objects.select_related("category")
        .prefetch_related(
            Prefetch("images", Image.objects.order_by("position", "id")),
            Prefetch("facts", ProductFact.objects.select_related("fact")),
        )
        .filter(slug=slug)
        .first()
    )


def _product_page(
    request: HttpRequest, found: Product, refusal: Refusal | None = None, *, status: int = 200
) -> HttpResponse:
    tree, currency = tree_of(request), currencies.of(request)
    available = offers(found, currency)
    asked = request.POST if refusal else request.GET
    values = asked_values(asked)
    sku, key = refusal.sku if refusal else asked.get("variant", ""), asked.get("price", "")
    offer = with_values(available, values) or chosen(available, sku, key)
    left_open = _left_open(found, available, offer, values, sku=sku, key=key)
    gallery = _gallery(found, available, offer)
    context = {
        "product": found,
        "offers": in_order_of_size(available),
        "offer": offer,
        "every": offer.way(asked.get("every", "")) if offer else "",
        "options": options(found, available, offer, left_open),
        "is_open": bool(left_open),
        "from_price": _from_price(available, offer, left_open),
        "per_unit": _per_unit(available, offer, left_open),
        "here": _here(found, offer, left_open),
        "prices_differ": len({one.money for one in available}) > 1,
        "any_available": any(one.is_available for one in available),
        "most": max((one.most for one in available), default=0),
        "refusal": refusal,
        "gallery": gallery,
        "size_guide": rows_of(found.translated("size_guide")),
        "share": Picture.of(gallery[0].image, found.translated("title")) if gallery else None,
        "is_preview": found.status != Product.Status.ACTIVE,
        "way": tree.way(found.category),
        "related": _related(found, currency),
        "structured": product_data(found, available, tree.way(found.category)),
    }
    return render(request, "catalog/product.html", context, status=status)


def _left_open(
    product: Product,
    found: list[Offer],
    offer: Offer | None,
    values: list[str],
    *,
    sku: str,
    key: str,
) -> set[int]:
    """The options whose value nobody has chosen, and the shop does not choose either."""
    if offer is None or sku == offer.variant.sku or offer.has_key(key):
        return set()
    named = {number for number, value in enumerate(values) if value}
    return sizes_to_choose(product, found) - named


def _from_price(found: list[Offer], offer: Offer | None, left_open: set[int]) -> Money | None:
    """The least that it costs, where what is still to choose makes a difference."""
    if offer is None or not left_open:
        return None
    prices = {one.money for one in beside(found, offer, left_open) if one.money}
    return min(prices, key=lambda one: one.amount) if len(prices) > 1 else None


def _per_unit(
    found: list[Offer], offer: Offer | None, left_open: set[int]
) -> LeastUnitPrice | None:
    """By weight or volume: of what is chosen, the least of it where something is still open."""
    if offer is None:
        return None
    return least(one.per_unit for one in beside(found, offer, left_open) if one.price)


def _here(product: Product, offer: Offer | None, left_open: set[int]) -> str:
    """The address of what is chosen so far."""
    if offer is None:
        return product.get_absolute_url()
    if not left_open:
        return f"{product.get_absolute_url()}?{urlencode({'variant': offer.variant.sku})}"
    values = {
        f"option-{number}": value
        for number, value in enumerate(offer.variant.option_values)
        if number not in left_open
    }
    return product.get_absolute_url() + (f"?{urlencode(values)}" if values else "")


@require_safe
def favicon(_request: HttpRequest) -> HttpResponse:
    return redirect(static("brand/favicon.ico"))


@require_safe
def manifest(_request: HttpRequest) -> HttpResponse:
    """What the shop is called and looks like on a telephone's first screen."""
    told = {
        "name": settings.SHOP_NAME,
        "short_name": settings.SHOP_NAME,
        "start_url": "/",
        "display": "minimal-ui",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": [
            {"src": static("brand/favicon.svg"), "type": "image/svg+xml", "sizes": "any"},
            {"src": static("brand/apple-touch-icon.png"), "type": "image/png", "sizes": "180x180"},
        ],
    }
    return JsonResponse(told, content_type="application/manifest+json")


@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    lines = [
        "User-agent: *",
        # Nothing else: a page that may not be read cannot say that it is not to be listed.
        "Disallow: /admin/",
        f"Sitemap: {settings.SITE_URL}{reverse('catalog:sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def moved(request: HttpRequest, slug: str) -> HttpResponse | None:
    """Leads from an address that a product once had to the present one, query and all."""
    old = OldSlug.objects.filter(slug=slug, category=None).select_related("product").first()
    if old is None or old.product is None:
        return None
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(old.product.get_absolute_url() + query, permanent=True)


def _tiles(
    categories: list[Category], shelves: dict[int, list[int]]
) -> list[tuple[Category, Image | None]]:
    """Each category with a picture of something in it, of the newest that has one."""
    products = [pk for category in categories for pk in shelves[category.pk]]
    images = Image.objects.filter(product__in=products).exclude(name="")
    first = images.order_by("product_id", "position", "id").distinct("product_id")
    by_product = {image.product_id: image for image in first}
    return [
        (category, next((by_product[pk] for pk in shelves[category.pk] if pk in by_product), None))
        for category in categories
    ]


def _spread(categories: Iterable[list[int]], currency: str) -> list[Card]:
    """Some of each category in turn, since people judge the range by what they see first."""
    in_turn = islice(_not_none(chain.from_iterable(zip_longest(*categories))), SPREAD)
    ids = list(in_turn)
    products = light(Product.objects.on_sale()).in_bulk(ids)
    return cards((products[pk] for pk in ids if pk in products), currency)


def _not_none(ids: Iterable[int | None]) -> Iterator[int]:
    return (pk for pk in ids if pk is not None)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in the gallery, and the variant that it leads to, if it is another's."""

    image: Image
    other: Offer | None

    @property
    def large(self) -> str:
        picture = Picture.of(self.image)
        return picture.large if picture else ""


def _gallery(product: Product, found: list[Offer], offer: Offer | None) -> list[Shown]:
    """All pictures, that of the chosen variant first."""
    first = offer.image if offer else None
    images = sorted(product.images.all(), key=lambda image: image != first)
    owners = {one.variant.image_id: one for one in reversed(found)}
    return [Shown(image, None if image == first else owners.get(image.pk)) for image in images]


def _related(product: Product, currency: str) -> list[Card]:
    others = Product.objects.listed().filter(category=product.category_id).exclude(pk=product.pk)
    return cards(light(others).order_by("title", "pk")[:RELATED], currency)


def _may_preview(request: HttpRequest) -> bool:
    user = request.user
    return user.is_authenticated and user.is_staff and user.has_perm("catalog.view_product")
