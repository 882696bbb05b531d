"""What few files say of a product: texts in further languages, when it goes on sale, and so on."""

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from shop.catalog.files.columns import facts
from shop.catalog.files.drafts import BadRow, Problem
from shop.catalog.files.reading import cells
from shop.catalog.files.reading.csv_rows import Row
from shop.catalog.files.reading.html_text import plain_text
from shop.catalog.models.products import Unit, is_size_guide
from shop.catalog.models.tax_class import MOST_LETTERS, STANDARD, TAX_CODE, is_tax_class
from shop.translation.translated import further_languages

LONGEST = {"title": 255, "description": 100_000, "category": 300, "size_guide": 5000}
LONGEST_WORD = 100
LONGEST_ALT = 500
# Beyond them moments of some time zones are none that Python knows.
FIRST_YEAR, LAST_YEAR = 1970, 9000
# A language, as "de" or "pt-br".
LANGUAGE = r"([a-z]{2,3}(?:-[a-z]{2,8})*)"
# As `title:de`.
TRANSLATED = re.compile(rf"({'|'.join(LONGEST)}):{LANGUAGE}", re.ASCII)
# As `alt:de`: of a picture, and of the options of a product or variant.
TRANSLATED_PARTS = re.compile(
    rf"(alt|option_names|option_values|option[1-9]\d?_(?:name|value)):{LANGUAGE}", re.ASCII
)
# As `100 g`, `1 kg`, or only `kg`.
BASE = re.compile(r"(\d{1,9})?\s*([a-zäü²2]+)\.?", re.IGNORECASE)
# Other words for units.
UNITS = {
    **{unit.value: unit for unit in Unit},
    "m²": Unit.SQUARE_METER, "m2": Unit.SQUARE_METER,
    "piece": Unit.PIECE, "pieces": Unit.PIECE, "stück": Unit.PIECE,
}  # fmt: skip
# What the column holds.
MOST_CONTENT, CONTENT_DECIMALS = Decimal(10_000_000), Decimal("0.001")


def language_of(field: str) -> str:
    """The language of a field like `title:de`; empty for any other."""
    match = TRANSLATED.fullmatch(field) or TRANSLATED_PARTS.fullmatch(field)
    return match[2] if match else facts.language_of(field)


def check_languages(found: Mapping[str, str]) -> None:
    """Refuse columns in a language that the shop does not speak: nobody would ever read them."""
    for field, column in found.items():
        language = language_of(field)
        if language and language not in further_languages():
            known = ", ".join(further_languages()) or "none"
            sentence = f"{language!r} is no further language of this shop. There are: {known}."
            raise BadRow(1, column, sentence)


def translations(row: Row, found: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """{language: {field: text}} of the columns that hold texts in further languages."""
    said: dict[str, dict[str, str]] = {}
    for field, column in found.items():
        if match := TRANSLATED.fullmatch(field):
            text = cells.text(row, column, longest=LONGEST[match[1]])
            if match[1] == "description":
                text = plain_text(text.replace("\n", "<br>"))
            if match[1] == "size_guide":
                _check_size_guide(row, column, text)
            said.setdefault(match[2], {})[match[1]] = text
    return said


def alts(row: Row, found: Mapping[str, str]) -> dict[str, str]:
    """{language: what a picture shows} of the columns that say it in further languages."""
    return {
        field.removeprefix("alt:"): cells.text(row, column, longest=LONGEST_ALT)
        for field, column in found.items()
        if field.startswith("alt:")
    }


def further(row: Row, found: Mapping[str, str]) -> dict[str, Any]:
    """Fields of the product for whose columns the file has a place; an empty cell clears one."""
    said: dict[str, Any] = {}
    if column := found.get("most_per_order"):
        said["most_per_order"] = _most(row, column)
    if column := found.get("publish_at"):
        said["publish_at"] = _moment(row, column)
    if column := found.get("tax_class"):
        said["tax_class"] = _tax_class(row, column)
    if column := found.get("unit_price_per"):
        said |= _unit_price(row, column)
    if column := found.get("size_guide"):
        said["size_guide"] = cells.text(row, column, longest=LONGEST["size_guide"])
        _check_size_guide(row, column, said["size_guide"])
    return said


def further_of_variant(row: Row, found: Mapping[str, str]) -> dict[str, Any]:
    """The same of a variant."""
    said: dict[str, Any] = {}
    if (column := found.get("variant_content")) and row.has(column):
        said["content"] = _content(row, column)
    if (column := found.get("low_stock_threshold")) and row.has(column):
        said["low_stock_threshold"] = cells.stock(row, column)[0]
    return said


def _check_size_guide(row: Row, column: str, text: str) -> None:
    try:
        if text:
            is_size_guide(text)
    except ValidationError as error:
        raise BadRow(row.line, column, f"is no size guide. {error.messages[0]}") from error


def _unit_price(row: Row, column: str) -> dict[str, Any]:
    """By how many of which unit prices are said, from "100 g"."""
    if not row[column]:
        return {"content_unit": "", "unit_price_per": None}
    match = BASE.fullmatch(row[column])
    unit = UNITS.get(match[2].lower()) if match else None
    number = int(match[1] or 1) if match else 0
    if unit is None or not 0 < number <= cells.LARGEST_NUMBER:
        sentence = f"{row[column][:40]!r} is no base of a unit price. Write it like 100 g or 1 l."
        raise BadRow(row.line, column, sentence)
    return {"content_unit": unit.value, "unit_price_per": number}


def _content(row: Row, column: str) -> Decimal | None:
    """How much is in it, as 226.8 or 0,75."""
    if not row[column]:
        return None
    try:
        content = Decimal(row[column].replace(",", "."))
    except InvalidOperation:
        content = Decimal(0)
    is_some = content.is_finite() and 0 < content < MOST_CONTENT
    if not is_some or content % CONTENT_DECIMALS:
        sentence = f"{row[column][:40]!r} is no content. Write it like 226.8, without the unit."
        raise BadRow(row.line, column, sentence)
    return content


def _tax_class(row: Row, column: str) -> str:
    word = cells.text(row, column, longest=MOST_LETTERS) or STANDARD
    try:
        is_tax_class(word)
    except ValidationError as error:
        raise BadRow(row.line, column, f"{word!r} is no tax class. {error.messages[0]}") from error
    return word


def tax_code(row: Row, column: str) -> tuple[str, Problem | None]:
    """The code, or none of it and what is said of that: others than Stripe's are left out."""
    code = cells.text(row, column, longest=100)
    if code and not re.match(TAX_CODE, code):
        return "", Problem(row.line, column, f"{code[:40]} is no tax code of Stripe; left out.")
    return code, None


def _most(row: Row, column: str) -> int | None:
    if not row[column]:
        return None
    most = cells.whole_number(row, column)
    if most < 1:
        raise BadRow(row.line, column, "is 0. Leave it empty where an order may hold any number.")
    return most


def _moment(row: Row, column: str) -> datetime | None:
    if not row[column]:
        return None
    sentence = f"{row[column][:40]!r} is no time. Write it like 2026-05-31T09:00:00+02:00."
    try:
        found = datetime.fromisoformat(row[column])
    except ValueError as error:
        raise BadRow(row.line, column, sentence) from error
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise BadRow(row.line, column, sentence)
    return found if found.tzinfo else timezone.make_aware(found)
