"""What the database does for a search with several words. # F15"""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from shop.catalog.models import Product
from shop.catalog.search import facet_counts, matching, ranking
from shop.catalog.search.filters import ListFilters
from shop.catalog.search.index import index_many
from shop.catalog.search.matching import Selection
from tests.support.factories import CategoryFactory

pytestmark = pytest.mark.django_db

PRODUCTS = 6000
# Whether what is found is only near to what was typed: any of the words.
ARE_NEAR = {
    "lantern": False,
    "made lantern": False,
    "lantren blankte ketlte": True,
    "lantren blankte ketlte anchro copmass twoel arpon": True,
}
NOUNS = "lantern blanket kettle anchor compass towel apron scarf bowl plate chair basket".split()


@pytest.fixture
def many() -> None:
    """Products enough for an index to be worth its while; one in two hundred has a given noun."""
    shelf = CategoryFactory()
    made = Product.objects.bulk_create(
        Product(
            slug=f"thing-{number}",
            title=f"{NOUNS[number % 200] if number % 200 < len(NOUNS) else 'Thing'} {number}",
            description=f"Made for the sea, by hand, in the year {number}. " * 5,
            category=shelf,
            status=Product.Status.ACTIVE,
        )
        for number in range(PRODUCTS)
    )
    index_many(product.pk for product in made)
    with connection.cursor() as cursor:
        # Vacuum cannot be in a transaction; the index keeps what came last in a list of its own.
        cursor.execute("SELECT gin_clean_pending_list('product_full_text')")
        cursor.execute("SELECT gin_clean_pending_list('product_title_words')")
        cursor.execute("ANALYZE catalog_product")


def read_whole(query: str) -> list[str]:
    """The statements of a search that read all products one after another."""
    with CaptureQueriesContext(connection) as caught:
        found = ranking.find(query)
        selection = Selection(found.scope, ListFilters("eur"))
        facet_counts.count(selection)
        found.ranked(selection)(0, 24)
    return [one["sql"] for one in caught if "catalog_product" in one["sql"] if reads(one["sql"])]


def reads(sql: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        [[plan]] = cursor.fetchone()
    return any(
        node["Node Type"] == "Seq Scan" and node["Relation Name"] == "catalog_product"
        for node in nodes(json.loads(plan)["Plan"] if isinstance(plan, str) else plan["Plan"])
    )


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


@pytest.mark.parametrize("most", [matching.MOST_COUNTED, 50])
def test_several_words_are_found_by_an_index(
    many: None, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    for module in (matching, ranking, facet_counts):
        # A list that is long is read otherwise.
        monkeypatch.setattr(module, "MOST_COUNTED", most)
    if most == 50:
        monkeypatch.setattr(ranking, "RANKED", 10)
        monkeypatch.setattr(facet_counts, "COUNTED", 10)
    monkeypatch.setattr(ranking, "FEW", 20)

    found = {query: ranking.find(query) for query in ARE_NEAR}

    near = {query: answer.is_near for query, answer in found.items()}
    large = {query: answer.scope.is_large for query, answer in found.items()}
    assert near == ARE_NEAR
    assert large == {query: answer.scope.size > most for query, answer in found.items()}
    assert {query: read_whole(query) for query in ARE_NEAR} == {query: [] for query in ARE_NEAR}
