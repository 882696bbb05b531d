"""No good row is lost: each is in, or named and in the error file."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from shop.catalog.files.run import Report, import_products
from shop.catalog.models import Variant
from tests.shop.catalog.files.formats.shopify_files import file_of, further, row, text_of

pytestmark = pytest.mark.django_db


def imported(path: Path, **options: Any) -> Report:
    errors = path.with_name("errors.csv")
    return import_products(path, currency="eur", keep_good=True, errors=errors, **options)


def skus() -> list[str]:
    return sorted(Variant.objects.values_list("sku", flat=True))


def shirt(name: str = "shirt", **changes: str) -> dict[str, str]:
    return row(
        **{"handle": name, "variant_sku": "S", "option1_name": "Size", "option1_value": "S"}
        | changes
    )


def test_f9_the_siblings_of_a_bad_variant_are_in(tmp_path: Path) -> None:
    path = file_of(
        tmp_path,
        shirt(),
        further("shirt", variant_sku="M", option1_value="M", variant_price="cheap"),
        further("shirt", variant_sku="L", option1_value="L", variant_price="9.00"),
    )

    report = imported(path)
    errors = tmp_path / "errors.csv"
    mended = tmp_path / "mended.csv"
    mended.write_text(errors.read_text().replace("cheap", "9.00"))
    before = skus()
    again = import_products(mended, currency="eur")

    assert ([one.line for one in report.problems], before) == ([3], ["L", "S"])
    assert (again.problems, skus()) == ([], ["L", "M", "S"])


def test_f9_rows_that_hang_on_a_refused_one_are_named(tmp_path: Path) -> None:
    path = file_of(
        tmp_path,
        shirt(title=""),
        further("shirt", variant_sku="M", option1_value="M", variant_price="9.00"),
        further("shirt", image_src="https://a.example/1.jpg"),
        row(),
    )

    report = imported(path)

    assert [str(problem) for problem in report.problems] == [
        "line 2, Title: is empty.",
        "line 3, whole row: hangs on line 2, which has a problem.",
        "line 4, whole row: hangs on line 2, which has a problem.",
    ]
    assert len((tmp_path / "errors.csv").read_text().splitlines()) == 4
    assert skus() == ["LANTERN-STORM"]


def test_f9_a_sku_of_another_product_leaves_its_siblings_in(tmp_path: Path) -> None:
    imported(file_of(tmp_path, row(variant_sku="M")))
    path = file_of(
        tmp_path,
        shirt(),
        further("shirt", variant_sku="M", option1_value="M", variant_price="9.00"),
    )

    report = imported(path)

    assert [str(problem) for problem in report.problems] == [
        "line 3, Variant SKU: belongs to storm-lantern already."
    ]
    assert skus() == ["M", "S"]


def test_f9_a_plain_files_siblings_go_together(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sku,name,price,size\nS,Shirt,9.00,S\nM,Shirt,cheap,M\nH,Hat,9.00,One\n")

    imported(path)

    lines = (tmp_path / "errors.csv").read_text().splitlines()
    assert (skus(), [line.split(",")[0] for line in lines]) == (["H", "S"], ["sku", "S", "M"])


def test_f9_woocommerces_siblings_go_together(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "Тип,Артикул,Имя,Базовая цена,Родительский,Название атрибута 1,Значение(-я) атрибута 1\n"
        'variable,SHIRT,Shirt,,,Size,"S, M"\nvariation,S,Shirt,9.00,SHIRT,Size,S\n'
        "simple,HAT,Hat,9.00,,,\nvariation,M,Shirt,cheap,SHIRT,Size,M\n"
    )

    report = imported(path)

    lines = (tmp_path / "errors.csv").read_text().splitlines()
    assert [one.column for one in report.problems] == ["Базовая цена"]
    assert skus() == ["HAT", "S"]
    assert [line.split(",")[1] for line in lines] == ["Артикул", "SHIRT", "S", "M"]


def test_f9_what_stands_before_an_unreadable_byte_is_in_or_named(tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    rows = [row(handle="a", variant_sku="A"), row(handle="b", variant_sku="B", title="")]
    last = [row(handle="ü", variant_sku="C")]
    path.write_bytes(text_of(*rows, *last).encode() + b"d,\xff\x81\nd,\n")
    out, err = StringIO(), StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("import_products", path, "--keep-good", stdout=out, stderr=err)

    assert ended.value.code == 1
    assert skus() == ["A", "C"]
    assert "Reading stopped at line 5: nothing below it was read." in err.getvalue()
    errors = (tmp_path / "products.errors.csv").read_text().splitlines()
    assert [line.split(",")[0] for line in errors] == ["Handle", "b"]


def test_f9_without_it_nothing_is_in(tmp_path: Path) -> None:
    path = file_of(
        tmp_path,
        shirt(),
        further("shirt", variant_sku="M", option1_value="M", variant_price="cheap"),
    )

    report = import_products(path, currency="eur")

    assert (report.is_imported, skus()) == (False, [])
