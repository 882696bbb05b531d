"""Records of any product file: flat cells by column, with their line or number."""

import csv
import json
import re
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from decimal import Decimal
from io import BufferedReader, TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any

import ijson

from shop.catalog.files.drafts import BadRow, Problem
from shop.catalog.files.reading import json_records
from shop.catalog.files.reading.beginning import beginning
from shop.catalog.files.reading.csv_rows import (
    LONGEST_LINE,
    Row,
    Unreadable,
    fitted,
    lines,
    unquoted,
    wrong_count,
)
from shop.catalog.files.reading.format import Detected, Format

# How deep a JSON record's objects may lie within each other.
DEEPEST = 5
# A number beyond it is written with its exponent: its digits might fill the memory.
LARGEST_EXPONENT = 20
LEFT_OUT = "has fewer cells than there are columns; the last ones are read as empty."
# Half of a pair that only together is a sign; and NUL.
UNWRITABLE = re.compile("[\ud800-\udfff\0]")


@dataclass(frozen=True)
class Record(Row):
    """One record. `lists` are cells with many values, `parts` the objects of a `variants` list."""

    lists: dict[str, list[str]] = field(default_factory=dict)
    parts: list["Record"] = field(default_factory=list)
    unit: str = "line"
    raw: Any = None

    def has(self, *columns: str) -> bool:
        return super().has(*columns) or any(column in self.lists for column in columns)


class RecordFile:
    """A product file, read record by record, however large it is."""

    def __init__(self, path: Path, detected: Detected) -> None:
        self.path = path
        self.size = path.stat().st_size
        self.detected = detected
        self._file: BufferedReader | None = None
        self._done = False
        self.warnings: list[Problem] = []
        # Where reading ended before the file did; None where it did not.
        self.stopped_at: int | None = None
        self._beginning = beginning(path)

    @property
    def read(self) -> int:
        """How many bytes were read so far."""
        if self._file is None or self._file.closed:
            return self.size if self._done else 0
        return self._file.tell()

    def __iter__(self) -> Iterator[Record | tuple[Problem, str]]:
        """Records; or a record's problem. Raises Unreadable where reading ends."""
        self.warnings.clear()
        self.stopped_at = None
        try:
            yield from self._items()
        except Unreadable as error:
            self.stopped_at = error.problem.line
            raise

    def _items(self) -> Iterator[Record | tuple[Problem, str]]:
        with ExitStack() as open_files:
            self._file = open_files.enter_context(self.path.open("rb"))
            self._file.seek(self._beginning.offset)
            match self.detected.format:
                case Format.JSON:
                    yield from self._of_json(self._file)
                case Format.JSONL:
                    yield from self._of_lines(self._file)
                case _:
                    text = TextIOWrapper(
                        self._file, self.detected.encoding, "surrogateescape", newline=""
                    )
                    yield from self._of_csv(open_files.enter_context(text))
        self._done = True

    def named(self, problem: Problem) -> Problem:
        """The problem as it is: its column is called so in the file."""
        return problem

    def columns(self, look_at: int = 50) -> list[str]:
        """The columns, for JSON those of the first records."""
        if self.detected.columns:
            return list(self.detected.columns)
        first: list[Record] = []
        try:
            first.extend(one for one in islice(self, look_at) if isinstance(one, Record))
        except Unreadable:
            # What stands before it is read; reading it again says so.
            if not first:
                raise
        every = [*first, *(part for record in first for part in record.parts)]
        return list(dict.fromkeys(name for one in every for name in (*one.cells, *one.lists)))

    def _of_csv(self, text: TextIOWrapper) -> Iterator[Record | tuple[Problem, str]]:
        before = self._beginning.lines
        numbered = lines(text, before)
        reader = csv.reader(numbered, delimiter=self.detected.delimiter, strict=True)
        columns = list(self.detected.columns)
        if self.detected.has_header:
            try:
                next(reader, None)
            except (csv.Error, UnicodeDecodeError) as error:
                sentence = f"cannot be read as CSV: {_sentence(error)}."
                raise Unreadable(before + 1, "header", sentence) from error
            _refuse_header(columns)
        while True:
            line = before + reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise Unreadable(line, "whole row", f"cannot be read as CSV: {error}.") from error
            except UnicodeDecodeError as error:
                sentence = f"is no {self.detected.encoding} text: {error.reason}."
                raise Unreadable(line, "whole row", sentence) from error
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) < len(columns):
                self.warnings.append(Problem(line, "whole row", LEFT_OUT))
            cells = fitted(cells, len(columns))
            if len(cells) != len(columns):
                yield wrong_count(line, cells, columns), cells[0].strip()
                continue
            named = zip(columns, map(unquoted, cells), strict=True)
            # A note under a column without a name belongs to nothing.
            yield Record(line, {name: cell for name, cell in named if name}, raw=cells)

    def _of_lines(self, file: BufferedReader) -> Iterator[Record | tuple[Problem, str]]:
        number = self._beginning.lines
        while raw := file.readline(LONGEST_LINE + 1):
            number += 1
            text = raw.strip()
            if not text:
                continue
            if len(raw) > LONGEST_LINE:
                raise Unreadable(number, "whole row", f"is longer than {LONGEST_LINE:,} bytes.")
            try:
                found = json.loads(text, parse_float=Decimal)
            except (ValueError, RecursionError) as error:
                yield Problem(number, "whole row", f"is no JSON: {_sentence(error)}"), ""
                continue
            yield _record(number, found, "line")

    def _of_json(self, file: BufferedReader) -> Iterator[Record | tuple[Problem, str]]:
        number = 0
        try:
            for found in json_records.records(file):
                number += 1
                yield _record(number, found, "record")
        except (ijson.JSONError, UnicodeDecodeError, ValueError) as error:
            sentence = f"The JSON ends or breaks here: {_sentence(error)}"
            raise Unreadable(number + 1, "record", sentence) from error


