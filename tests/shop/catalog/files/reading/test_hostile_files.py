"""Files that are made, or broken, so that reading them would cost the memory or the process."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection

from shop.catalog.files.columns import fields
from shop.catalog.files.run import Report, import_products
from shop.catalog.models import Price, Product

pytestmark = pytest.mark.django_db

# Prints the most memory that it took, in KiB, however the import ends. Its own: `ru_maxrss` begins
# with that of the process which started it.
MEASURED = """
import re, sys
from django.core.management import execute_from_command_line
try:
    execute_from_command_line(["manage.py", "import_products", *sys.argv[1:], "--dry-run"])
finally:
    print("peak", *re.findall(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read()))
"""
MANY = 40_000_000


def imported(directory: Path, content: str, name: str = "a.csv", **options: Any) -> Report:
    path = directory / name
    path.write_text(content)
    return import_products(path, currency="eur", **options)


def peak(path: Path) -> tuple[int, float]:
    """Exit code, and MiB at most."""
    address = urlsplit(os.environ["DATABASE_URL"])
    database = address._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, path],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DATABASE_URL": database, "DJANGO_SETTINGS_MODULE": "shop.settings"},
    )
    assert "Traceback" not in done.stderr
    return done.returncode, int(done.stdout.split("peak")[1]) / 1024


@pytest.fixture(scope="module")
def for_small(tmp_path_factory: pytest.TempPathFactory, django_db_setup: None) -> float:
    """What a file with nothing in it takes, in MiB."""
    small = tmp_path_factory.mktemp("small") / "small.json"
    small.write_text('[{"a": 1}]')
    return peak(small)[1]


def test_f11_a_note_under_an_unnamed_column_belongs_to_nothing(tmp_path: Path) -> None:
    report = imported(tmp_path, "sku,name,price,,\nA,Lamp,9.00,call Anna,!\n")

    assert (report.problems, report.unread) == ([], [])
    assert Price.objects.get().unit_amount == 900


def test_f11_a_note_in_a_json_record_without_a_name(tmp_path: Path) -> None:
    report = imported(tmp_path, '[{"title": "Lamp", "price": 9, "": "call Anna"}]', "a.json")

    assert report.problems == []


@pytest.mark.proof
@pytest.mark.parametrize(
    ("name", "begin", "more", "end"),
    [
        ("a.json", "[", "[", ""),
        ("a.json", '[{"a": ', "9", "}]"),
        ("a.json", '[{"a": "', "x", '"}]'),
        ("a.json", '[{"a": [', "[],", "[]]}]"),
        ("a.json", '{"a": ', "9", "}"),
        ("a.jsonl", '{"title": "A", "price": 1}\n{"a": "', "x", '"}'),
        ("a.jsonl", '{"title": "A", "price": 1}\n{"a": ', "[", "}"),
    ],
    ids=["deep", "number", "text", "list", "number alone", "line", "deep line"],
)
def test_f11_no_file_costs_the_memory(
    tmp_path: Path, for_small: float, name: str, begin: str, more: str, end: str
) -> None:
    large = tmp_path / name
    large.write_text(begin + more * (MANY // len(more)) + end)

    code, for_large = peak(large)

    assert code == 1
    assert for_large - for_small < 48


def test_f11_records_before_such_a_one_are_read(tmp_path: Path) -> None:
    good = '{"title": "Lamp", "price": 9, "sku": "A"}'

    report = imported(tmp_path, f'[{good}, {{"title": {"[" * 200}', "a.json", keep_good=True)

    assert [str(problem) for problem in report.problems] == ["record 2, record: lies too deep."]
    assert (report.stopped_at, Product.objects.count()) == (2, 1)


def test_f11_a_file_without_a_header_is_read_with_numbers_only(tmp_path: Path) -> None:
    content = "A-1,Lamp,9.00\nB-1,Mug,8.00\n"

    refused = imported(tmp_path, content)
    read = imported(tmp_path, content, given={"1": "sku", "2": "title", "3": "price"})

    assert [problem.sentence for problem in refused.problems] == [fields.NUMBER_THEM]
    assert (read.problems, Product.objects.count()) == ([], 2)
