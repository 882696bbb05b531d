"""A format whose columns we know, with columns of the caller's choice in the place of its own."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from shop.catalog.files.columns import fields
from shop.catalog.files.drafts import Problem
from shop.catalog.files.reading.format import Format
from shop.catalog.files.reading.records import Record, RecordFile

# {our field: the format's own column}.
COLUMNS: dict[Format, dict[str, str]] = {
    Format.SHOPIFY: {
        "slug": "Handle",
        "title": "Title",
        "description": "Body (HTML)",
        "vendor": "Vendor",
        "category": "Type",
        "tags": "Tags",
        "status": "Status",
        "sku": "Variant SKU",
        "price": "Variant Price",
        "regular_price": "Variant Compare At Price",
        "stock": "Variant Inventory Qty",
        "grams": "Variant Grams",
        "shipping": "Variant Requires Shipping",
        "tax_code": "Variant Tax Code",
        "barcode": "Variant Barcode",
        "images": "Image Src",
        "alt": "Image Alt Text",
        "position": "Image Position",
        "gift_card": "Gift Card",
        "options": "Option1 Value",
        "most_per_order": "most_per_order",
        "publish_at": "publish_at",
        "tax_class": "tax_class",
        "variant_active": "variant_active",
        "unit_price_per": "unit_price_per",
        "size_guide": "size_guide",
        "variant_content": "variant_content",
        "low_stock_threshold": "low_stock_threshold",
    },
    Format.WOOCOMMERCE: {
        "id": "ID",
        "title": "Name",
        "description": "Description",
        "vendor": "Brands",
        "category": "Categories",
        "tags": "Tags",
        "status": "Published",
        "sku": "SKU",
        "barcode": "GTIN, UPC, EAN, or ISBN",
        "price": "Regular price",
        "stock": "Stock",
        "images": "Images",
        "options": "Attribute 1 value(s)",
        "low_stock_threshold": "Low stock amount",
    },
}


# Columns that are read besides.
READ: dict[Format, frozenset[str]] = {
    Format.SHOPIFY: frozenset({
        "Product Category", "Published", "Variant Inventory Policy", "Variant Image",
        "Option# Name", "Option# Value",
    }),
    Format.WOOCOMMERCE: frozenset({
        "Type", "Parent", "Short description", "In stock?", "Sale price", "Date sale price starts",
        "Date sale price ends", "Weight (kg)", "Weight (g)", "Weight (lbs)", "Weight (oz)",
        "Visibility in catalog", "Backorders allowed?", "Sold individually?",
        "Attribute # name", "Attribute # value(s)", "Attribute # visible", "Attribute # global",
    }),
}  # fmt: skip


class Overlaid:
    """The records of a known format. Where `given` {column: field} names a column for a field, its
    cells stand in the place of the format's own column. Raises WrongMapping."""

    def __init__(self, file: RecordFile, given: Mapping[str, str]) -> None:
        own = COLUMNS[file.detected.format]
        fields.check(file.detected.columns, given, known=own)
        self.size = file.size
        self._ignored = {column for column, field in given.items() if field == fields.IGNORE}
        given = {column: field for column, field in given.items() if field != fields.IGNORE}
        self.mapping = {field: column for column, field in given.items()}
        self._file = file
        self._stand_ins = {
            **file.detected.known_as,
            **{own.get(field, field): column for column, field in given.items()},
        }
        self.columns = [*file.detected.columns, *self._stand_ins]
        # {our field: the column}, as the reader of the format calls it.
        self.fields = own | fields.own(self.columns)

    @property
    def read(self) -> int:
        return self._file.read

    @property
    def warnings(self) -> list[Problem]:
        return self._file.warnings

    @property
    def stopped_at(self) -> int | None:
        return self._file.stopped_at

    def named_fields(self) -> dict[str, str]:
        """{our field: the column as it is called in the file}."""
        named = {field: self._stand_ins.get(name, name) for field, name in self.fields.items()}
        return named | self.mapping

    def unread(self) -> list[str]:
        """The file's columns that nobody reads, in its own order."""
        known = {column: name for name, column in self._stand_ins.items()}
        used = {*self.fields.values(), *self.mapping.values(), *READ[self._file.detected.format]}
        return [
            column
            for column in self._file.detected.columns
            if column in self._ignored
            or (column and column not in used and not _is_read(known.get(column, column), used))
        ]

    def __iter__(self) -> Iterator[Record | tuple[Problem, str]]:
        for item in self._file:
            if isinstance(item, Record) and (self._stand_ins or self._ignored):
                cells = {known: item[column] for known, column in self._stand_ins.items()}
                cells = item.cells | cells
                yield replace(
                    item, cells={name: cells[name] for name in cells.keys() - self._ignored}
                )
            else:
                yield item

    def named(self, problem: Problem) -> Problem:
        """The problem with the column as it is called in the file."""
        return replace(problem, column=self._stand_ins.get(problem.column, problem.column))


def _is_read(name: str, used: set[str]) -> bool:
    """Whether a column is read by this name; `#` in `used` is any number."""
    return name in used or re.sub(r"\d+", "#", name) in used
