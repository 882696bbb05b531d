"""Single cells of WooCommerce's export, and what its rows say of each other."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from shop.catalog.files.drafts import BadRow, FactDraft
from shop.catalog.files.reading import cells
from shop.catalog.files.reading.csv_rows import Row
from shop.catalog.models import Product

# A comma parts values; one inside a value has a backslash before it.
PART = re.compile(r"(?:\\,|[^,])+")
# Entities that end as they should: "AT&T" and "R&reg" are no such.
ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]*);", re.IGNORECASE)
GRAMS = {
    "Weight (kg)": Decimal(1000),
    "Weight (g)": Decimal(1),
    "Weight (lbs)": Decimal("453.59237"),
    "Weight (oz)": Decimal("28.349523125"),
}
# Names of facts hold no colon.
NO_COLON = "\N{RATIO}"
FIRST_YEAR, LAST_YEAR = 1970, 9000
ATTRIBUTE = re.compile(r"Attribute (\d+) name")


@dataclass(frozen=True)
class Attribute:
    """One of a row's attributes: its name, the column that holds its values, and the values."""

    name: str
    column: str
    values: tuple[str, ...]
    # Of all products of that shop, and so one to narrow lists by.
    is_shared: bool = False
    is_hidden: bool = False

    @property
    def is_fact(self) -> bool:
        """Whether customers may read it where it makes no variations."""
        return bool(self.values) and not self.is_hidden

    @property
    def as_fact(self) -> FactDraft:
        """A value with a comma is a text, not one of several words."""
        is_filter = self.is_shared and not any("," in value for value in self.values)
        return FactDraft(self.name.replace(":", NO_COLON), ", ".join(self.values), is_filter)


def kind(row: Row) -> str:
    """The first word of the Type column, which may hold "simple, downloadable, virtual"."""
    return kinds(row)[0]


def kinds(row: Row) -> list[str]:
    """The words of the column Type, such as `["simple", "downloadable"]`."""
    return [word.strip().lower() for word in row["Type"].split(",")]


def references(row: Row) -> set[str]:
    """How variations name this product: by its SKU, or its id as `id:42`."""
    named = {row["SKU"].lower(), f"id:{row['ID']}" if row["ID"] else ""}
    return named - {""}


def parent_of(row: Row) -> str:
    """The name of the product that this is a variation of; empty where it names none."""
    return row["Parent"].lower()


def plain(text: str) -> str:
    """A plain text, without the entities in which the exporter writes some signs."""
    return ENTITY.sub(lambda entity: html.unescape(entity[0]), text)


def parts(row: Row, column: str) -> list[str]:
    """The values of a cell that may hold many, each once."""
    found = (part.strip().replace("\\,", ",") for part in PART.findall(row[column]))
    return list(dict.fromkeys(plain(part) for part in found if part))


def words(row: Row, column: str, *, longest: int) -> list[str]:
    """The same. Raises `BadRow` for a value that is longer than `longest`."""
    found = parts(row, column)
    for word in found:
        if len(word) > longest:
            raise BadRow(row.line, column, f"{word[:40]}… has more than {longest} characters.")
    return found


def attributes(row: Row) -> Iterator[Attribute]:
    """What the row says of itself in attributes, wherever they are numbered."""
    for column, name in row.cells.items():
        match = ATTRIBUTE.fullmatch(column)
        if match and name:
            values = f"Attribute {match[1]} value(s)"
            yield Attribute(
                plain(name)[:100],
                values,
                tuple(words(row, values, longest=100)),
                is_shared=row[f"Attribute {match[1]} global"] == "1",
                is_hidden=row[f"Attribute {match[1]} visible"] == "0",
            )


def has_attributes(row: Row) -> bool:
    """Whether the file has columns for attributes, if only empty ones."""
    return any(map(ATTRIBUTE.fullmatch, row.cells))


def moment(row: Row, column: str, *, is_end: bool = False) -> datetime | None:
    """A day or a moment of it; None for an empty cell. A sale lasts to the end of its last day."""
    text = row[column]
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        sentence = f"{text[:40]!r} is no date. Write it like 2026-05-31."
        raise BadRow(row.line, column, sentence) from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        # How shops write that something has no beginning or no end.
        return None
    if is_end and found.time() == time.min:
        found += timedelta(days=1)
    return found if found.tzinfo else timezone.make_aware(found)


def status(row: Row) -> Product.Status:
    """Published is 1 for on sale, 0 for private, -1 for a draft."""
    return Product.Status.ACTIVE if row["Published"] == "1" else Product.Status.DRAFT


def grams(row: Row) -> int:
    """The weight in whole grams, 0 where there is none. Raises `BadRow` for what is no number."""
    column = next((column for column in GRAMS if row[column]), None)
    return cells.grams(row, column, each=GRAMS[column]) if column else 0
