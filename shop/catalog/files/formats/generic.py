"""Drafts from records whose columns were mapped: plain CSV, JSON and JSON Lines."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from django.utils.text import slugify

from shop.catalog.files.columns.extra_fields import (
    further,
    further_of_variant,
    tax_code,
    translations,
)
from shop.catalog.files.columns.facts import add_facts
from shop.catalog.files.columns.fields import plain
from shop.catalog.files.columns.prices import PriceColumns
from shop.catalog.files.columns.unsellable import unsold
from shop.catalog.files.drafts import (
    NAMELESS_CATEGORY,
    BadRow,
    Problem,
    ProductDraft,
    VariantDraft,
    name_the_rest,
    noted,
)
from shop.catalog.files.formats.mapped_cells import MappedCells
from shop.catalog.files.formats.mapped_options import MappedOptions
from shop.catalog.files.formats.skus import Skus
from shop.catalog.files.reading import cells
from shop.catalog.files.reading.amounts import SIGNS
from shop.catalog.files.reading.csv_rows import Unreadable
from shop.catalog.files.reading.html_text import plain_text
from shop.catalog.files.reading.records import Record, RecordFile
from shop.catalog.models import Product

LONGEST_TEXT = 100_000
WEB_ADDRESS = re.compile(r"https?://[^\s/]+", re.IGNORECASE)
KINDS = ("type", "product_type")
YES, NO = {"true", "yes", "1", "ja", "active", "published"}, {"false", "no", "0", "nein", "draft"}


class MappedFile:
    """Reads drafts; what is wrong gathers in `problems`, what is odd in `warnings`.

    Records that follow each other with the same slug, or the same title and different options, are
    variants of one product. Memory holds one product and the names seen so far.
    """

    def __init__(self, file: RecordFile, found: Mapping[str, str], *, currency: str) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._file = file
        self._currency = currency
        self._fields = dict(found)
        self._cells = MappedCells(found)
        # What a thing is; a category only says where it stands.
        self._kinds = [
            column for column in (*found.values(), *KINDS) if plain(column) in set(KINDS)
        ]
        self._options = MappedOptions(found)
        # {name: column} of the product that is read just now.
        self._found_options: dict[str, str] = {}
        self._prices = PriceColumns(found, currency=currency)
        self._skus = Skus()
        self._slugs: Counter[str] = Counter()
        self._said: set[str] = set()

    def drafts(self) -> Iterator[ProductDraft]:
        """The good products, in the file's order."""
        group: list[Record] = []
        try:
            for item in self._file:
                if not isinstance(item, Record):
                    self.problems.append(item[0])
                    continue
                if group and self._key(item) != self._key(group[-1]):
                    yield from self._draft(group)
                    group = []
                group.append(item)
        except Unreadable as error:
            self.problems.append(error.problem)
        if group:
            yield from self._draft(group)

    def _key(self, record: Record) -> object:
        """What records of one product have in common; each is its own without options."""
        if slug := self._cells.text(record, "slug"):
            return slug
        return self._cells.text(record, "title") if self._options else id(record)

    def _draft(self, group: list[Record]) -> Iterator[ProductDraft]:
        before = len(self.problems)
        draft: ProductDraft | None = None
        with noted(self.problems, group[0].line):
            parts = [part for record in group for part in record.parts or [record]]
            self._found_options = self._options.of(parts)
            draft = self._product(group[0], list(self._found_options))
        for record in group if draft else []:
            for part in record.parts or [record]:
                with noted(self.problems, part.line):
                    self._add_variant(part, draft)
            with noted(self.problems, record.line):
                known = {image.source for image in draft.images}
                for image in self._cells.pictures(record, self.warnings):
                    draft.images += [image] if image.source not in known else []
                    known.add(image.source)
        if draft and draft.variants:
            draft.is_partial = len(self.problems) > before
            yield draft
        else:
            lines = [record.line for record in group]
            name_the_rest(self.problems, before, lines, group[0].line)

    def _product(self, record: Record, names: list[str]) -> ProductDraft:
        self._refuse_unsold(record)
        self._refuse_currency(record)
        title = self._cells.checked(record, "title", longest=255, needed=True)
        slug = self._cells.text(record, "slug")
        has_own_slug = bool(slug)
        if has_own_slug:
            cells.slug(record, self._fields["slug"])
        else:
            slug = slugify(title)[:240] or f"product-{record.line}"
        self._slugs[slug] += 1
        if self._slugs[slug] > 1:
            if has_own_slug:
                raise BadRow(
                    record.line, self._cells.column("slug"), f"{slug} stands there already."
                )
            slug = f"{slug}-{self._slugs[slug]}"
        draft = ProductDraft(
            slug=slug,
            line=record.line,
            title=title,
            description=self._description(record),
            vendor=self._cells.checked(record, "vendor", longest=100)
            if self._cells.says(record, "vendor")
            else None,
            category=self._cells.checked(record, "category", longest=300) or NAMELESS_CATEGORY
            if self._cells.says(record, "category")
            else None,
            tags=self._cells.many(record, "tags") if self._cells.says(record, "tags") else None,
            option_names=record.lists.get(self._cells.column("option_names"), names),
            status=self._status(record) if self._cells.says(record, "status") else None,
            says_options=bool(self._options) or self._cells.says(record, "option_names"),
            has_own_slug=has_own_slug,
            translations=translations(record, self._fields),
            further=further(record, self._fields),
        )
        self._options.add_words(record, draft, "option_names", draft.option_names)
        add_facts(record, self._fields, draft)
        return draft

    def _description(self, record: Record) -> str | None:
        if not self._cells.says(record, "description"):
            return None
        text = self._cells.checked(record, "description", longest=LONGEST_TEXT)
        return plain_text(text.replace("\n", "<br>"))

    def _add_variant(self, part: Record, draft: ProductDraft) -> None:
        sku = self._sku(part, draft)
        if first := self._skus.line(sku):
            raise BadRow(
                part.line,
                self._cells.column("sku"),
                f"{sku} stands in {part.unit} {first} already.",
            )
        self._skus.take(sku, part.line)
        variant = VariantDraft(
            sku=sku,
            line=part.line,
            prices=self._prices.read(part),
            quantity=self._quantity(part),
            option_values=self._option_values(part, draft),
            position=len(draft.variants) + 1,
            has_own_sku=self._has_own_sku(part),
            grams=cells.grams(part, self._cells.column("grams"))
            if self._cells.says(part, "grams")
            else None,
            requires_shipping=self._cells.text(part, "shipping").lower() not in NO
            if self._cells.says(part, "shipping")
            else None,
            tax_code=self._tax_code(part) if self._cells.says(part, "tax_code") else None,
            barcode=self._barcode(part) if self._cells.says(part, "barcode") else None,
            image=self._cells.picture(part, self._cells.text(part, "variant_image"))
            if self._cells.says(part, "variant_image")
            else None,
            is_active=self._is_active(part),
            further=further_of_variant(part, self._fields),
        )
        for other in draft.variants:
            if draft.says_options and other.option_values == variant.option_values:
                column = next(iter(self._found_options.values()), None)
                sentence = f"{other.sku} has the same options."
                raise BadRow(part.line, column or self._cells.column("sku"), sentence)
        draft.variants.append(variant)
        self._options.add_words(part, draft, "option_values", variant.option_values)
        self._warn_of_minimum(part)

    def _quantity(self, part: Record) -> int | None:
        count, odd = cells.stock(part, self._cells.column("stock"))
        if odd:
            self.warnings.append(odd)
        return count

    def _sku(self, part: Record, draft: ProductDraft) -> str:
        if "sku" in self._fields:
            return self._cells.checked(part, "sku", longest=64, needed=True)
        self._warn_once(
            part, "sku", "no column is the SKU; it is made from the id, or else from the name."
        )
        made = f"ID-{number}" if (number := self._cells.text(part, "id")) else draft.slug.upper()
        return "-".join([made, *map(slugify, self._option_values(part, draft))])[:64]

    def _has_own_sku(self, part: Record) -> bool:
        return "sku" in self._fields or bool(self._cells.text(part, "id"))

    def _barcode(self, part: Record) -> str:
        code, odd = cells.barcode(part, self._cells.column("barcode"))
        if odd:
            self.warnings.append(odd)
        return code

    def _tax_code(self, part: Record) -> str:
        code, odd = tax_code(part, self._cells.column("tax_code"))
        if odd:
            self.warnings.append(odd)
        return code

    def _is_active(self, part: Record) -> bool | None:
        if "variant_active" not in self._fields:
            return None
        return cells.boolean(part, self._fields["variant_active"], default=True)

    def _warn_of_minimum(self, part: Record) -> None:
        """A product that is sold from some number up: the shop knows no such limit."""
        minimum = self._cells.text(part, "minimum_order")
        if not re.fullmatch(r"\d{1,9}", minimum, re.ASCII) or int(minimum) < 2:
            return
        stock, _ = cells.stock(part, self._cells.column("stock"))
        sentence = "is above 1, but here single pieces can be bought."
        if stock is not None and int(minimum) > stock:
            sentence = "is above the stock, so no order could meet it; here single pieces are sold."
        self.warnings.append(Problem(part.line, self._cells.column("minimum_order"), sentence))

    def _option_values(self, part: Record, draft: ProductDraft) -> list[str]:
        values = part.lists.get(self._cells.column("options"))
        if values is None and set(draft.option_names) == set(self._found_options):
            return self._options.values(part, self._found_options, draft.slug)
        values = values or []
        if len(values) != len(draft.option_names) or "" in values:
            wanted = " and ".join(draft.option_names) or "no options"
            raise BadRow(
                part.line, self._cells.column("options"), f"{draft.slug} comes in {wanted}."
            )
        return values

    def _status(self, record: Record) -> Product.Status:
        word = self._cells.text(record, "status").lower()
        if word in Product.Status.values:
            return Product.Status(word)
        if word in NO:
            return Product.Status.DRAFT
        if word and word not in YES:
            sentence = f"{word[:40]!r} is not active, draft or archived."
            raise BadRow(record.line, self._cells.column("status"), sentence)
        return Product.Status.ACTIVE

    def _refuse_currency(self, record: Record) -> None:
        said = self._cells.text(record, "currency").lower()
        if said and said not in {self._currency, SIGNS.get(self._currency)}:
            column, code = self._cells.column("currency"), self._currency.upper()
            sentence = (
                f"is {said.upper()[:10]}, but this run reads {code}: --currency says another."
            )
            raise BadRow(record.line, column, sentence)

    def _refuse_unsold(self, record: Record) -> None:
        for column in self._kinds:
            if what := unsold(record[column]):
                raise BadRow(record.line, column, f"The shop cannot sell {what}.")
        if self._cells.text(record, "gift_card").lower() in YES:
            raise BadRow(
                record.line, self._cells.column("gift_card"), "The shop cannot sell gift cards."
            )

    def _warn_once(self, record: Record, column: str, sentence: str) -> None:
        if column not in self._said:
            self._said.add(column)
            self.warnings.append(Problem(record.line, column, sentence))
