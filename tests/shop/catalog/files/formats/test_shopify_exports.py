"""Shopify's own exports as they come today, with their quirks."""

from pathlib import Path
from typing import Any

import pytest

from shop.catalog.files.run import Report, import_products
from shop.catalog.files.summary import summary
from shop.catalog.models import Product, Variant
from tests.shop.catalog.files.formats.shopify_files import file_of, further, row

pytestmark = pytest.mark.django_db

EXPORT = Path("tests/shop/catalog/files/exports/shopify.csv")


def imported(path: Path, **options: Any) -> Report:
    return import_products(path, currency="eur", **options)


def test_f1_an_export_of_today_goes_in_as_it_comes() -> None:
    report = imported(EXPORT)

    assert report.problems == []
    assert list(
        Variant.objects.order_by("pk").values_list(
            "sku", "grams", "option_values", "stock__on_hand", "prices__unit_amount"
        )
    ) == [
        ("MUG-1", 340, ["Sand"], 12, 1800),
        ("MUG-1-HARBOR-MUG", 227, ["Ink"], 0, 1800),
        (Variant.objects.get(product__title="Тюлений плед").sku, 1500, [], 4, 12900),
        (Variant.objects.get(product__title="灯").sku, 0, [], 0, 6400),
    ]


def test_f1_each_quirk_of_it_is_told_in_one_line() -> None:
    report = imported(EXPORT)

    said = [line for line in summary(report.warnings) if "Image" not in line]
    assert said == [
        (
            "2 lines (3, 5), Variant SKU: stands on several variants; the later ones are given"
            " one of their own, made with their handle."
        ),
        "line 3, Variant Inventory Qty: is below nothing; counted as 0.",
        "line 4, Variant SKU: is empty; one is made of handle and options.",
        (
            "line 5, Variant Inventory Qty: is not said, so these start sold out; --on-hand 10"
            " counts in ten of each."
        ),
    ]


def test_f1_the_same_export_again_changes_nothing() -> None:
    imported(EXPORT)

    again = imported(EXPORT)

    assert again.problems == []
    assert {what for what, count in again.counts.items() if count} == {
        "products unchanged",
        "variants unchanged",
        "pictures unchanged",
    }


def test_f1_handles_in_any_script_stay_apart(tmp_path: Path) -> None:
    handles = ["лампа", "лампы", "灯", "café", "cafe", "हिन्दी"]

    report = imported(file_of(tmp_path, *(row(handle=one, variant_sku=one) for one in handles)))

    slugs = list(Product.objects.values_list("slug", flat=True))
    assert (report.problems, len(set(slugs))) == ([], 6)
    assert all(slug.isascii() for slug in slugs)
    assert next(slug for slug in slugs if slug.startswith("cafe")).startswith("cafe-")


def test_f1_made_skus_name_handle_and_options(tmp_path: Path) -> None:
    product = row(option1_name="Size", option1_value="S", variant_sku="")
    large = further(option1_value="Größe L", variant_price="80.00")

    report = imported(file_of(tmp_path, product, large))

    skus = list(Variant.objects.values_list("sku", flat=True))
    assert (report.problems, skus) == ([], ["STORM-LANTERN-S", "STORM-LANTERN-GROSSE-L"])


@pytest.mark.parametrize(
    ("cell", "sentence"),
    [
        ("nan", "'nan' is no weight in grams."),
        ("-1.0", "'-1.0' is no weight in grams."),
        ("99999999999.0", "99999999999.0 is more than 2,147,483,647."),
    ],
)
def test_f1_a_weight_that_is_none_is_named(tmp_path: Path, cell: str, sentence: str) -> None:
    report = imported(file_of(tmp_path, row(variant_grams=cell)))

    assert [str(problem) for problem in report.problems] == [f"line 2, Variant Grams: {sentence}"]
