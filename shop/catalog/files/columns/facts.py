"""Columns that say facts of products: `fact:Care`, and `filter:Material` of one that narrows lists;
with a language at the end, as `fact:Care:de`, what they say there."""

import re
from collections.abc import Mapping

from shop.catalog.files.drafts import FactDraft, ProductDraft
from shop.catalog.files.reading import cells
from shop.catalog.files.reading.csv_rows import Row
from shop.catalog.models.products import values_of

LONGEST_TEXT, LONGEST_WORD = 5000, 100
COLUMN = re.compile(r"(fact|filter):([^:]{1,100})(?::([a-z]{2,3}(?:-[a-z]{2,8})*))?", re.IGNORECASE)


def own(column: str) -> str:
    """The field that a column of this name is; empty for any other."""
    match = COLUMN.fullmatch(column)
    if match is None:
        return ""
    return ":".join(filter(None, [match[1].lower(), match[2].strip(), (match[3] or "").lower()]))


def language_of(field: str) -> str:
    """The language of a field like `fact:Care:de`; empty for any other."""
    match = COLUMN.fullmatch(field)
    return match[3] or "" if match else ""


def add_facts(row: Row, found: Mapping[str, str], draft: ProductDraft) -> None:
    """What the row says of facts for whose columns it has a place; an empty cell takes one away.

    Words that narrow lists are translated with those of options, paired by their places.
    """
    draft.facts = _facts(row, found)
    for one in draft.facts:
        for language, text in one.translations.items() if one.is_filter else ():
            further = [word.strip()[:LONGEST_WORD] for word in text.split(",")]
            draft.add_option_words(language, values_of(one.text), further)


def _facts(row: Row, found: Mapping[str, str]) -> list[FactDraft]:
    said: dict[str, FactDraft] = {}
    further = []
    for field, column in found.items():
        match = COLUMN.fullmatch(field)
        if match is None or not row.has(column):
            continue
        text = cells.text(row, column, longest=LONGEST_TEXT)
        if match[3]:
            further.append((match[2], match[3], text))
        else:
            said[match[2]] = FactDraft(match[2], text, is_filter=match[1] == "filter")
    for name, language, text in further:
        if name in said:
            said[name].translations[language] = text
    return list(said.values())
