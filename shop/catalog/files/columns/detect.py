"""Which kind of product file this is: looked at, not asked for."""

import codecs
import csv
import json
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path
from typing import Any

from shop.catalog.files.columns import (
    fields,
    other_files,
    shopify_headers,
    woocommerce_headers,
)
from shop.catalog.files.reading.beginning import beginning
from shop.catalog.files.reading.csv_rows import LONGEST_LINE, LOOKS_LIKE, Unreadable
from shop.catalog.files.reading.format import Detected, Format

DELIMITERS = ",;\t|"


SAMPLE = 256 * 1024


CHUNK = 1024 * 1024


# Endings of files that hold one object in each line.
LINES = {".jsonl", ".ndjson"}


# Bytes that Windows-1252 has no letter for, and control signs that no text holds.
NOT_IN_CP1252 = frozenset(b"\x81\x8d\x8f\x90\x9d\x00\x01\x02\x03\x04\x05\x06\x07\x08\x0e\x0f")


def detect(path: Path, given: Collection[str] = (), *, has_header: bool = False) -> Detected:
    """Look at the file. Its first line names columns where they are known here, where `has_header`
    says so, or where it holds those that the caller named, `given`. Raises Unreadable for one that
    holds no rows at all, or that holds something else than products."""
    if json_format := _json_format(path):
        return Detected(json_format)
    with path.open("rb") as file:
        file.seek(beginning(path).offset)
        start = file.read(SAMPLE)
    encoding = _encoding(path, start)
    for mark, what in LOOKS_LIKE.items():
        if encoding != "utf-16" and start.startswith(mark):
            raise Unreadable(1, "whole file", f"This is no CSV file; it looks like {what}.")
    if encoding != "utf-16" and b"\0" in start[:4096]:
        raise Unreadable(1, "whole file", "This is no CSV file; it holds binary data.")
    text = start.decode("utf-8-sig" if encoding == "utf-8" else encoding, errors="replace")
    lines = text.splitlines()[: 50 if len(start) < SAMPLE else -1][:50]
    said = beginning(path).delimiter
    is_said = said and said in DELIMITERS
    delimiter = said if is_said else max(DELIMITERS, key=lambda sign: _columns_in(lines, sign))
    columns, record = _first_two(lines, delimiter)
    if content := other_files.what(columns):
        sentence = f"{content}, not products. Export the products, and import that file."
        raise Unreadable(1, "header", sentence)
    if kind := _known_format(columns, record):
        return Detected(kind[0], encoding, delimiter, columns, known_as=kind[1])
    names = {name for name in given if not name.isdecimal()}
    if has_header or fields.is_header(columns) or (names and names <= set(columns)):
        return Detected(Format.CSV, encoding, delimiter, columns)
    made_up = tuple(str(number) for number in range(1, len(columns) + 1))
    return Detected(Format.CSV, encoding, delimiter, made_up, has_header=False)


def _known_format(
    columns: tuple[str, ...], record: tuple[str, ...]
) -> tuple[Format, dict[str, str]] | None:
    """Whose export it is, and what it calls the columns that have another name there."""
    if renamed := shopify_headers.known_as(columns):
        return Format.SHOPIFY, renamed
    if {"Handle", "Variant Price"} <= set(columns) or {"Handle", "Title"} <= set(columns):
        return Format.SHOPIFY, {}
    if {"Type", "SKU", "Name", "Regular price"} <= set(columns):
        return Format.WOOCOMMERCE, {}
    if translated := woocommerce_headers.known_as(columns, record):
        return Format.WOOCOMMERCE, translated
    return None


def _json_format(path: Path) -> Format | None:
    """JSON Lines when the first line is an object of its own, and no object around a list."""
    with path.open("rb") as file:
        line = file.readline(LONGEST_LINE).removeprefix(codecs.BOM_UTF8)
        while line.isspace():
            line = file.readline(LONGEST_LINE)
        line = line.strip()
        is_alone = not file.read(SAMPLE).strip()
    if line.startswith(b"["):
        return Format.JSON
    if not line.startswith(b"{"):
        return None
    try:
        first = json.loads(line)
    except (ValueError, RecursionError):
        return Format.JSON
    is_line = not is_alone or path.suffix.lower() in LINES or not _wraps(first)
    return Format.JSONL if is_line else Format.JSON


def _wraps(found: dict[str, Any]) -> bool:
    """Whether this is an object around a list of products, and no product that has lists."""
    named = fields.mapping(found, {})
    if "title" in named and ("price" in named or "variants" in found):
        return False
    lists = [value for value in found.values() if isinstance(value, list)]
    return any(not some or isinstance(some[0], dict) for some in lists)


def _encoding(path: Path, start: bytes) -> str:
    """UTF-8 unless the file says or proves otherwise; Windows-1252 where UTF-8 cannot be.

    Letters of UTF-8 before the first byte that is none of it prove that the byte is the mistake.
    """
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    decoder = codecs.getincrementaldecoder("utf-8")()
    strange: set[int] = set()
    is_utf8, has_letters = True, False
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            strange |= NOT_IN_CP1252 & set(chunk)
            if is_utf8:
                try:
                    has_letters |= not decoder.decode(chunk).isascii()
                except UnicodeDecodeError as error:
                    is_utf8 = False
                    has_letters |= not error.object[: error.start].isascii()
    return "utf-8" if is_utf8 or has_letters or strange else "cp1252"


def _first_two(lines: list[str], delimiter: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The header, and the record below it as far as it can be read."""
    reader = csv.reader(lines, delimiter=delimiter)
    try:
        header = next(reader, [])
    except csv.Error as error:
        raise Unreadable(1, "header", f"cannot be read as CSV: {error}.") from error
    record: list[str] = []
    with suppress(csv.Error):
        record = next(reader, [])
    return tuple(map(str.strip, header)), tuple(map(str.strip, record))


def _columns_in(lines: list[str], delimiter: str) -> tuple[int, int]:
    """How well the sign parts the lines: in as many columns everywhere, and in many."""
    try:
        counts = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:
        return (0, 0)
    if not counts or counts[0] < 2:
        return (0, 0)
    return (sum(count == counts[0] for count in counts), counts[0])
