"""What is exported is imported again, and is the same."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from shop.catalog import exports
from shop.catalog.imports.run import import_products
from shop.catalog.models import Image, Product, Variant
from tests.catalog.shopify_files import row, text_of
from tests.factories import PriceFactory

pytestmark = pytest.mark.django_db
SAMPLE = Path("shop/catalog/sample/products.csv")


def exported(kind: str) -> str:
    file = StringIO()
    exports.WRITERS[kind](file)
    return file.getvalue()


def clear() -> None:
    """Empty shelves; the ledger of stock, which nobody may delete row by row, with them."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("TRUNCATE catalog_category CASCADE")


@pytest.mark.parametrize("kind", ["shopify", "json", "jsonl"])
def test_the_sample_goes_out_and_in_and_out_the_same(tmp_path: Path, kind: str) -> None:
    import_products(SAMPLE, currency="eur")
    before = exported(kind)
    path = tmp_path / {"shopify": "a.csv", "json": "a.json", "jsonl": "a.jsonl"}[kind]
    path.write_text(before)

    clear()
    report = import_products(path, currency="eur")

    assert (report.problems, report.is_imported) == ([], True)
    assert exported(kind) == before


@pytest.mark.parametrize("kind", ["shopify", "json", "jsonl"])
def test_a_single_product_goes_out_and_in(tmp_path: Path, kind: str) -> None:
    product = PriceFactory(variant__product__tags=["brass", "gift"]).variant.product
    Image.objects.create(product=product, source="https://nowhere.example/a.jpg", position=1)
    before = exported(kind)
    path = tmp_path / {"shopify": "a.csv", "json": "a.json", "jsonl": "a.txt"}[kind]
    path.write_text(before)

    clear()
    report = import_products(path, currency="eur")

    assert (report.problems, report.is_imported) == ([], True)
    assert exported(kind) == before


@pytest.mark.parametrize("title", ["=1+1", "+49 lamp", "-5 Lamp", "@lamp", "'=1+1", "'Tis a lamp"])
def test_no_cell_is_a_formula_and_every_title_survives(tmp_path: Path, title: str) -> None:
    PriceFactory(variant__product__title=title, variant__sku="A-1")
    path = tmp_path / "a.csv"

    path.write_text(exported("shopify"))
    clear()
    import_products(path, currency="eur")

    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in path.read_text().split(","))
    assert Product.objects.get().title == title


def test_a_path_of_categories_survives(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(text_of(row(type="Home > Light > Lanterns")))
    import_products(path, currency="eur")

    record = json.loads(exported("jsonl"))

    assert record["category"] == "Home > Light > Lanterns"


def test_many_cost_as_many_queries_as_few(django_assert_max_num_queries: object) -> None:
    for _ in range(12):
        PriceFactory()

    with django_assert_max_num_queries(5):  # type: ignore[operator]
        exported("json")


def test_the_command_writes_by_the_files_ending(tmp_path: Path) -> None:
    PriceFactory()
    out = StringIO()

    call_command("export_products", tmp_path / "a.jsonl", stdout=out)

    assert out.getvalue() == f"1 products written to {tmp_path}/a.jsonl.\n"
    assert len((tmp_path / "a.jsonl").read_text().splitlines()) == Variant.objects.count()


def test_an_unknown_ending_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Say which --format"):
        call_command("export_products", tmp_path / "a.xyz")
