"""A range of twenty thousand: home page and sitemaps are read by an index."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.catalog.models import Category, Product
from shop.catalog.storefront.sitemaps import ProductSitemap

pytestmark = pytest.mark.django_db(transaction=True)

MANY, SHELVES, A_PAGE = 20_000, 200, 300
# As wide as a description makes them, so that reading all of them costs what it does.
FILL = """
    INSERT INTO catalog_product (slug, title, description, vendor, category_id, tags, option_names,
            status, kind, created_at, updated_at, search_words, facets, translations)
        SELECT 'p-' || n, 'P ' || n, repeat(md5(n::text), 30), '',
            shelves.ids[1 + n %% %(shelves)s],
            '{}', '{}', CASE WHEN n %% 20 = 0 THEN 'draft' ELSE 'active' END, 'goods',
            now() - n * interval '1 minute', now() - n * interval '1 minute', '', '{}', '{}'
        FROM generate_series(1, %(many)s) AS n,
            (SELECT array_agg(id ORDER BY id) AS ids FROM catalog_category) AS shelves
"""
# More rows than a shelf has are no longer a few to put in order.
FEW = 1_000


@pytest.fixture
def _large_range() -> Iterator[None]:
    Category.objects.bulk_create(
        Category(name=f"Shelf {n}", slug=f"shelf-{n}") for n in range(SHELVES)
    )
    with connection.cursor() as cursor:
        # Else VACUUM finds rows of which it is not yet on disk that they are there.
        cursor.execute("SET synchronous_commit = on")
        cursor.execute(FILL, {"many": MANY, "shelves": SHELVES})
        cursor.execute("VACUUM (ANALYZE) catalog_product, catalog_category")
    yield
    connection.close()


def steps(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", []):
        yield from steps(below)


def read(sql: str) -> tuple[set[str], list[str]]:
    """Which indexes the database goes by, and what it does with the whole table."""
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + sql.replace("%", "%%"))
        (answer,) = cursor.fetchone()
    found = list(steps((json.loads(answer) if isinstance(answer, str) else answer)[0]["Plan"]))
    whole = [
        f"{step['Node Type']} of {step['Plan Rows']}"
        for step in found
        if (step["Node Type"] == "Seq Scan" and step["Relation Name"] == "catalog_product")
        or (step["Node Type"] in {"Sort", "HashAggregate"} and step["Plan Rows"] > FEW)
    ]
    return {step["Index Name"] for step in found if "Index Name" in step}, whole


@pytest.mark.usefixtures("_large_range")
def test_f15_home_and_sitemaps_are_read_by_an_index(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So few of all that no index would have to be asked twice whether it is worth it.
    monkeypatch.setattr(ProductSitemap, "limit", A_PAGE)
    last = 1 + (MANY - MANY // 20 - 1) // A_PAGE
    pages = {
        "/": {"product_newest_of_category"},
        "/sitemap.xml": {"product_listed", "product_changed_of_category"},
        "/sitemap-categories.xml": {"product_changed_of_category"},
        f"/sitemap-products.xml?p={last}": {"product_listed", "catalog_product_pkey"},
    }

    for address, wanted in pages.items():
        with CaptureQueriesContext(connection) as made:
            answer = client.get(address)
        assert answer.status_code == 200
        looks = [one["sql"] for one in made if one["sql"].startswith("SELECT")]
        looked = [read(sql) for sql in looks]
        assert [whole for _, whole in looked if whole] == [], address
        assert wanted <= set().union(*(indexes for indexes, _ in looked)), address

    # The last page holds what is left, and no draft.
    text = answer.content.decode()
    assert text.count("<loc>") == Product.objects.listed().count() - A_PAGE * (last - 1)
    assert "/products/p-20000/" not in text
    assert "/products/p-19999/" in text


@pytest.mark.usefixtures("_large_range")
def test_the_index_leads_to_all_products_five_thousand_a_page(client: Client) -> None:
    index = client.get("/sitemap.xml").content.decode()
    last = client.get("/sitemap-products.xml?p=4").content.decode()

    pages = re.findall(r"/sitemap-products\.xml(?:\?p=(\d+))?</loc>", index)
    assert (ProductSitemap.limit, pages) == (5_000, ["", "2", "3", "4"])
    assert last.count("<loc>") == Product.objects.listed().count() - 3 * 5_000
