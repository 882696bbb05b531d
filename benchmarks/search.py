"""Browsing and searching a large catalog: what the view asks the database and works out."""

import random
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from time import perf_counter

from django.db import connection
from django.http import QueryDict

from benchmarks.figures import Figure, percentile
from shop.catalog import facets, listing
from shop.catalog import search as searching
from shop.catalog.browse import left_of
from shop.catalog.cards import cards, light
from shop.catalog.facets import Asked
from shop.catalog.models import Category, Price, Product, Stock, Variant

TIMES = 40
BATCH = 2000
NOUNS = (
    "lantern blanket mug kettle rope anchor compass towel apron scarf bowl plate chair stool basket"
    " bottle knife spoon board lamp rug candle soap brush hook"
).split()
ADJECTIVES = "storm deck harbor tidal coastal northern woolen brass copper oak linen enamel".split()
COLORS = "Sand Ink Kelp Rust Fog Coral Slate Moss".split()
SIZES = "S M L XL".split()
SEARCHES = {
    "SKU": "SKU-77777",
    "common word": "lantern",
    "two words": "storm lantern",
    "rare word": "rarity4242",
    "beginning of a word": "lant",
    "misspelt word": "lantren",
}
PAGES = {
    "page 1": ("", 1),
    "page 100": ("", 100),
    "by price": ("sort=price", 1),
    "three facets": ("o=Color:Ink&o=Size:M&vendor=Brand 7", 1),
    "available below 50": ("available=yes&price=0-2500&price=2500-5000", 1),
}


def measure(products: int = 100_000) -> list[Figure]:
    """Fill the catalog with so many products, then read pages of it."""
    began = perf_counter()
    fill(products)
    filled = perf_counter() - began
    ids = [Category.objects.get(slug="bench-3").pk]
    return [
        Figure(f"Catalog: {products:,} products made", f"{products / filled:.0f} a second"),
        *(_figure(f"Search, {name}", partial(search, query)) for name, query in SEARCHES.items()),
        *(
            _figure(f"Category, {name}", partial(browse, ids, query, number))
            for name, (query, number) in PAGES.items()
        ),
    ]


def _figure(what: str, call: Callable[[], None]) -> Figure:
    call()
    times = []
    for _ in range(TIMES):
        began = perf_counter()
        call()
        times.append((perf_counter() - began) * 1000)
    p50, p95 = percentile(times, 0.5), percentile(times, 0.95)
    return Figure(
        f"{what}, with facet counts", f"p50 {p50:.0f} ms, p95 {p95:.0f} ms", "goal: 50 ms"
    )


def search(query: str) -> None:
    found = searching.find(query)
    asked = Asked.of(QueryDict(""), "eur")
    facets.counted(asked, ids=found.ids)
    page = left_of(found.ids, asked, listing.RELEVANCE)[: listing.PER_PAGE]
    cards(light(Product.objects.filter(pk__in=page)), "eur")


def browse(ids: list[int], query: str, number: int) -> None:
    asked = Asked.of(QueryDict(query), "eur")
    order = listing.ORDERS[1] if "sort=price" in query else listing.ORDERS[0]
    facets.counted(asked, categories=ids)
    products = facets.narrowed(light(Product.objects.on_sale().filter(category__in=ids)), asked)
    first = (number - 1) * listing.PER_PAGE
    ordered = listing.sort(products, order, "eur")
    cards(ordered[first : first + listing.PER_PAGE], "eur")


def fill(count: int) -> None:
    """A catalog by chance, the same each time: two variants each, with prices and stock."""
    chance = random.Random(7)
    shelves = [Category.objects.create(name=f"Bench {n}", slug=f"bench-{n}") for n in range(40)]
    todo: Iterator[int] = iter(range(count))
    while numbers := list(islice(todo, BATCH)):
        products = Product.objects.bulk_create(
            Product(
                slug=f"bench-{n}",
                title=f"{chance.choice(ADJECTIVES)} {chance.choice(NOUNS)} {n}".title(),
                description=f"Made for the sea, rarity{n}. " * 3,
                vendor=f"Brand {n % 90}",
                category=shelves[n % len(shelves)],
                option_names=["Color", "Size"],
                status=Product.Status.ACTIVE,
            )
            for n in numbers
        )
        variants = Variant.objects.bulk_create(
            Variant(
                product=product,
                sku=f"SKU-{n}" if part == 0 else f"SKU-{n}-{part}",
                option_values=[chance.choice(COLORS), SIZES[part]],
            )
            for n, product in zip(numbers, products, strict=True)
            for part in range(2)
        )
        Price.objects.bulk_create(
            Price(variant=one, unit_amount=chance.randrange(300, 30_000), currency="eur")
            for one in variants
        )
        Stock.objects.bulk_create(
            Stock(variant=one, on_hand=chance.choice([0, 0, 3, 20])) for one in variants
        )
        searching.index_many(product.pk for product in products)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
