"""What a file calls two things are two things, however alike their addresses are."""

from pathlib import Path
from typing import Any

import pytest

from shop.catalog.files.run import Report, import_products
from shop.catalog.models import Category, Product, Variant

pytestmark = pytest.mark.django_db


def imported(directory: Path, *lines: str, **options: Any) -> Report:
    path = directory / "a.csv"
    path.write_text("\n".join(lines) + "\n")
    return import_products(path, currency="eur", **options)


def shelves() -> dict[str, str]:
    return dict(Product.objects.values_list("title", "category__name"))


def test_f4_shelves_are_told_apart_by_their_names(tmp_path: Path) -> None:
    names = ["C", "C++", "C#", "Oils", "Oils.", "油", "油油"]
    lines = [f"S-{n},Thing {n},9.00,Books > {name}" for n, name in enumerate(names)]

    first = imported(tmp_path, "sku,name,price,category", *lines)
    again = imported(tmp_path, "sku,name,price,category", *lines)

    assert first.problems == []
    assert shelves() == {f"Thing {n}": name for n, name in enumerate(names)}
    assert Category.objects.filter(parent__name="Books").count() == 7
    assert (again.counts["categories created"], again.counts["products updated"]) == (0, 0)


def test_f4_long_paths_are_told_apart(tmp_path: Path) -> None:
    long = "A long name of a shelf, which fills nearly all of the address that there is for it"

    imported(
        tmp_path,
        "sku,name,price,category",
        f'A,Lamp,9.00,"{long} > Something below it > One"',
        f'B,Mug,9.00,"{long} > Something below it > Two"',
    )

    assert shelves() == {"Lamp": "One", "Mug": "Two"}


def test_f4_a_shelf_in_other_case_is_the_same(tmp_path: Path) -> None:
    imported(tmp_path, "sku,name,price,category", "A,Lamp,9.00,Light", "B,Mug,9.00,LIGHT")

    assert shelves() == {"Lamp": "Light", "Mug": "Light"}


def test_f4_a_shelf_that_was_renamed_here_is_still_found(tmp_path: Path) -> None:
    imported(tmp_path, "sku,name,price,category", "A,Lamp,9.00,Light")
    Category.objects.update(name="Lamps and lanterns")

    imported(tmp_path, "sku,name,price,category", "A,Lamp,9.00,Light")

    assert shelves() == {"Lamp": "Lamps and lanterns"}


def test_f4_products_are_told_apart_by_their_titles(tmp_path: Path) -> None:
    imported(tmp_path, "name,price", "Oils,9.00", "Oils.,10.00", "C,11.00", "C++,12.00")
    before = list(Variant.objects.order_by("pk").values_list("sku", "product__title"))

    again = imported(tmp_path, "name,price", "C++,12.00", "Oils.,10.00", "C#,13.00")

    assert again.problems == []
    found = list(Variant.objects.order_by("pk").values_list("sku", "product__title"))
    assert found[:4] == before
    assert [title for _, title in found] == ["Oils", "Oils.", "C", "C++", "C#"]
    assert len({sku for sku, _ in found}) == 5
    assert again.counts["prices replaced"] == 0


def test_f4_a_new_product_takes_nobodys_address(tmp_path: Path) -> None:
    imported(tmp_path, "sku,name,price", "A,Lamp,9.00")

    imported(tmp_path, "sku,name,price", "A,Light,9.00", "B,Lamp,8.00")

    assert list(Product.objects.order_by("pk").values_list("slug", "title")) == [
        ("lamp", "Light"),
        ("lamp-2", "Lamp"),
    ]


def test_f12_a_subset_of_a_file_goes_in(tmp_path: Path) -> None:
    plain, header = "sku,name,price", "sku,name,price,size"
    harnesses = ["A,Harness,9.00", "B,Harness,9.00"]
    shirts = ["C,Shirt,9.00,S", "D,Shirt,9.00,M"]
    imported(tmp_path, plain, *harnesses)
    imported(tmp_path, header, *shirts)
    before = list(Variant.objects.order_by("sku").values_list("sku", "product_id"))

    reports = [imported(tmp_path, plain, line) for line in reversed(harnesses)]
    reports += [imported(tmp_path, header, line) for line in reversed(shirts)]

    assert [report.problems for report in reports] == [[], [], [], []]
    assert list(Variant.objects.order_by("sku").values_list("sku", "product_id")) == before


def test_f12_a_renamed_product_keeps_its_address(tmp_path: Path) -> None:
    imported(tmp_path, "sku,name,price", "A,Lamp,9.00", "B,Light,9.00")

    report = imported(tmp_path, "sku,name,price", "A,Light,9.00", "B,Lamp,9.00")

    assert report.problems == []
    assert list(Product.objects.order_by("pk").values_list("slug", "title")) == [
        ("lamp", "Light"),
        ("light", "Lamp"),
    ]


@pytest.mark.parametrize("swapped", ["S M L", "L S M", "M S L"])
def test_f12_options_may_be_swapped(tmp_path: Path, swapped: str) -> None:
    def lines(sizes: str) -> list[str]:
        return [f"{sku},Shirt,9.00,{size}" for sku, size in zip("ABC", sizes.split(), strict=True)]

    imported(tmp_path, "sku,name,price,size", *lines("S M L"))

    report = imported(tmp_path, "sku,name,price,size", *lines(swapped))

    assert report.problems == []
    values = Variant.objects.order_by("sku").values_list("option_values", flat=True)
    assert [size for (size,) in values] == swapped.split()


def test_f12_a_sku_in_other_case_is_the_same(tmp_path: Path) -> None:
    imported(tmp_path, "sku,name,price", "Lamp-1,Lamp,9.00")

    report = imported(tmp_path, "sku,name,price", "LAMP-1,Lamp,8.00")
    twice = imported(tmp_path, "sku,name,price", "a,Rug,8.00", "A,Mug,8.00")

    assert (report.problems, report.counts["prices replaced"]) == ([], 1)
    assert [str(one) for one in twice.problems] == ["line 3, sku: A stands in line 2 already."]
    assert Variant.objects.get().sku == "Lamp-1"
