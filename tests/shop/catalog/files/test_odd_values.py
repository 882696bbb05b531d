"""No value of any cell makes a traceback: each is read, or named by line and column."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from shop.catalog.files.run import Report, import_products
from shop.catalog.models import Price, Product
from tests.shop.catalog.files.formats.shopify_files import COLUMNS, row, text_of

pytestmark = pytest.mark.django_db

ODD = [
    "nan", "-nan", "Infinity", "1e999", "1E+2147483648", "9" * 5000, "٣", "½", "-0", "0x10",
    "9999-12-31", "0001-01-01", "9999-12-31T23:59:59-23:59", "\ufffe", "''''", "\\", "\\,",
    "&#x110000;", "&#0;", "true", "-1", "1,2,3", "https://[", "x" * 1001, "\x01", "\u2028",
]  # fmt: skip
PLAIN = {
    "sku": "A", "title": "Lamp", "price": "9.00", "regular price": "12.00", "stock": "4",
    "grams": "900", "category": "Light", "tags": "a", "status": "active", "shipping": "true",
    "tax_code": "", "images": "", "color": "Red", "most_per_order": "", "publish_at": "",
    "variant_active": "", "minimum_order_quantity": "", "price:usd": "", "title:de": "",
    "tax_class": "", "alt": "", "gift_card": "", "vendor": "",
}  # fmt: skip
WOO = {
    "ID": "1", "Type": "simple", "SKU": "A", "Name": "Lamp", "Published": "1", "Stock": "4",
    "Weight (kg)": "", "Sale price": "8.00", "Regular price": "9.00", "Categories": "Light",
    "Tags": "", "Images": "", "Parent": "", "Date sale price starts": "", "In stock?": "1",
    "Date sale price ends": "", "Sold individually?": "", "Attribute 1 name": "Size",
    "Attribute 1 value(s)": "S", "Brands": "",
}  # fmt: skip


def imported(path: Path) -> Report:
    errors = path.with_name("errors")
    return import_products(path, currency="eur", keep_good=True, errors=errors)


def each_cell(good: dict[str, str], *, key: str) -> list[dict[str, str]]:
    """A record for each odd value in each column, with a key of its own where that is not odd."""
    return [
        {**good, key: f"{key}-{number}-{index}", column: value}
        for number, column in enumerate(good)
        for index, value in enumerate(ODD)
    ]


def csv_of(records: list[dict[str, str]]) -> str:
    lines = (
        ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
        for cells in (records[0], *(record.values() for record in records))
    )
    return "\n".join(lines) + "\n"


FILES = {
    "plain": csv_of(each_cell(PLAIN, key="sku")),
    "WooCommerce": csv_of(each_cell(WOO, key="SKU")),
    "Shopify": text_of(*each_cell({**dict.fromkeys(COLUMNS, ""), **row()}, key="Handle")),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES.keys())
def test_f3_odd_values_in_any_column(tmp_path: Path, content: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(content)

    report = imported(path)

    assert all(one.line > 1 and one.column and one.sentence for one in report.problems)
    assert Product.objects.exists()


def test_f3_odd_values_in_json(tmp_path: Path) -> None:
    others: list[Any] = [None, True, -1, 10**400, [], {}, [[1]], [{}], {"a": {"b": 1}}, ["x", 1]]
    records = [
        {**PLAIN, "sku": f"S-{number}-{index}", column: value}
        for number, column in enumerate(PLAIN)
        for index, value in enumerate([*ODD, *others])
    ]
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps(record) for record in records))

    report = imported(path)

    assert all(one.line > 0 and one.column and one.sentence for one in report.problems)
    assert Product.objects.exists()


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (r'{"title": "Lamp \ud83d", "price": 9}', r"line 1, title: holds '\ud83d'"),
        (r'{"title": "L", "price": 9, "tags": ["\udc00"]}', r"line 1, tags: holds '\udc00'"),
        (r'{"title": "Lamp", "price": 9, "\ud83d": 1}', r"line 1, \ud83d: holds '\ud83d'"),
        (r'{"title": "La\u0000mp", "price": 9}', r"line 1, title: holds '\x00'"),
        ('{"title": "Lamp", "price": NaN}', "line 1, price: 'nan' is no amount."),
    ],
)
def test_f3_half_a_sign_is_named_and_ends_with_1(tmp_path: Path, record: str, said: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(record + "\n" + '{"title": "Mug", "price": 9}' + "\n")
    err = StringIO()

    with pytest.raises(SystemExit) as ended:
        call_command("import_products", path, stdout=StringIO(), stderr=err)

    assert ended.value.code == 1
    assert said in err.getvalue()


@pytest.mark.parametrize("end", ["9999-12-31", "9999-12-31T23:59:59-23:59"])
def test_f3_a_sale_without_an_end_lasts(tmp_path: Path, end: str) -> None:
    path = tmp_path / "a.csv"
    path.write_text(csv_of([{**WOO, "Date sale price ends": end}]))

    report = imported(path)

    assert report.problems == []
    assert Price.objects.get().unit_amount == 800


def test_f3_a_weight_that_is_no_number_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(csv_of([{**WOO, "Weight (kg)": "nan"}]))

    report = imported(path)

    assert [str(problem) for problem in report.problems] == [
        "line 2, Weight (kg): 'nan' is no weight."
    ]


def test_f3_a_header_that_no_reader_takes_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("sku,title,price," + "x" * 200_000 + "\nA,Lamp,9.00,\n")

    report = imported(path)

    assert [(one.line, one.column) for one in report.problems] == [(1, "header")]
