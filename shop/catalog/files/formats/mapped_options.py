"""Options in a file whose columns were mapped: a column each, or a name and a value each."""

import re
from collections.abc import Iterable, Mapping

from shop.catalog.files.columns.extra_fields import LONGEST_WORD, TRANSLATED_PARTS, language_of
from shop.catalog.files.drafts import BadRow, ProductDraft
from shop.catalog.files.reading import cells
from shop.catalog.files.reading.records import Record

LONGEST = 100
# As `option1_name`, beside which stands `option1_value`.
PAIR = re.compile(r"option(\d+)_name")
# How some systems say that there are none.
NONE = ("title", "default title")


class MappedOptions:
    """`fields` is {our field: the file's column}."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._columns = {
            field.removeprefix("option:"): column
            for field, column in fields.items()
            if field.startswith("option:")
        }
        self._pairs = [
            (column, fields[f"option{match[1]}_value"])
            for field, column in fields.items()
            if (match := PAIR.fullmatch(field)) and f"option{match[1]}_value" in fields
        ]
        self._fields = fields

    def __bool__(self) -> bool:
        return bool(self._columns or self._pairs)

    def of(self, parts: Iterable[Record]) -> dict[str, str]:
        """{name: the column of its values} of what one of these has a value of.

        Products of one file may differ in their options.
        """
        parts = list(parts)
        pairs = {}
        for names, values in self._pairs:
            name = next((part[names] for part in parts if part[names]), "")
            if name and not self._is_none(name, {part[values] for part in parts}):
                pairs[name[:LONGEST]] = values
        every = self._columns | pairs
        return {name: column for name, column in every.items() if any(p[column] for p in parts)}

    def values(self, part: Record, options: Mapping[str, str], product: str) -> list[str]:
        """One of each option. Raises `BadRow` where one is missing."""
        values = [cells.text(part, column, longest=LONGEST) for column in options.values()]
        if "" in values:
            column = list(options.values())[values.index("")]
            wanted = " and ".join(options)
            raise BadRow(part.line, column, f"is empty; {product} comes in {wanted}.")
        return values

    def add_words(
        self, record: Record, draft: ProductDraft, field: str, own: Iterable[str]
    ) -> None:
        """What options and values are called in further languages.

        In JSON from lists beside that of the field; else from columns as `option1_name:de`, beside
        those of the pair.
        """
        for name, column in self._fields.items():
            language = language_of(name)
            if language and name.startswith(f"{field}:"):
                words = [text[:LONGEST_WORD] for text in record.lists.get(column, [])]
                draft.add_option_words(language, own, words)
            elif language and TRANSLATED_PARTS.fullmatch(name):
                beside = self._fields.get(name.partition(":")[0])
                if beside and name.startswith("option") and (word := record[beside]):
                    text = cells.text(record, column, longest=LONGEST_WORD)
                    draft.add_option_words(language, [word[:LONGEST]], [text])

    def _is_none(self, name: str, values: set[str]) -> bool:
        return name.lower() == NONE[0] and {value.lower() for value in values} <= {NONE[1], ""}
