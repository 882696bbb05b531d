"""A CSV file as rows with their line numbers, read line by line, however large the file is."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from shop.catalog.imports.drafts import BadRow, Problem

# The longest sensible description is far below; a file without line ends must not fill the memory.
LONGEST_LINE = 1_000_000

# What a spreadsheet takes for the beginning of a formula, quoted already or not.
FORMULA = re.compile(r"'*[=+\-@\t\r]")

LOOKS_LIKE = {
    b"PK\x03\x04": "an Excel workbook or another zip file. Save the sheet as “CSV UTF-8” first",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook. Save the sheet as “CSV UTF-8” first",
    b"\xff\xfe": "a UTF-16 text. Save it as “CSV UTF-8” first",
    b"\xfe\xff": "a UTF-16 text. Save it as “CSV UTF-8” first",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip file. Unpack it first",
    b"{": "JSON",
    b"[": "JSON",
    b"<": "HTML or XML",
}


class Unreadable(BadRow):
    """The file, from that line on, cannot be read at all."""


@dataclass(frozen=True)
class Row:
    """One record: the line it begins on, and its cells by column. A missing column reads empty."""

    line: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


class CsvFile:
    """A CSV file with a header. Iterating it gives rows, and for a bad one its problem."""

    def __init__(self, path: Path, *, required: list[str]) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.read = 0
        self._required = required

    def __iter__(self) -> Iterator[Row | tuple[Problem, str]]:
        """Rows; or a row's problem and its first cell. Raises Unreadable where reading ends."""
        with self.path.open("rb") as file:
            refuse_other_formats(file)
            records = self._records(file)
            line, header = next(records, (1, []))
            columns = self._columns(line, header)
            for line, cells in records:
                if len(cells) == len(columns):
                    yield Row(line, dict(zip(columns, map(unquoted, cells), strict=True)))
                elif cells:
                    yield wrong_count(line, cells, columns), cells[0].strip()

    def _lines(self, file: BufferedReader) -> Iterator[str]:
        number = 0
        while raw := file.readline(LONGEST_LINE + 1):
            number += 1
            self.read += len(raw)
            if len(raw) > LONGEST_LINE:
                raise Unreadable(number, "whole row", f"is longer than {LONGEST_LINE:,} bytes.")
            yield decoded(number, raw)

    def _records(self, file: BufferedReader) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(self._lines(file), strict=True)
        while True:
            line = reader.line_num + 1
            try:
                yield line, next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise Unreadable(line, "whole row", f"cannot be read as CSV: {error}.") from error

    def _columns(self, line: int, header: list[str]) -> list[str]:
        columns = [name.strip() for name in header]
        if not any(columns):
            raise Unreadable(line, "header", "The file is empty.")
        missing = [name for name in self._required if name not in columns]
        if missing:
            raise Unreadable(line, "header", f"missing columns: {', '.join(missing)}.")
        twice = sorted({name for name in columns if name and columns.count(name) > 1})
        if twice:
            raise Unreadable(line, "header", f"columns that stand there twice: {', '.join(twice)}.")
        return columns


def quoted(cell: str) -> str:
    """The cell so that no spreadsheet runs it as a formula (OWASP, CSV Injection)."""
    return f"'{cell}" if FORMULA.match(cell) else cell


def unquoted(cell: str) -> str:
    """The cell as it was before `quoted`."""
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell


def refuse_other_formats(file: BufferedReader) -> None:
    start = file.peek(4096)[:4096]
    for mark, what in LOOKS_LIKE.items():
        if start.startswith(mark):
            raise Unreadable(1, "whole file", f"This is no CSV file; it looks like {what}.")
    if b"\0" in start:
        raise Unreadable(1, "whole file", "This is no CSV file; it holds binary data.")


def decoded(number: int, raw: bytes) -> str:
    try:
        text = raw.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(
            number,
            f"byte {error.start + 1}",
            f"0x{raw[error.start]:02X} is no UTF-8 text. Save the file as “CSV UTF-8”.",
        ) from error
    if "\0" in text:
        raise Unreadable(number, f"byte {raw.index(0) + 1}", "holds a NUL byte.")
    return text


def wrong_count(line: int, cells: list[str], columns: list[str]) -> Problem:
    return Problem(
        line,
        "whole row",
        f"has {len(cells)} cells where the header has {len(columns)} columns."
        " Is a comma or a quotation mark missing or too many?",
    )
