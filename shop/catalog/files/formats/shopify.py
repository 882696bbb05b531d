"""Shopify's product CSV: a product is all rows that share a Handle.

The first row describes the product; it and further rows with a SKU are its variants; rows with
nothing but a picture are further pictures.
"""

import re
from collections.abc import Iterator

from shop.catalog.files.addresses import in_capitals, of_handle
from shop.catalog.files.columns.extra_fields import (
    LONGEST_WORD,
    alts,
    further,
    further_of_variant,
    tax_code,
    translations,
)
from shop.catalog.files.columns.facts import add_facts
from shop.catalog.files.columns.overrides import Overlaid
from shop.catalog.files.columns.prices import PriceColumns
from shop.catalog.files.columns.unsellable import unsold
from shop.catalog.files.drafts import (
    BadRow,
    ImageDraft,
    Problem,
    ProductDraft,
    VariantDraft,
    name_the_rest,
    noted,
)
from shop.catalog.files.formats.shopify_cells import (
    UNLISTED,
    category,
    nobody,
    option_names,
    option_values,
    picture,
    status,
)
from shop.catalog.files.formats.skus import Skus
from shop.catalog.files.reading import cells
from shop.catalog.files.reading.csv_rows import Row, Unreadable
from shop.catalog.files.reading.html_text import plain_text
from shop.catalog.models import Product

REQUIRED = ["Handle", "Title", "Variant SKU", "Variant Price"]
# A row with one of these filled is a variant.
OF_A_VARIANT = ["Variant SKU", "Variant Price", *(f"Option{n} Value" for n in range(1, 4))]
LONGEST_TEXT = 100_000
ALT = "Image Alt Text"
SHIPPING = "Variant Requires Shipping"
SKU_OF_SEVERAL = (
    "stands on several variants; the later ones are given one of their own, made with their handle."
)


