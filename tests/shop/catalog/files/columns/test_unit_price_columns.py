"""S5: product files say how much is in a thing, and from how few on it is low."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shop.catalog.files import export
from shop.catalog.files.run import import_products
from shop.catalog.models import Product, Variant
from tests.shop.catalog.files.columns.test_extra_fields import imported
from tests.support.factories import PriceFactory

pytestmark = pytest.mark.django_db
HEADER = "unit_price_per;variant_content;low_stock_threshold"


def kept() -> list[Any]:
    return [
        *Product.objects.values_list("content_unit", "unit_price_per").get(),
        *Variant.objects.values_list("content", "low_stock_threshold").get(),
    ]


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ("100 g;226.8;3", ["g", 100, Decimal("226.8"), 3]),
        ("1 l;0,75;0", ["l", 1, Decimal("0.75"), 0]),
        ("kg;2;12.0", ["kg", 1, Decimal(2), 12]),
        ("1 m²;2.4;", ["sqm", 1, Decimal("2.4"), None]),
        ("10 Stück;50;", ["ct", 10, Decimal(50), None]),
        (";;", ["", None, None, None]),
    ],
)
def test_s5_a_file_says_the_base_and_the_content(
    tmp_path: Path, cells: str, found: list[Any]
) -> None:
    report = imported(tmp_path, HEADER, f"L-1;Tea;9.00;{cells}")

    assert report.problems == []
    assert kept() == found


def test_s5_an_empty_cell_takes_it_away_and_no_column_leaves_it(tmp_path: Path) -> None:
    imported(tmp_path, HEADER, "L-1;Tea;9.00;100 g;226.8;3")

    imported(tmp_path, "brand", "L-1;Tea;9.00;Skerry")
    left = kept()
    imported(tmp_path, HEADER, "L-1;Tea;9.00;;;")

    assert (left, kept()) == (["g", 100, Decimal("226.8"), 3], ["", None, None, None])


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        (
            "a pound;1;",
            "unit_price_per: 'a pound' is no base of a unit price. Write it like 100 g or 1 l.",
        ),
        (
            "0 g;1;",
            "unit_price_per: '0 g' is no base of a unit price. Write it like 100 g or 1 l.",
        ),
        (
            "9999999999 g;1;",
            (
                "unit_price_per: '9999999999 g' is no base of a unit price. "
                "Write it like 100 g or 1 l."
            ),
        ),
        *(
            (
                f"100 g;{content};",
                (
                    f"variant_content: '{content}' is no content. "
                    "Write it like 226.8, without the unit."
                ),
            )
            for content in ("-1", "0", "nan", "1e99", "1.2345", "250 g", "inf")
        ),
        ("100 g;1;few", "low_stock_threshold: 'few' is no whole number."),
    ],
)
def test_s5_what_is_none_is_named(tmp_path: Path, cells: str, sentence: str) -> None:
    report = imported(tmp_path, HEADER, f"L-1;Tea;9.00;{cells}")

    assert list(map(str, report.problems)) == [f"line 2, {sentence}"]


def test_s5_a_base_without_a_content_is_warned_of(tmp_path: Path) -> None:
    report = imported(tmp_path, "unit_price_per;grams", "L-1;Tea;9.00;100 g;250")

    warning = "line 2, variant_content: is not said, so no unit price is shown."
    assert warning in map(str, report.warnings)
    assert Variant.objects.get().content is None


@pytest.mark.parametrize("kind", ["shopify", "json", "jsonl"])
def test_s5_the_shops_own_files_carry_it_there_and_back(tmp_path: Path, kind: str) -> None:
    price = PriceFactory(
        variant__product__content_unit="ml",
        variant__product__unit_price_per=1000,
        variant__content=Decimal(330),
        variant__low_stock_threshold=2,
    )
    file = io.StringIO()
    export.WRITERS[kind](file)
    Variant.objects.update(content=None, low_stock_threshold=None)
    Product.objects.update(content_unit="", unit_price_per=None)

    path = tmp_path / f"a.{'csv' if kind == 'shopify' else kind}"
    path.write_text(file.getvalue())
    report = import_products(path, currency="eur")

    assert report.problems == []
    assert kept() == ["ml", 1000, Decimal(330), 2]
    again = io.StringIO()
    export.WRITERS[kind](again)
    assert again.getvalue() == file.getvalue()
    assert price.variant.product.slug in again.getvalue()


def test_s5_how_the_export_says_it() -> None:
    PriceFactory(
        variant__product__content_unit="g",
        variant__product__unit_price_per=100,
        variant__content=Decimal("226.8"),
        variant__low_stock_threshold=0,
    )
    csv_file, json_file = io.StringIO(), io.StringIO()
    export.write_shopify(csv_file)
    export.write_json(json_file)

    [row] = csv.DictReader(io.StringIO(csv_file.getvalue()))
    [record] = json.loads(json_file.getvalue())
    said = {"unit_price_per": "100 g", "variant_content": "226.8", "low_stock_threshold": "0"}
    assert {name: row[name] for name in said} == said
    assert record["unit_price_per"] == "100 g"
    assert {n: record["variants"][0][n] for n in said if n != "unit_price_per"} == {
        "variant_content": "226.8",
        "low_stock_threshold": "0",
    }


def test_s5_woocommerce_says_from_how_few_on_it_is_low(tmp_path: Path) -> None:
    path = tmp_path / "woo.csv"
    path.write_text(
        "ID,Type,SKU,Name,Published,Low stock amount,Regular price\n1,simple,T-1,Tea,1,4,9.00\n"
    )

    report = import_products(path, currency="eur")

    assert report.problems == []
    assert Variant.objects.get().low_stock_threshold == 4
