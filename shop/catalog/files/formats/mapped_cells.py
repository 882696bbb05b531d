"""Cells of a file whose columns were mapped, asked for by our fields."""

import re
from collections.abc import Iterator, Mapping

from shop.catalog.files.columns.extra_fields import LONGEST_ALT, alts
from shop.catalog.files.drafts import BadRow, ImageDraft, Problem
from shop.catalog.files.reading import cells
from shop.catalog.files.reading.csv_rows import Row
from shop.catalog.files.reading.records import Record

WEB_ADDRESS = re.compile(r"https?://[^\s/]+", re.IGNORECASE)


class MappedCells:
    """`fields` is {our field: the file's column}."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = fields

    def column(self, field: str) -> str:
        return self._fields.get(field, field)

    def says(self, record: Row, field: str) -> bool:
        """Whether the record has a place for it, if only an empty one."""
        return field in self._fields and record.has(self._fields[field])

    def text(self, record: Row, field: str) -> str:
        return record[self._fields[field]] if field in self._fields else ""

    def checked(self, record: Record, field: str, *, longest: int, needed: bool = False) -> str:
        return cells.text(record, self.column(field), longest=longest, needed=needed)

    def many(self, record: Record, field: str) -> list[str]:
        column = self.column(field)
        found = record.lists.get(column)
        if found is None:
            # A web address may hold a comma; a blank after it parts.
            sign = r",\s+|\s*[;|\n]\s*" if field == "images" else r"\s*[,;|]\s*"
            found = re.split(sign, record[column])
        return list(dict.fromkeys(one.strip()[:1000] for one in found if one.strip()))

    def pictures(self, record: Record, warnings: list[Problem]) -> Iterator[ImageDraft]:
        """The record's pictures; of addresses that are none it warns."""
        column = self.column("images")
        texts = record.lists.get(f"{column}.alt", [])
        for number, source in enumerate(self.many(record, "images")):
            try:
                picture = self.picture(record, source)
            except BadRow as error:
                warnings.append(error.problem)
                continue
            if picture:
                alt = self.text(record, "alt") if self.says(record, "alt") else None
                alt = texts[number] if number < len(texts) else alt
                yield ImageDraft(
                    picture,
                    record.line,
                    alt and alt[:LONGEST_ALT],
                    alts=self._alts(record, number),
                )

    def _alts(self, record: Record, number: int) -> dict[str, str]:
        """What the picture of this number shows, in the further languages of the file."""
        prefix = f"{self.column('images')}.alt:"
        own = {
            name.removeprefix(prefix): texts[number][:LONGEST_ALT]
            for name, texts in record.lists.items()
            if name.startswith(prefix) and number < len(texts)
        }
        return alts(record, self._fields) | own

    def picture(self, record: Record, source: str) -> str:
        """The address of a picture. Raises `BadRow` for one that is none of the web."""
        if source and not WEB_ADDRESS.match(source):
            sentence = f"{source[:60]!r} is no web address; left out."
            raise BadRow(record.line, self.column("images"), sentence)
        return source[:1000]
