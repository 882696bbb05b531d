"""Headers in other words, files that hold no products, and what the command says in the end."""

import contextlib
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from shop.catalog.files.columns import fields
from shop.catalog.files.run import Report, import_products
from shop.catalog.models import Variant

pytestmark = pytest.mark.django_db


def imported(directory: Path, *lines: str, **options: Any) -> Report:
    path = directory / "a.csv"
    path.write_text("\n".join(lines) + "\n")
    return import_products(path, currency="eur", **options)


def last_line(directory: Path, *lines: str, options: tuple[str, ...] = ()) -> str:
    path = directory / "a.csv"
    path.write_text("\n".join(lines) + "\n")
    out = StringIO()
    with contextlib.suppress(SystemExit):
        call_command("import_products", path, *options, stdout=out, stderr=StringIO())
    said = [line for line in out.getvalue().splitlines() if "stand in" not in line]
    return said[-1]


OTHER_WORDS = ("Warencode;Benennung;VK", "A-1;Lampe;9,00")
MEANT = {"Warencode": "sku", "Benennung": "title", "VK": "price"}


def test_f12_a_header_in_other_words_is_asked_for(tmp_path: Path) -> None:
    report = imported(tmp_path, *OTHER_WORDS)

    assert [problem.sentence for problem in report.problems] == [fields.NUMBER_THEM]
    assert "--header" in fields.NUMBER_THEM


@pytest.mark.parametrize("has_header", [True, False])
def test_f12_a_header_in_other_words_is_read_as_told(tmp_path: Path, has_header: bool) -> None:
    report = imported(tmp_path, *OTHER_WORDS, given=MEANT, has_header=has_header)

    assert report.problems == []
    assert Variant.objects.get().sku == "A-1"


def test_f12_the_command_has_a_word_for_it(tmp_path: Path) -> None:
    options = ("--header", "--map", "Benennung=title", "--map", "VK=price")

    said = last_line(tmp_path, *OTHER_WORDS, options=options)

    assert said.startswith("Imported.")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("Name,Email,Financial Status,Lineitem quantity,Lineitem name", "These are orders"),
        ("Order Number,Order Status,Item Name,Price", "These are orders"),
        ("Handle,Title,Option1 Name,Option1 Value,SKU,HS Code,COO,Shop", "This is stock"),
        ("First Name,Last Name,Email,Total Spent", "These are customers"),
    ],
)
def test_f12_a_file_of_something_else_is_called_so(tmp_path: Path, header: str, said: str) -> None:
    report = imported(tmp_path, header, ",".join("x" for _ in header.split(",")))

    assert [str(problem) for problem in report.problems] == [
        f"line 1, header: {said}, not products. Export the products, and import that file."
    ]


def test_f12_a_list_of_counts_is_stock(tmp_path: Path) -> None:
    report = imported(tmp_path, "sku,qty", "A,4")

    assert report.problems[0].sentence.startswith("This is stock, not products:")


GOOD, BAD = "A,Lamp,9.00", "B,Mug,cheap"


@pytest.mark.parametrize(
    ("lines", "options", "said"),
    [
        ((GOOD, BAD), (), "Nothing was imported: 1 problem."),
        ((BAD, BAD.replace("B", "C")), (), "Nothing was imported: 2 problems."),
        ((GOOD, BAD), ("--keep-good",), "Imported all but what has a problem (1 problem)."),
        ((BAD,), ("--keep-good",), "Nothing was imported: 1 problem"),
        ((GOOD,), ("--dry-run",), "Nothing was written (--dry-run); no problems."),
        ((BAD,), ("--dry-run",), "Nothing was written (--dry-run); 1 problem."),
        ((GOOD,), (), "Imported."),
    ],
)
def test_f12_it_says_what_became_of_the_file(
    tmp_path: Path, lines: tuple[str, ...], options: tuple[str, ...], said: str
) -> None:
    assert last_line(tmp_path, "sku,name,price", *lines, options=options).startswith(said)


def test_f12_nothing_is_imported_twice(tmp_path: Path) -> None:
    last_line(tmp_path, "sku,name,price", GOOD)

    said = last_line(tmp_path, "sku,name,price", GOOD)

    assert said == "Nothing to import: all of it is here already."
