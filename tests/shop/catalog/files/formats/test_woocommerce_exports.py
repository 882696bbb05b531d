"""WooCommerce's own exports as they come today, with their quirks."""

from pathlib import Path
from typing import Any

import pytest

from shop.catalog.files.run import Report, import_products
from shop.catalog.files.summary import summary
from shop.catalog.models import Category, Product, ProductFact, Variant

pytestmark = pytest.mark.django_db

EXPORTS = Path("tests/shop/catalog/files/exports")
HEADER = (
    "ID,Type,SKU,Name,Published,Stock,Weight (oz),Regular price,Parent,"
    "Attribute 1 name,Attribute 1 value(s)"
)


def imported(path: Path, **options: Any) -> Report:
    return import_products(path, currency="eur", **options)


def imported_lines(directory: Path, *lines: str) -> Report:
    path = directory / "a.csv"
    path.write_text("\n".join([HEADER, *lines]) + "\n")
    return imported(path)


def test_f2_an_export_of_today_goes_in_as_it_comes() -> None:
    report = imported(EXPORTS / "woocommerce.csv")

    assert report.problems == []
    blanket = Product.objects.get(title="Wool & Linen Blanket")
    assert (blanket.option_names, blanket.vendor, blanket.tags) == (
        ["Color", "Size"],
        "Weavers & Sons",
        ["warm, soft", "wool"],
    )
    assert blanket.category_path() == "Home > Beds, Covers"
    assert [image.source for image in blanket.images.all()] == [
        "https://shop.example/a,1.jpg",
        "https://shop.example/b.jpg",
    ]
    assert list(
        Variant.objects.filter(product=blanket).values_list(
            "sku", "option_values", "stock__on_hand", "is_active", "grams"
        )
    ) == [
        ("BLANKET-1", ["Sand", "S"], 2, True, 998),
        ("BLANKET-2", ["Sand", "L"], 1, False, 998),
        ("WOO-43-INK-DEEP-S", ["Ink, deep", "S"], 3, True, 998),
        ("WOO-43-INK-DEEP-L", ["Ink, deep", "L"], 2, True, 998),
    ]


def test_f2_what_the_shop_keeps_otherwise_is_told() -> None:
    report = imported(EXPORTS / "woocommerce.csv")

    pin = Product.objects.get(title="AT&T Pin")
    assert (pin.most_per_order, pin.variants.get().grams) == (1, 227)
    assert [line for line in summary(report.warnings) if "fetched later" not in line] == [
        (
            "line 5, Attribute 1 value(s): stands for any value; it becomes 2 of one value each,"
            " which share its stock."
        ),
        (
            "line 3, Visibility in catalog: 'hidden' is not kept: here all that is on sale is"
            " listed and found."
        ),
        "line 3, Backorders allowed?: The shop sells only what it has.",
    ]
    assert "Meta: _custom" in report.unread
    said = {one.fact.name: one.text for one in ProductFact.objects.select_related("fact")}
    assert set(said) == {"Material", "Wash"}
    assert {"Is featured?", "Tax class", "Shipping class"} < set(report.unread)
    assert not {
        "Type",
        "Attribute 1 visible",
        "Parent",
        "Attribute 4 name",
        "Sold individually?",
    } & set(report.unread)


@pytest.mark.parametrize("language", ["ru", "fa", "tr"])
def test_f2_the_header_may_be_in_another_language(language: str) -> None:
    report = imported(EXPORTS / f"woocommerce_{language}.csv")

    assert report.reading == "WooCommerce CSV, parted by commas, UTF-8"
    assert report.problems == []
    variant = Variant.objects.get()
    price = variant.prices.get()
    assert (variant.sku, variant.product.title, variant.option_values, variant.grams) == (
        "PLED-S",
        "Плед",
        ["S"],
        1500,
    )
    assert (price.unit_amount, price.regular_amount) == (7000, 8000)
    assert Category.objects.get().name == "Дом"


def test_f2_lines_are_counted_from_the_files_own_first() -> None:
    report = imported(EXPORTS / "woocommerce_ru.csv", dry_run=True, on_hand=None)

    path = EXPORTS / "woocommerce_ru.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    assert lines[0] == ""
    assert {warning.line for warning in report.warnings} <= {3, 4}


def test_f2_variations_stand_anywhere_and_need_no_sku(tmp_path: Path) -> None:
    report = imported_lines(
        tmp_path,
        "12,variation,,Shirt,1,2,,15.00,id:10,Size,S",
        '10,variable,SHIRT,Shirt,1,,8.0,,,Size,"S, M"',
        "11,simple,HAT,Hat,1,3,,9.00,,,",
        ",variation,,Shirt,1,4,,16.00,shirt,size,M",
    )

    assert report.problems == []
    assert list(
        Variant.objects.order_by("sku").values_list("sku", "product__title", "option_values")
    ) == [
        ("HAT", "Hat", []),
        ("SHIRT-M", "Shirt", ["M"]),
        ("WOO-12", "Shirt", ["S"]),
    ]
    assert set(Variant.objects.filter(product__title="Shirt").values_list("grams", flat=True)) == {
        227
    }


def test_f2_a_variation_of_nothing_is_named(tmp_path: Path) -> None:
    report = imported_lines(tmp_path, "12,variation,A,Shirt,1,2,,15.00,NOBODY,Size,S")

    assert [str(problem) for problem in report.problems] == [
        "line 2, Parent: 'NOBODY' is no variable product of this file."
    ]
