"""What a spreadsheet does to a file on its way."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from shop.catalog.files.export import WRITERS
from shop.catalog.files.reading.csv_rows import quoted, unquoted
from shop.catalog.files.run import Report, import_products
from shop.catalog.files.summary import summary
from shop.catalog.models import Product, Variant
from tests.support.factories import PriceFactory

pytestmark = pytest.mark.django_db


def imported(directory: Path, content: str | bytes, **options: Any) -> Report:
    path = directory / "a.csv"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return import_products(path, currency="eur", **options)


def shelf() -> list[tuple[str, str, int, int]]:
    found = Variant.objects.order_by("sku").values_list(
        "sku", "product__title", "prices__unit_amount", "stock__on_hand"
    )
    return list(found)


def test_f5_empty_cells_at_the_end_may_be_left_out(tmp_path: Path) -> None:
    report = imported(
        tmp_path, "sku,name,price,stock,tags\nA,Lamp,9.00,4\nB,Mug,8.00\nC,Rug,7.00,1,red\n"
    )

    assert report.problems == []
    assert shelf() == [("A", "Lamp", 900, 4), ("B", "Mug", 800, 0), ("C", "Rug", 700, 1)]
    assert summary(report.warnings)[0] == (
        "2 lines (2, 3), whole row: has fewer cells than there are columns; the last ones are read"
        " as empty."
    )


def test_f5_empty_cells_at_the_end_may_be_added(tmp_path: Path) -> None:
    report = imported(tmp_path, "sku,name,price\nA,Lamp,9.00,,\n")

    assert (report.problems, report.warnings[0].column) == ([], "stock")


@pytest.mark.parametrize("first", ["sep=;\r\n", '"sep=;"\n', "SEP=;\n", "\ufeffsep=;\n"])
def test_f5_a_first_line_may_say_what_parts_the_cells(tmp_path: Path, first: str) -> None:
    report = imported(tmp_path, f"{first}sku;name;price;stock\nA;Lamp, big;9,00;4\nB;Mug;cheap;1\n")
    imported(tmp_path, f"{first}sku;name;price;stock\nA;Lamp, big;9,00;4\n")

    assert report.reading == "CSV, parted by semicolons, UTF-8"
    assert [(one.line, one.column) for one in report.problems] == [(4, "price")]
    assert shelf() == [("A", "Lamp, big", 900, 4)]


def test_f5_a_mended_file_with_such_a_line_goes_in(tmp_path: Path) -> None:
    errors = tmp_path / "errors.csv"
    content = "sep=;\nsku;name;price;stock\nA;Lamp;cheap;4\nB;Mug;8,00;1\n"

    imported(tmp_path, content, keep_good=True, errors=errors)
    imported(tmp_path, errors.read_text().replace("cheap", "9,00"))

    assert shelf() == [("A", "Lamp", 900, 4), ("B", "Mug", 800, 1)]


def test_f5_an_apostrophe_before_a_number_is_no_part_of_it(tmp_path: Path) -> None:
    report = imported(tmp_path, "sku,name,price,stock\n'00123,'Tis a lamp,'9.00,'4\n")

    assert report.problems == []
    assert shelf() == [("00123", "'Tis a lamp", 900, 4)]


@pytest.mark.parametrize("title", ["'1984", "''1984", "1984", "'90s", "'=1"])
def test_f5_a_title_with_an_apostrophe_survives(tmp_path: Path, title: str) -> None:
    PriceFactory(variant__product__title=title)
    file = StringIO()
    WRITERS["shopify"](file)
    Product.objects.update(title="x")

    imported(tmp_path, file.getvalue())

    assert unquoted(quoted(title)) == title
    assert Product.objects.get().title == title
