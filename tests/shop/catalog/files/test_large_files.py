"""Large files: how far an import is, how much memory it takes, and what the benchmark says."""

import io
import os
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.db import connection

from benchmarks import imports
from benchmarks.figures import table
from shop.catalog.management import progress
from shop.catalog.management.progress import Progress
from shop.catalog.models import Product
from tests.shop.catalog.files.formats.shopify_files import file_of, row

pytestmark = pytest.mark.django_db


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def test_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Child processes look into the database of the tests."""
    address = urlsplit(os.environ["DATABASE_URL"])
    name = connection.settings_dict["NAME"]
    monkeypatch.setenv("DATABASE_URL", address._replace(path=f"/{name}").geturl())


def test_progress_says_how_long_it_still_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal, moments = Terminal(), iter([0, 5, 5.1, 20])
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: next(moments)))
    reading = Progress("Reading a.csv", stream=terminal)

    reading.show(25, 100, 500)
    reading.show(26, 100, 510)
    reading.show(100, 100, 2000)

    first, last = terminal.getvalue().strip().split("\r")
    assert first.rstrip() == "Reading a.csv  25 %, 15 s left, 100 rows a second"
    assert last == "Reading a.csv 100 %, 100 rows a second"


def test_in_a_log_it_says_so_once_in_a_while() -> None:
    log = io.StringIO()
    progress = Progress("Reading a.csv", stream=log)

    for done in range(101):
        progress.show(done, 100, done * 10)

    [line] = log.getvalue().splitlines()
    assert line.startswith("Reading a.csv 100 %, ")


def test_the_import_tells_its_rows_a_second(tmp_path: Path, capsys: Any) -> None:
    rows = [row(handle=f"p{n}", variant_sku=f"P{n}") for n in range(30)]

    call_command("import_products", file_of(tmp_path, *rows), stdout=io.StringIO())

    said = capsys.readouterr().err.splitlines()[0]
    assert re.fullmatch(r"Reading products\.csv 100 %, [\d,]+ rows a second", said)


@pytest.mark.proof
@pytest.mark.usefixtures("test_database")
def test_five_times_the_rows_take_no_more_memory(tmp_path: Path) -> None:
    """Of seven kilobytes each: a fifth of the larger file would show."""
    few = imports.written(tmp_path / "few.csv", 400, sentences=250)
    many = imports.written(tmp_path / "many.csv", 2_000, sentences=250)

    _, for_few = imports.imported(few, "--dry-run")
    _, for_many = imports.imported(many, "--dry-run")

    assert many.stat().st_size > 14 * 1024**2
    assert for_many - for_few < 8


@pytest.mark.usefixtures("test_database")
def test_the_benchmark_prints_a_line_for_each_size(tmp_path: Path) -> None:
    lines = table(imports.measure(tmp_path, (10, 20), "--dry-run")).splitlines()

    assert imports.SIZES == (10_000, 100_000)
    assert len(lines) == 2
    for line, size in zip(lines, (10, 20), strict=True):
        said = rf"Import of {size} rows +\d+ s, \d+ rows a second, \d+ MiB +goal: .* within 60 s"
        assert re.fullmatch(said, line)
    assert not Product.objects.exists()


def test_the_database_is_told_how_much_there_is(tmp_path: Path) -> None:
    """Believing the tables empty, it would compare every row with every other."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE catalog_product, catalog_variant")

    call_command(
        "import_products", imports.written(tmp_path / "some.csv", 120), stdout=io.StringIO()
    )

    with connection.cursor() as cursor:
        cursor.execute("SELECT reltuples FROM pg_class WHERE relname = 'catalog_variant'")
        assert cursor.fetchone()[0] >= 100