def _record(number: int, found: Any, unit: str) -> Record | tuple[Problem, str]:
    if not isinstance(found, dict):
        return Problem(number, "whole record", "is no object with names and values."), ""
    try:
        return flat(number, found, unit)
    except BadRow as error:
        return error.problem, ""


def flat(number: int, found: dict[str, Any], unit: str) -> Record:
    """Nested objects by dotted path; lists of plain values as lists; `variants` as parts."""
    cells: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    parts: list[Record] = []

    def take(place: str, value: Any, depth: int) -> None:
        _refuse_unwritable(number, place, place)
        if depth > DEEPEST:
            raise BadRow(number, place, "lies too deep.")
        if isinstance(value, dict):
            for name, inner in value.items():
                if name:
                    take(f"{place}.{name}" if place else name, inner, depth + 1)
        elif isinstance(value, list) and place == "variants":
            parts.extend(flat(number, one, unit) for one in value if isinstance(one, dict))
        elif isinstance(value, list):
            lists.update(_lists(place, value))
        else:
            cells[place] = _text(value)
        for text in (cells.get(place, ""), *lists.get(place, [])):
            _refuse_unwritable(number, place, text)

    take("", found, 0)
    return Record(number, cells, lists, parts, unit, raw=found)


def _lists(place: str, value: list[Any]) -> dict[str, list[str]]:
    """The plain values of a list; of pictures their sources, and beside them what they show."""
    pictures = [one for one in value if isinstance(one, dict) and "source" in one]
    found = {
        place: [
            _text(one["source"] if isinstance(one, dict) else one)
            for one in (pictures or value)
            if not isinstance(one, (dict, list)) or one in pictures
        ]
    }
    for name in {name for one in pictures for name in one if name[:3] == "alt"}:
        found[f"{place}.{name}"] = [_text(one.get(name)) for one in pictures]
    return found


def _refuse_unwritable(number: int, column: str, text: str) -> None:
    """JSON may hold half of a sign, or a NUL; no text of a database can."""
    if found := UNWRITABLE.search(text):
        sentence = f"holds {found[0]!a}, which is no whole sign of a text."
        raise BadRow(number, ascii(column)[1:-1], sentence)


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal() if abs(value.adjusted()) < LARGEST_EXPONENT:
            # 12.500 is no other number than 12.5, and must not look like twelve thousand.
            return f"{value.normalize():f}"
    return str(value).strip()


def _refuse_header(columns: list[str]) -> None:
    if not any(columns):
        raise Unreadable(1, "header", "The file is empty.")
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        raise Unreadable(1, "header", f"columns that stand there twice: {', '.join(twice)}.")


def _sentence(error: BaseException) -> str:
    return " ".join(str(error).split())[:120]
