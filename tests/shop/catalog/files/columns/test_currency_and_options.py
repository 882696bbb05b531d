"""In which currency prices are, which of them is a sale, and which columns are options."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from shop.catalog.files.export import WRITERS
from shop.catalog.files.run import Report, import_products
from shop.catalog.models import Price, Product, Variant
from tests.support.factories import PriceFactory

pytestmark = pytest.mark.django_db


def imported(directory: Path, *lines: str, **options: Any) -> Report:
    path = directory / "a.csv"
    path.write_text("\n".join(lines) + "\n")
    return import_products(path, currency=options.pop("currency", "eur"), **options)


def asked() -> list[tuple[str, int, int | None]]:
    found = Price.objects.filter(is_active=True).order_by("currency")
    return list(found.values_list("currency", "unit_amount", "regular_amount"))


@pytest.mark.parametrize("header", ["price_usd", "Price (USD)", "Price USD"])
def test_f10_a_price_in_another_currency_is_refused_by_name(tmp_path: Path, header: str) -> None:
    report = imported(tmp_path, f"sku,name,{header}", "A,Lamp,9.00")

    assert [str(problem) for problem in report.problems] == [
        (
            f"line 1, {header}: is in USD, but this run reads EUR. --currency usd reads it,"
            " --map column=price names another."
        )
    ]


def test_f10_prices_that_name_their_currency_are_used(tmp_path: Path) -> None:
    imported(tmp_path, "sku,name,price_usd,price_eur", "A,Lamp,9.00,8.00")
    both = asked()

    imported(tmp_path, "sku,name,price_usd", "A,Lamp,10.00", currency="usd")

    assert both == [("eur", 800, None), ("usd", 900, None)]
    assert asked() == [("eur", 800, None), ("usd", 1000, None)]


def test_f10_a_column_with_the_currency_is_held_to_the_runs(tmp_path: Path) -> None:
    report = imported(
        tmp_path, "sku,name,price,currency", "A,Lamp,9.00,EUR", "B,Mug,9.00,USD", "C,Rug,9.00,€"
    )

    assert [str(problem) for problem in report.problems] == [
        "line 3, currency: is USD, but this run reads EUR: --currency says another."
    ]
    assert report.unread == []


def test_f10_the_run_says_its_currency(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sku,name,price\nA,Lamp,9.00\n")
    out = StringIO()

    call_command("import_products", path, stdout=out, stderr=StringIO())

    assert "  prices are in EUR" in out.getvalue().splitlines()


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("price,sale_price", "12.00,9.00", (900, 1200)),
        ("price,sale_price", "12.00,", (1200, None)),
        ("price,sale_price", "12.00,12.00", (1200, None)),
        ("regular_price,sale_price", "12.00,9.00", (900, 1200)),
        ("price,special price,regular price", "12.00,9.00,15.00", (900, 1500)),
    ],
)
def test_f10_a_sale_price_is_a_sale(
    tmp_path: Path, header: str, cells: str, expected: tuple[int, int | None]
) -> None:
    report = imported(tmp_path, f"sku,name,{header}", f"A,Lamp,{cells}")

    assert report.problems == []
    assert asked() == [("eur", *expected)]


def test_f10_what_it_cost_is_no_price(tmp_path: Path) -> None:
    report = imported(tmp_path, "sku,name,cost", "A,Lamp,4.00")

    assert [problem.sentence for problem in report.problems] == [
        "no column is the price. Say which with --map column=field."
    ]


def test_f10_a_guessed_option_is_none_if_told_so(tmp_path: Path) -> None:
    lines = ("sku,name,price,Material,size", "A,Lamp,9.00,brass,L")

    report = imported(tmp_path, *lines, given={"Material": "ignore"})

    assert (report.problems, report.unread) == ([], ["Material"])
    assert Product.objects.get().option_names == ["Size"]


def test_f10_a_column_of_shopifys_may_be_left_unread(tmp_path: Path) -> None:
    lines = ("Handle,Title,Tags,Variant SKU,Variant Price", "a,Lamp,secret,A,9.00")

    report = imported(tmp_path, *lines, given={"Tags": "ignore"})

    assert (report.problems, report.unread) == ([], ["Tags"])
    assert Product.objects.get().tags == []


def test_f10_products_of_one_file_have_different_options(tmp_path: Path) -> None:
    report = imported(
        tmp_path,
        "sku,name,price,color,size",
        "A,Shirt,9.00,Red,S",
        "B,Shirt,9.00,Red,M",
        "C,Hat,9.00,Blue,",
        "D,Pin,9.00,,",
    )

    assert report.problems == []
    assert dict(Product.objects.values_list("title", "option_names")) == {
        "Shirt": ["Color", "Size"],
        "Hat": ["Color"],
        "Pin": [],
    }


@pytest.mark.parametrize("kind", ["shopify", "json", "jsonl"])
def test_f10_four_options_commas_and_barcodes_survive(tmp_path: Path, kind: str) -> None:
    tags = ["warm, soft", "a\\b", "end\\", "plain"]
    price = PriceFactory(
        variant__sku="A-1",
        variant__product__tags=tags,
        variant__product__option_names=["Color", "Size", "Wash", "Rim"],
        variant__option_values=["Red", "S", "30°", "No"],
    )
    Variant.objects.update(barcode="4006381333931")
    assert price.pk
    file = StringIO()
    WRITERS[kind](file)
    path = tmp_path / {"shopify": "a.csv", "json": "a.json", "jsonl": "a.jsonl"}[kind]
    path.write_text(file.getvalue())
    Product.objects.update(option_names=[], tags=[])
    Variant.objects.update(option_values=[], barcode="")

    report = import_products(path, currency="eur")

    product, variant = Product.objects.get(), Variant.objects.get()
    assert report.problems == []
    assert (product.option_names, product.tags) == (["Color", "Size", "Wash", "Rim"], tags)
    assert (variant.option_values, variant.barcode) == (["Red", "S", "30°", "No"], "4006381333931")


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("sku,name,price,EAN", "A,Lamp,9.00,4006381333931"),
        ("sku,name,price,gtin", "A,Lamp,9.00,'4006381333931"),
        ("sku,name,price,barcode", "A,Lamp,9.00,400-6381-33393 1"),
        ("Handle,Title,Variant SKU,Variant Price,Variant Barcode", "a,Lamp,A,9,4006381333931"),
        (
            'Type,SKU,Name,Regular price,"GTIN, UPC, EAN, or ISBN"',
            "simple,A,Lamp,9.00,4006381333931",
        ),
    ],
)
def test_f10_a_barcode_has_its_place(tmp_path: Path, header: str, cells: str) -> None:
    report = imported(tmp_path, header, cells)

    assert (report.problems, report.unread) == ([], [])
    assert Variant.objects.get().barcode == "4006381333931"


def test_f10_what_is_no_barcode_is_left_out_and_told(tmp_path: Path) -> None:
    report = imported(tmp_path, "sku,name,price,ean", "A,Lamp,9.00,4.00638E+12")

    assert "line 2, ean: '4.00638E+12' is no GTIN whose last digit is right; left out." in map(
        str, report.warnings
    )
    assert Variant.objects.get().barcode == ""
