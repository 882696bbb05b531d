"""Shopify's present template, and options that stand in a name and a value each."""

from pathlib import Path
from typing import Any

import pytest

from shop.catalog.files.run import Report, import_products
from shop.catalog.files.summary import summary
from shop.catalog.models import Product, Variant

pytestmark = pytest.mark.django_db

TEMPLATE = Path("tests/shop/catalog/files/exports/shopify_template.csv")


def imported(directory: Path, *lines: str, **options: Any) -> Report:
    path = directory / "a.csv"
    path.write_text("\n".join(lines) + "\n")
    return import_products(path, currency="eur", **options)


def test_f13_the_present_template_is_shopifys() -> None:
    report = import_products(TEMPLATE, currency="eur")

    assert (report.reading, report.problems) == ("Shopify CSV, parted by commas, UTF-8", [])
    mug = Product.objects.get(slug="harbor-mug")
    assert (mug.description, mug.category.name, mug.tags, mug.status) == (
        "Holds 0.3 l.",
        "Mugs",
        ["kitchen", "gift"],
        "active",
    )
    assert list(
        Variant.objects.order_by("pk").values_list(
            "sku", "option_values", "barcode", "grams", "stock__on_hand", "prices__regular_amount"
        )
    ) == [
        ("MUG-S", ["Sand"], "4006381333931", 340, 12, 2400),
        ("MUG-I", ["Ink"], "", 340, 3, None),
        ("LAMP", [], "", 900, 0, None),
    ]
    assert Product.objects.get(slug="quiet-lamp").status == "draft"


def test_f13_what_is_odd_or_not_read_is_told() -> None:
    report = import_products(TEMPLATE, currency="eur")

    assert [line for line in summary(report.warnings) if "fetched later" not in line] == [
        "line 3, Continue selling when out of stock: The shop sells only what it has.",
        "line 4, whole row: has neither a variant nor a picture; not read.",
        "line 5, Status: is unlisted, which the shop does not know: it is a draft.",
        (
            "line 5, Inventory quantity: is not said, so these start sold out; --on-hand 10 counts"
            " in ten of each."
        ),
    ]
    assert {"Cost per item", "SEO title", "Option1 Linked To", "Unit price total measure"} < set(
        report.unread
    )
    assert not {"URL handle", "Price", "Option2 name", "Barcode", "Status"} & set(report.unread)


def test_f13_a_problem_names_the_templates_own_column(tmp_path: Path) -> None:
    report = imported(tmp_path, "Title,URL handle,SKU,Price", "Lamp,lamp,A,cheap")

    assert [one.column for one in report.problems] == ["Price"]


def test_f13_what_an_export_says_besides_is_listed() -> None:
    report = import_products(TEMPLATE.with_name("shopify.csv"), currency="eur")

    assert "Included / International" in report.unread
    assert "Variant Weight Unit" in report.unread
    assert "Option1 Value" not in report.unread


def test_f13_a_name_and_a_value_are_an_option(tmp_path: Path) -> None:
    report = imported(
        tmp_path,
        "sku,name,price,Option 1 Name,Option 1 Value,Option 2 Name,Option 2 Value",
        "A,Shirt,9.00,Size,S,Color,Red",
        "B,Shirt,9.00,Size,M,Color,Red",
        "C,Lamp,9.00,Glaze,Sand,,",
        "D,Pin,9.00,Title,Default Title,,",
    )

    assert (report.problems, report.unread) == ([], [])
    assert dict(Variant.objects.values_list("sku", "option_values")) == {
        "A": ["S", "Red"],
        "B": ["M", "Red"],
        "C": ["Sand"],
        "D": [],
    }
    assert dict(Product.objects.values_list("title", "option_names")) == {
        "Shirt": ["Size", "Color"],
        "Lamp": ["Glaze"],
        "Pin": [],
    }