class ShopifyFile:
    """Reads drafts; what is wrong with the file gathers in `problems`, what is odd in `warnings`.

    Memory holds one product at a time and the names seen so far.
    """

    def __init__(self, file: Overlaid, *, currency: str) -> None:
        missing = [name for name in REQUIRED if name not in file.columns]
        if missing:
            raise Unreadable(1, "header", f"missing columns: {', '.join(missing)}.")
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._file = file
        self._fields = file.fields
        self._prices = PriceColumns(file.fields, currency=currency)
        self._handles: dict[str, int] = {}
        self._skus = Skus()

    def drafts(self) -> Iterator[ProductDraft]:
        """The good products with their good variants, in the file's order."""
        for rows, is_whole in self._groups():
            if draft := self._draft(rows):
                draft.is_partial |= not is_whole
                yield draft

    def _groups(self) -> Iterator[tuple[list[Row], bool]]:
        """Rows that share a handle, and whether every one of them could be read."""
        group: list[Row] = []
        handle, is_whole = "", True
        try:
            for item in self._file:
                own = item["Handle"] if isinstance(item, Row) else item[1]
                if own and own != handle:
                    if group:
                        yield group, is_whole
                    group, handle, is_whole = [], own, True
                if isinstance(item, Row) and own:
                    group.append(item)
                elif isinstance(item, Row):
                    self.problems.append(Problem(item.line, "Handle", "is empty."))
                    is_whole = False
                else:
                    self.problems.append(item[0])
                    is_whole = False
        except BadRow as error:
            self.problems.append(error.problem)
            is_whole = False
        if group:
            yield group, is_whole

    def _draft(self, rows: list[Row]) -> ProductDraft | None:
        """Every row is read, so that each bad one is named; None if no good product is left."""
        before = len(self.problems)
        draft = nobody(rows[0])
        with noted(self.problems, rows[0].line):
            draft = self._product(rows[0])
        for row in rows:
            with noted(self.problems, row.line):
                self._add_variant(row, draft, rows[0])
            with noted(self.problems, row.line):
                self._add_picture(row, draft)
        is_good = len(self.problems) == before
        if not draft.variants and is_good:
            self._note(rows[0], "Variant SKU", f"{draft.slug} has no variant.")
        if draft.title and draft.variants:
            draft.is_partial = not is_good
            return draft
        name_the_rest(self.problems, before, [row.line for row in rows], rows[0].line)
        return None

    def _product(self, row: Row) -> ProductDraft:
        slug = of_handle(cells.handle(row, "Handle"))
        if first := self._handles.get(slug):
            raise BadRow(
                row.line,
                "Handle",
                f"{slug} stands in line {first} already; all rows of a product stand together.",
            )
        self._handles[slug] = row.line
        if cells.boolean(row, "Gift Card", default=False):
            raise BadRow(row.line, "Gift Card", "The shop cannot sell gift cards.")
        if what := unsold(row["Type"]):
            raise BadRow(row.line, "Type", f"The shop cannot sell {what}.")
        if row["Status"].lower() == UNLISTED:
            self._warn(row, "Status", "is unlisted, which the shop does not know: it is a draft.")
        draft = ProductDraft(
            slug=slug,
            line=row.line,
            title=cells.text(row, "Title", longest=255, needed=True),
            description=plain_text(cells.text(row, "Body (HTML)", longest=LONGEST_TEXT))
            if row.has("Body (HTML)")
            else None,
            vendor=cells.text(row, "Vendor", longest=100) if row.has("Vendor") else None,
            category=category(row) if row.has("Type", "Product Category") else None,
            tags=cells.words(row, "Tags", longest=100) if row.has("Tags") else None,
            option_names=option_names(row),
            status=status(row) if row.has("Status", "Published") else None,
            status_when_new=Product.Status.DRAFT,
            says_options=row.has("Option1 Value"),
            translations=translations(row, self._fields),
            further=further(row, self._fields),
        )
        self._add_option_words(row, draft, "name", draft.option_names)
        add_facts(row, self._fields, draft)
        return draft

    def _add_option_words(self, row: Row, draft: ProductDraft, kind: str, own: list[str]) -> None:
        """From columns like `option1_name:de`."""
        for field, column in self._fields.items():
            if match := re.fullmatch(rf"option(\d+)_{kind}:(.+)", field):
                place = int(match[1]) - 1
                text = cells.text(row, column, longest=LONGEST_WORD)
                draft.add_option_words(match[2], own[place : place + 1], [text])

    def _add_variant(self, row: Row, draft: ProductDraft, first: Row) -> None:
        if not any(row[column] for column in OF_A_VARIANT):
            if not row["Image Src"] and row is not first:
                # Of metafields, where a list of them is longer than there are variants.
                self._warn(row, "whole row", "has neither a variant nor a picture; not read.")
            return
        values = option_values(row, draft)
        variant = VariantDraft(
            sku=self._sku(row, draft, values),
            line=row.line,
            prices=self._prices.read(row),
            quantity=self._quantity(row),
            option_values=values,
            position=len(draft.variants) + 1,
            grams=cells.grams(row, "Variant Grams") if row.has("Variant Grams") else None,
            requires_shipping=cells.boolean(row, SHIPPING, default=True)
            if row.has(SHIPPING)
            else None,
            tax_code=self._tax_code(row) if row.has("Variant Tax Code") else None,
            barcode=self._barcode(row) if row.has("Variant Barcode") else None,
            image=picture(row, "Variant Image") if row.has("Variant Image") else None,
            is_active=self._is_active(row),
            further=further_of_variant(row, self._fields),
        )
        for other in draft.variants:
            if draft.says_options and other.option_values == variant.option_values:
                raise BadRow(row.line, "Option1 Value", f"{other.sku} has the same options.")
        if row["Variant Inventory Policy"].lower() in {"continue", "true"}:
            self._warn(row, "Variant Inventory Policy", "The shop sells only what it has.")
        draft.variants.append(variant)
        self._add_option_words(row, draft, "value", variant.option_values)

    def _sku(self, row: Row, draft: ProductDraft, values: list[str]) -> str:
        """The row's own, or one that is made; Shopify knows variants by other numbers."""
        column = "Variant SKU"
        given = cells.text(row, column, longest=64)
        if not given:
            self._warn(row, column, "is empty; one is made of handle and options.")
            given = in_capitals(draft.slug, *values)
        elif self._skus.line(given):
            self._warn(row, column, SKU_OF_SEVERAL)
        sku = self._skus.distinct(given, draft.slug, values)
        self._skus.take(sku, row.line)
        return sku

    def _quantity(self, row: Row) -> int | None:
        """Shops of several places export no quantity, or empty ones: the file does not say."""
        count, odd = cells.stock(row, self._fields["stock"])
        if odd:
            self._warn(row, odd.column, odd.sentence)
        return count

    def _is_active(self, row: Row) -> bool | None:
        column = self._fields["variant_active"]
        return cells.boolean(row, column, default=True) if column in row.cells else None

    def _add_picture(self, row: Row, draft: ProductDraft) -> None:
        source = picture(row, "Image Src")
        image = ImageDraft(
            source=source,
            line=row.line,
            alt=cells.text(row, ALT, longest=500) if row.has(ALT) else None,
            position=cells.whole_number(row, "Image Position") or None,
            is_placed=row.has("Image Position"),
            alts=alts(row, self._fields),
        )
        if source and source not in {known.source for known in draft.images}:
            draft.images.append(image)

    def _barcode(self, row: Row) -> str:
        code, odd = cells.barcode(row, "Variant Barcode")
        if odd:
            self._warn(row, odd.column, odd.sentence)
        return code

    def _tax_code(self, row: Row) -> str:
        """Stripe's codes begin with txcd_; Shopify's are of another system and are left out."""
        code, odd = tax_code(row, "Variant Tax Code")
        if odd:
            self._warn(row, odd.column, odd.sentence)
        return code

    def _note(self, row: Row, column: str, sentence: str) -> None:
        self.problems.append(Problem(row.line, column, sentence))

    def _warn(self, row: Row, column: str, sentence: str) -> None:
        self.warnings.append(Problem(row.line, column, sentence))
