"""Single cells, read strictly: each returns a value or raises BadRow with line and column."""

import re
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from shop.catalog.files.drafts import BadRow, Problem
from shop.catalog.files.reading import amounts
from shop.catalog.files.reading.csv_rows import Row
from shop.catalog.models.barcodes import is_barcode
from shop.money import Money, NotAnAmount

# What the integer columns of the database hold.
LARGEST_NUMBER = 2_147_483_647
# Words between commas, in which a backslash stands before what parts no words.
WORD, WORD_ESCAPE = re.compile(r"(?:\\[\\,]|[^,])+"), re.compile(r"\\([\\,])")
# Signs of ASCII that stand in no address, and blanks of any kind.
NO_HANDLE = re.compile(r"[\x00-,./:-@\[-^`{-\x7f]|\s")


def text(row: Row, column: str, *, longest: int, needed: bool = False) -> str:
    """The cell. Raises `BadRow` where it is needed and empty, or longer than `longest`."""
    value = row[column]
    if needed and not value:
        raise BadRow(row.line, column, "is empty.")
    if len(value) > longest:
        raise BadRow(row.line, column, f"has {len(value):,} characters; {longest:,} fit.")
    return value


def slug(row: Row, column: str) -> str:
    """The cell as a part of an address. Raises `BadRow` where it cannot be one."""
    value = text(row, column, longest=255, needed=True)
    try:
        validate_slug(value)
    except ValidationError as error:
        raise BadRow(
            row.line, column, f"{value!r} is no handle. Use a–z, 0–9, hyphen and underscore."
        ) from error
    return value


def handle(row: Row, column: str) -> str:
    """The cell as what another shop knows a product by, in any script. Raises `BadRow`."""
    value = text(row, column, longest=255, needed=True)
    if NO_HANDLE.search(value):
        sentence = f"{value!r} is no handle. Use letters, digits, hyphen and underscore."
        raise BadRow(row.line, column, sentence)
    return value


def money(row: Row, column: str, currency: str) -> Money:
    """An amount as people write it, in the currency of the import."""
    value = text(row, column, longest=40)
    if not value:
        raise BadRow(row.line, column, "is empty. Write a price like 12.50.")
    try:
        return amounts.read(value, currency)
    except NotAnAmount as error:
        raise BadRow(row.line, column, str(error)) from error


def whole_number(row: Row, column: str) -> int:
    """A count; an empty cell is 0."""
    value = row[column]
    if not value:
        return 0
    if value.startswith("-") and value[1:].isdecimal():
        raise BadRow(row.line, column, f"{value} is negative.")
    if not (value.isascii() and value.isdecimal()):
        raise BadRow(row.line, column, f"{value[:40]!r} is no whole number.")
    if len(value) > 10 or int(value) > LARGEST_NUMBER:
        raise BadRow(row.line, column, f"{value[:40]} is more than {LARGEST_NUMBER:,}.")
    return int(value)


def stock(row: Row, column: str) -> tuple[int | None, Problem | None]:
    """How many there are, None for an empty cell; and what is said of a count below nothing.

    Systems that sell what they do not have count below it. "12.0" is twelve.
    """
    value = re.sub(r"[.,]0+$", "", row[column])
    if not value:
        return None, None
    if re.fullmatch(r"-\d{1,10}", value, re.ASCII):
        sentence = "is below nothing; counted as 0."
        return 0, Problem(row.line, column, sentence) if int(value) else None
    return whole_number(Row(row.line, {column: value}), column), None


def grams(row: Row, column: str, *, each: Decimal = Decimal(1)) -> int:
    """A weight in whole grams, 0 for an empty cell; `each` is how many grams one of it has."""
    value = row[column]
    try:
        weight = Decimal(value.replace(",", ".") or 0) * each
    except InvalidOperation:
        weight = Decimal("nan")
    if not (weight.is_finite() and weight >= 0):
        unit = " in grams" if each == 1 else ""
        raise BadRow(row.line, column, f"{value[:40]!r} is no weight{unit}.")
    if weight > LARGEST_NUMBER:
        raise BadRow(row.line, column, f"{value[:40]} is more than {LARGEST_NUMBER:,}.")
    return int(weight.quantize(Decimal(1), ROUND_HALF_UP))


def barcode(row: Row, column: str) -> tuple[str, Problem | None]:
    """The GTIN, or none of it and what is said of that: other numbers are no barcodes of trade."""
    value = re.sub(r"[\s'-]", "", row[column])
    try:
        if value:
            is_barcode(value)
    except ValidationError:
        sentence = f"{row[column][:40]!r} is no GTIN whose last digit is right; left out."
        return "", Problem(row.line, column, sentence)
    return value, None


def boolean(row: Row, column: str, *, default: bool) -> bool:
    """TRUE or FALSE in any case; `default` for an empty cell. Raises `BadRow` for other words."""
    value = row[column].lower()
    if value not in {"", "true", "false"}:
        raise BadRow(row.line, column, f"{row[column][:40]!r} is neither TRUE nor FALSE.")
    return value == "true" if value else default


def words(row: Row, column: str, *, longest: int) -> list[str]:
    """A comma-separated list, each word once; `\\,` is a comma inside a word."""
    parts = (WORD_ESCAPE.sub(r"\1", word) for word in WORD.findall(row[column]))
    found = dict.fromkeys(word.strip() for word in parts)
    for word in found:
        if len(word) > longest:
            raise BadRow(row.line, column, f"{word[:40]}… has more than {longest} characters.")
    return [word for word in found if word]
