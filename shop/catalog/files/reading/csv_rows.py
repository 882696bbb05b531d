"""Rows of a CSV file with their line numbers, and how their cells and lines are read."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper

from shop.catalog.files.drafts import BadRow, Problem

# The longest sensible description is far below; a file without line ends must not fill the memory.
LONGEST_LINE = 1_000_000

# What a spreadsheet takes for the beginning of a formula, quoted already or not.
FORMULA = re.compile(r"'*[=+\-@\t\r]")
# What a spreadsheet is made to take for a text by the sign before it.
NUMBER = re.compile(r"'+[\d.,]+\Z", re.ASCII)
# A byte that the encoding does not know, as Python's "surrogateescape" reads it.
UNKNOWN = re.compile("[\udc80-\udcff]")

LOOKS_LIKE = {
    b"PK\x03\x04": "an Excel workbook or another zip file. Save the sheet as “CSV UTF-8” first",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook. Save the sheet as “CSV UTF-8” first",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "a gzip file. Unpack it first",
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

    def has(self, *columns: str) -> bool:
        """Whether one of the columns is there, if only with an empty cell."""
        return any(column in self.cells for column in columns)


def lines(text: TextIOWrapper, before: int = 0) -> Iterator[str]:
    """Lines of a text that was opened with errors="surrogateescape"; `before` stand above them.
    Raises Unreadable."""
    number = before
    while line := text.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE:
            raise Unreadable(number, "whole row", f"is longer than {LONGEST_LINE:,} characters.")
        if "\0" in line:
            raise Unreadable(number, _byte(line, line.index("\0"), text), "holds a NUL byte.")
        if not line.isascii() and (found := UNKNOWN.search(line)):
            sign = f"0x{ord(found[0]) - 0xDC00:02X}"
            sentence = f"{sign} is no {text.encoding.upper()} text. Save the file as “CSV UTF-8”."
            raise Unreadable(number, _byte(line, found.start(), text), sentence)
        yield line


def _byte(line: str, index: int, text: TextIOWrapper) -> str:
    return f"byte {len(line[:index].encode(text.encoding, 'surrogateescape')) + 1}"


def quoted(cell: str) -> str:
    """The cell so that no spreadsheet runs it as a formula (OWASP, CSV Injection)."""
    return f"'{cell}" if FORMULA.match(cell) or NUMBER.match(cell) else cell


def unquoted(cell: str) -> str:
    """The cell as it was before `quoted`, and before a spreadsheet marked a number as a text."""
    cell = cell.strip()
    is_quoted = cell.startswith("'") and (FORMULA.match(cell) or NUMBER.match(cell))
    return cell[1:] if is_quoted else cell


def fitted(cells: list[str], count: int) -> list[str]:
    """As many cells as there are columns: spreadsheets leave out empty ones at the end, or add
    some. One that has more stays as it is."""
    while len(cells) > count and not cells[-1].strip():
        cells.pop()
    return cells + [""] * (count - len(cells))


def wrong_count(line: int, cells: list[str], columns: list[str]) -> Problem:
    """The problem of a row that has more cells than there are columns."""
    return Problem(
        line,
        "whole row",
        f"has {len(cells)} cells where the header has {len(columns)} columns."
        " Is a comma or a quotation mark missing or too many?",
    )
