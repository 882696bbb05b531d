"""What few files say of a product: texts in further languages, when it goes on sale, and so on."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone

from shop.catalog.imports import cells
from shop.catalog.imports.drafts import BadRow
from shop.catalog.imports.plain_text import plain_text
from shop.catalog.imports.rows import Row

LONGEST = {"title": 255, "description": 100_000, "category": 300}
# As `title:de`.
TRANSLATED = re.compile(rf"({'|'.join(LONGEST)}):([a-z]{{2}})", re.ASCII)


def translations(row: Row, found: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """{language: {field: text}} of the columns that hold texts in further languages."""
    said: dict[str, dict[str, str]] = {}
    for field, column in found.items():
        if match := TRANSLATED.fullmatch(field):
            text = cells.text(row, column, longest=LONGEST[match[1]])
            if match[1] == "description":
                text = plain_text(text.replace("\n", "<br>"))
            said.setdefault(match[2], {})[match[1]] = text
    return said


def further(row: Row, found: Mapping[str, str]) -> dict[str, Any]:
    """Fields of the product for whose columns the file has a place; an empty cell clears one."""
    said: dict[str, Any] = {}
    if column := found.get("most_per_order"):
        said["most_per_order"] = _most(row, column)
    if column := found.get("publish_at"):
        said["publish_at"] = _moment(row, column)
    return said


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
    try:
        found = datetime.fromisoformat(row[column])
    except ValueError as error:
        sentence = f"{row[column][:40]!r} is no time. Write it like 2026-05-31T09:00:00+02:00."
        raise BadRow(row.line, column, sentence) from error
    return found if found.tzinfo else timezone.make_aware(found)
