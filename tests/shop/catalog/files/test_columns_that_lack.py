"""A column that a file lacks changes nothing; an empty cell of one that is there empties."""

from pathlib import Path
from typing import Any

import pytest

from shop.catalog.files.run import Report, import_products
from shop.catalog.models import Price, Product, Variant

pytestmark = pytest.mark.django_db

SHIRT = (
    "Handle,Title,Body (HTML),Vendor,Type,Tags,Published,Option1 Name,Option1 Value,Variant SKU,"
    "Variant Grams,Variant Inventory Qty,Variant Price,Variant Compare At Price,"
    "Variant Requires Shipping,Variant Tax Code,Image Src,Image Alt Text,Variant Image,Status\n"
    "shirt,Shirt,<p>Warm.</p>,Skerry,Wear,wool,TRUE,Size,S,T-S,200,4,20.00,25.00,FALSE,"
    "txcd_35010000,https://a.example/1.jpg,A shirt,https://a.example/1.jpg,{status}\n"
    "shirt,,,,,,,,M,T-M,210,5,20.00,25.00,FALSE,txcd_35010000,https://a.example/2.jpg,Back,,\n"
)


def imported(directory: Path, content: str) -> Report:
    path = directory / "a.csv"
    path.write_text(content)
    return import_products(path, currency="eur")


def everything() -> list[Any]:
    """All that the shop says of its products but the prices."""
    product = Product.objects.values(
        "slug", "title", "description", "vendor", "category__name", "tags", "status", "option_names"
    )
    variants = Variant.objects.order_by("sku").values(
        "sku", "option_values", "position", "grams", "requires_shipping", "tax_code",
        "image__source", "is_active", "stock__on_hand",
    )  # fmt: skip
    pictures = Product.objects.values_list("images__source", "images__alt", "images__position")
    return [list(product), list(variants), sorted(pictures)]


def prices() -> list[tuple[str, int, int | None]]:
    found = Price.objects.filter(is_active=True).order_by("variant__sku")
    return list(found.values_list("variant__sku", "unit_amount", "regular_amount"))


LISTS = {
    "plain": "sku,name,price\nT-S,Shirt,{}\nT-M,Shirt,{}\n",
    "Shopify": "Handle,Title,Variant SKU,Variant Price\nshirt,Shirt,T-S,{}\nshirt,,T-M,{}\n",
    "WooCommerce": (
        "Type,SKU,Name,Regular price\n"
        '"simple, virtual",T-S,Shirt,{}\n"simple, virtual",T-M,Shirt,{}\n'
    ),
}


@pytest.mark.parametrize("content", LISTS.values(), ids=LISTS.keys())
@pytest.mark.parametrize("status", ["active", "archived", "draft"])
def test_f8_a_price_list_changes_prices_alone(tmp_path: Path, content: str, status: str) -> None:
    imported(tmp_path, SHIRT.format(status=status))
    before = everything()

    report = imported(tmp_path, content.format("18.00", "30.00"))

    assert (report.problems, report.warnings) == ([], [])
    assert everything() == before
    # A reduction is kept as long as it is one.
    assert prices() == [("T-M", 3000, None), ("T-S", 1800, 2500)]


def test_f8_the_same_prices_change_nothing(tmp_path: Path) -> None:
    imported(tmp_path, SHIRT.format(status="active"))

    report = imported(tmp_path, LISTS["plain"].format("20.00", "20.00"))

    assert {what for what, count in report.counts.items() if count} == {
        "products unchanged",
        "variants unchanged",
    }
    assert prices() == [("T-M", 2000, 2500), ("T-S", 2000, 2500)]


def test_f8_an_empty_cell_empties(tmp_path: Path) -> None:
    imported(tmp_path, SHIRT.format(status="active"))

    imported(
        tmp_path,
        "sku,name,price,regular price,brand,tags,weight_g,description,category\n"
        "T-S,Shirt,20.00,,,,,,\nT-M,Shirt,20.00,25.00,,,,,\n",
    )

    product = Product.objects.get()
    assert (product.vendor, product.tags, product.description, product.category.name) == (
        "",
        [],
        "",
        "Other things",
    )
    assert set(product.variants.values_list("grams", flat=True)) == {0}
    assert prices() == [("T-M", 2000, 2500), ("T-S", 2000, None)]


def test_f8_a_record_may_lack_what_others_have(tmp_path: Path) -> None:
    imported(tmp_path, "sku,name,price,brand,tags\nA,Lamp,9.00,Skerry,a\nB,Mug,9.00,Skerry,b\n")
    path = tmp_path / "a.json"
    path.write_text(
        '[{"sku": "A", "name": "Lamp", "price": 9, "brand": null},'
        ' {"sku": "B", "name": "Mug", "price": 9, "tags": []}]'
    )

    import_products(path, currency="eur")

    assert list(Product.objects.order_by("title").values_list("vendor", "tags")) == [
        ("", ["a"]),
        ("Skerry", []),
    ]


def test_f8_a_new_variant_needs_its_options(tmp_path: Path) -> None:
    imported(tmp_path, SHIRT.format(status="active"))

    report = imported(
        tmp_path,
        "Handle,Title,Variant SKU,Variant Price\nshirt,Shirt,T-S,9.00\nshirt,,T-L,9.00\n",
    )

    assert [str(problem) for problem in report.problems] == [
        "line 3, Variant SKU: T-L is new, and the file says no options of shirt."
    ]
