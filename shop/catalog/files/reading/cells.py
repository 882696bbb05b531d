"""Single cells, read strictly: each returns a value or raises BadRow with line and column."""

from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from shop.catalog.files.drafts import BadRow
from shop.catalog.files.reading import amounts
from shop.catalog.files.reading.csv_rows import Row
from shop.money import Money, NotAnAmount

# What the integer columns of the database hold.
LARGEST_NUMBER = 2_147_483_647


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


def boolean(row: Row, column: str, *, default: bool) -> bool:
    """TRUE or FALSE in any case; `default` for an empty cell. Raises `BadRow` for other words."""
    value = row[column].lower()
    if value not in {"", "true", "false"}:
        raise BadRow(row.line, column, f"{row[column][:40]!r} is neither TRUE nor FALSE.")
    return value == "true" if value else default


def words(row: Row, column: str, *, longest: int) -> list[str]:
    """A comma-separated list, each word once."""
    found = dict.fromkeys(word.strip() for word in row[column].split(","))
    for word in found:
        if len(word) > longest:
            raise BadRow(row.line, column, f"{word[:40]}… has more than {longest} characters.")
    return [word for word in found if word]
