"""Long lists in pages: each product on one page, whatever the order. Checks S26 and S27."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.catalog.models import Category, Price, Product, Stock, Variant
from shop.catalog.search import facet_counts, index, matching, ranking, sorting
from shop.catalog.search.filters import ListFilters
from shop.catalog.search.matching import Condition, Scope, Selection
from tests.shop.catalog.search.test_filters import status
from tests.shop.catalog.storefront.test_list_pages import read
from tests.support.factories import CategoryFactory

pytestmark = pytest.mark.django_db

SORTS = ["", "newest", "price", "price-down", "title"]


@pytest.fixture
def ropes() -> Category:
    """120 ropes: few prices, titles and moments among them, and some cannot be bought."""
    shelf: Category = CategoryFactory(slug="ropes")
    fill(shelf, 120)
    return shelf


def fill(shelf: Category, number: int) -> None:
    products = Product.objects.bulk_create(
        Product(
            slug=f"rope-{n}",
            title=f"Rope {n % 7}",
            category=shelf,
            option_names=["Color"],
            status="active",
            created_at="2026-01-01T00:00Z",
        )
        for n in range(number)
    )
    variants = Variant.objects.bulk_create(
        Variant(product=one, sku=one.slug.upper(), option_values=["Ink"]) for one in products
    )
    Price.objects.bulk_create(
        Price(variant=one, unit_amount=1000 + 100 * (n % 5), currency="eur")
        for n, one in enumerate(variants)
        if n % 10
    )
    Stock.objects.bulk_create(Stock(variant=one, on_hand=5) for one in variants)
    index.index_many(one.pk for one in products)


def walked(client: Client, address: str) -> list[str]:
    """The addresses of the products on all pages, going on by the link."""
    found: list[str] = []
    while address:
        page = read(client, address)
        found += re.findall(r'<a href="/products/([^/]*)/">', page[page.index('class="cards"') :])
        onward = re.search(r'rel="next"\s+href="([^"]*)"', page)
        address = onward.group(1).replace("&amp;", "&") if onward else ""
    return found


def lower_limits(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """As if these few products were more than are counted, ranked, and kept by their ids."""
    for module in (facet_counts, ranking, matching):
        monkeypatch.setattr(module, "MOST_COUNTED", number)
    monkeypatch.setattr(facet_counts, "COUNTED", number)
    monkeypatch.setattr(ranking, "RANKED", number)
    monkeypatch.setattr(ranking, "FEW", number)


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("address", ["/categories/ropes/?", "/search/?q=rope&"])
@pytest.mark.parametrize("are_many", [False, True])
def test_each_product_stands_on_one_page(
    client: Client,
    ropes: Category,
    address: str,
    sort: str,
    are_many: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if are_many:
        lower_limits(monkeypatch, 30)

    found = walked(client, f"{address}sort={sort}")
    narrowed = walked(client, f"{address}sort={sort}&available=yes")

    assert (len(found), len(set(found))) == (120, 120)
    assert (len(narrowed), len(set(narrowed))) == (108, 108)


def test_each_of_more_than_a_thousand_found_stands_on_one_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorting, "PER_PAGE", 300)
    fill(CategoryFactory(), 1100)

    first = read(client, "/search/?q=rope")
    found = walked(client, "/search/?q=rope")

    assert status(first) == "1100 products"
    assert (len(found), len(set(found))) == (1100, 1100)


def test_the_cheapest_come_first_and_what_has_no_price_last(
    client: Client, ropes: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facet_counts, "COUNTED", 10)
    amounts = dict(Price.objects.values_list("variant__product__slug", "unit_amount"))

    up, down = (
        [amounts.get(slug) for slug in walked(client, f"/categories/ropes/?sort={sort}")]
        for sort in ("price", "price-down")
    )

    assert up == sorted(amounts.values()) + [None] * 12
    assert down == sorted(amounts.values(), reverse=True) + [None] * 12


def test_the_best_stand_first_among_very_many(
    client: Client, ropes: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Older than all that are looked at first: one by its SKU, one by its title, one by a word."""
    lower_limits(monkeypatch, 20)
    Product.objects.update(description="As found in every harbor.")
    oldest, older, old = Product.objects.order_by("pk")[:3]
    Variant.objects.filter(product=oldest).update(sku="HARBOR")
    Product.objects.filter(pk=older.pk).update(title="Harbor")
    Product.objects.filter(pk=old.pk).update(title="Harbor Rope")
    index.reindex()

    page = read(client, "/search/?q=harbor")

    assert re.findall(r'<a href="/products/([^/]*)/">', page[page.index('class="cards"') :])[
        :3
    ] == [
        "rope-0",
        "rope-1",
        "rope-2",
    ]
    assert status(page) == "25 or more products"


def test_a_long_list_is_not_said_to_end(
    client: Client, ropes: Category, monkeypatch: pytest.MonkeyPatch
) -> None:
    lower_limits(monkeypatch, 30)

    first, last = read(client, "/categories/ropes/"), read(client, "/categories/ropes/?page=5")

    assert status(first) == "30 or more products"
    assert re.search(r'aria-current="page">\s*Page 1\s*<', first)
    assert status(last) == "120 products"  # here it ends, so it is known
    assert client.get("/categories/ropes/?page=6").status_code == 404


@pytest.mark.parametrize("sort", ["price", "price-down", "newest", "title"])
def test_an_index_leads_through_the_whole_range(ropes: Category, sort: str) -> None:
    """For the first page of all, not all are read and sorted."""
    order = next(one for one in sorting.ORDERS if one.key == sort)
    everything = Selection(Scope(Condition("true"), 100_000), ListFilters("eur"))
    with connection.cursor() as cursor:
        for way in ("sort", "seqscan", "bitmapscan"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
        with CaptureQueriesContext(connection) as made:
            sorting.sorted_rows(everything, order)(0, 25)
        cursor.execute(f"EXPLAIN {made[0]['sql']}")
        plan = "\n".join(row[0] for row in cursor.fetchall())

    assert "Index" in plan
    assert "Sort" not in plan
