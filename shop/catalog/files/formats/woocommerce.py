"""WooCommerce's product CSV: variations follow their parent and name it by SKU or id."""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from django.utils import timezone
from django.utils.text import slugify

from shop import clock
from shop.catalog.files.columns.overrides import Overlaid
from shop.catalog.files.columns.unsellable import unsold
from shop.catalog.files.drafts import (
    BadRow,
    ImageDraft,
    PriceDraft,
    PriceKind,
    Problem,
    ProductDraft,
    VariantDraft,
)
from shop.catalog.files.formats.generic import NAMELESS_CATEGORY, WEB_ADDRESS
from shop.catalog.files.reading import cells
from shop.catalog.files.reading.csv_rows import Unreadable
from shop.catalog.files.reading.html_text import plain_text
from shop.catalog.files.reading.records import Record
from shop.catalog.models import Product
from shop.money import Money

LONGEST_TEXT = 100_000
ATTRIBUTES = range(1, 4)
BEGINS, ENDS = "Date sale price starts", "Date sale price ends"


class WooCommerceFile:
    """Reads drafts; what is wrong gathers in `problems`, what is odd in `warnings`."""

    def __init__(self, file: Overlaid, *, currency: str) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._file = file
        self._currency = currency
        self._now = clock.now()
        self._skus: dict[str, int] = {}
        self._slugs: dict[str, int] = {}

    def drafts(self) -> Iterator[ProductDraft]:
        """The good products, in the file's order."""
        group: list[Record] = []
        try:
            for item in self._file:
                if not isinstance(item, Record):
                    self.problems.append(item[0])
                    continue
                if group and kind(item) != "variation":
                    yield from self._draft(group)
                    group = []
                group.append(item)
        except Unreadable as error:
            self.problems.append(error.problem)
            return
        if group:
            yield from self._draft(group)

    def _draft(self, group: list[Record]) -> Iterator[ProductDraft]:
        before = len(self.problems)
        parent, variations = group[0], group[1:]
        try:
            draft = self._product(parent)
        except BadRow as error:
            self.problems.append(error.problem)
            return
        for record in variations if kind(parent) == "variable" else [parent]:
            try:
                self._add_variant(record, draft, parent)
            except BadRow as error:
                self.problems.append(error.problem)
        if kind(parent) == "variable" and not variations:
            self.problems.append(Problem(parent.line, "Type", "is variable, without variations."))
        if len(self.problems) == before:
            yield draft

    def _product(self, row: Record) -> ProductDraft:
        if kind(row) == "variation":
            raise BadRow(row.line, "Parent", "its parent does not stand before it.")
        if what := unsold(kind(row)):
            raise BadRow(row.line, "Type", f"The shop cannot sell {what}.")
        if kind(row) not in {"simple", "variable", ""}:
            raise BadRow(row.line, "Type", f"The shop cannot sell products of type {kind(row)}.")
        title = cells.text(row, "Name", longest=255, needed=True)
        base = slugify(title)[:240] or f"product-{row.line}"
        self._slugs[base] = self._slugs.get(base, 0) + 1
        number = self._slugs[base]
        names = [row[f"Attribute {n} name"] for n in ATTRIBUTES if row[f"Attribute {n} name"]]
        text = row["Description"] or row["Short description"]
        draft = ProductDraft(
            slug=base if number == 1 else f"{base}-{number}",
            line=row.line,
            title=title,
            description=plain_text(text[:LONGEST_TEXT].replace("\\n", "<br>")),
            vendor=cells.text(row, "Brands", longest=100),
            category=row["Categories"].split(",")[0].strip() or NAMELESS_CATEGORY,
            tags=cells.words(row, "Tags", longest=100),
            option_names=names if kind(row) == "variable" else [],
            status=status(row),
            has_own_slug=False,
        )
        for source in filter(None, re.split(r",\s+", row["Images"])):
            if WEB_ADDRESS.match(source):
                draft.images.append(ImageDraft(source[:1000], row.line))
        return draft

    def _add_variant(self, row: Record, draft: ProductDraft, parent: Record) -> None:
        if row is not parent and not names_parent(row, parent):
            raise BadRow(row.line, "Parent", f"{row['Parent']!r} is not the product above it.")
        sku = cells.text(row, "SKU", longest=64) or (f"WOO-{row['ID']}" if row["ID"] else "")
        if not sku:
            raise BadRow(row.line, "SKU", "is empty, and so is the ID.")
        if first := self._skus.get(sku):
            raise BadRow(row.line, "SKU", f"{sku} stands in line {first} already.")
        self._skus[sku] = row.line
        regular = cells.money(row, "Regular price", self._currency)
        reduced = self._reduced(row, regular)
        draft.variants.append(
            VariantDraft(
                sku=sku,
                line=row.line,
                prices=[
                    PriceDraft(PriceKind(self._currency), regular)
                    if reduced is None
                    else PriceDraft(PriceKind(self._currency), reduced, regular=regular)
                ],
                quantity=self._quantity(row),
                option_values=self._option_values(row, draft),
                position=len(draft.variants) + 1,
                grams=grams(row),
                # What is only to be downloaded is virtual; a disc to a download is not.
                requires_shipping="virtual" not in kinds(row),
                image=next(iter(re.split(r",\s+", row["Images"])), "") if row is not parent else "",
            )
        )

    def _reduced(self, row: Record, regular: Money) -> Money | None:
        """The sale price, while the sale lasts; the shop neither begins nor ends one by itself."""
        if not row["Sale price"]:
            return None
        reduced = cells.money(row, "Sale price", self._currency)
        begins, ends = moment(row, BEGINS), moment(row, ENDS, is_end=True)
        if ends and ends <= self._now:
            self._warn(row, ENDS, "is past, so the regular price is asked.")
            return None
        if begins and begins > self._now:
            self._warn(
                row, BEGINS, "is to come: until then the regular price is asked. Import again then."
            )
            return None
        if ends:
            self._warn(row, ENDS, "is to come: set the regular price then, or import again.")
        return reduced if reduced < regular else None

    def _warn(self, row: Record, column: str, sentence: str) -> None:
        self.warnings.append(Problem(row.line, column, sentence))

    def _option_values(self, row: Record, draft: ProductDraft) -> list[str]:
        values = [row[f"Attribute {n} value(s)"] for n in ATTRIBUTES][: len(draft.option_names)]
        if "" in values:
            column = f"Attribute {values.index('') + 1} value(s)"
            raise BadRow(row.line, column, f"is empty; {draft.title} needs one.")
        for other in draft.variants:
            if other.option_values == values:
                sentence = f"{other.sku} has the same options."
                raise BadRow(row.line, "Attribute 1 value(s)", sentence)
        return values

    def _quantity(self, row: Record) -> int | None:
        """An uncounted product has no number; out of stock it has none left."""
        if not row["Stock"]:
            return 0 if row["In stock?"] == "0" else None
        count, odd = cells.stock(row, "Stock")
        if odd:
            self._warn(row, odd.column, odd.sentence)
        return count


def kind(row: Record) -> str:
    """The first word of the Type column, which may hold "simple, downloadable, virtual"."""
    return kinds(row)[0]


def kinds(row: Record) -> list[str]:
    """The words of the column Type, such as `["simple", "downloadable"]`."""
    return [word.strip().lower() for word in row["Type"].split(",")]


def moment(row: Record, column: str, *, is_end: bool = False) -> datetime | None:
    """A day or a moment of it; None for an empty cell. A sale lasts to the end of its last day."""
    text = row[column]
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError as error:
        sentence = f"{text[:40]!r} is no date. Write it like 2026-05-31."
        raise BadRow(row.line, column, sentence) from error
    if is_end and found.time() == time.min:
        found += timedelta(days=1)
    return found if found.tzinfo else timezone.make_aware(found)


def names_parent(row: Record, parent: Record) -> bool:
    """Whether the row belongs to that product: it names its SKU, or its id as `id:42`."""
    named = row["Parent"]
    return named in {parent["SKU"], f"id:{parent['ID']}"} and bool(named)


def status(row: Record) -> Product.Status:
    """Published is 1 for on sale, 0 for private, -1 for a draft."""
    return Product.Status.ACTIVE if row["Published"] == "1" else Product.Status.DRAFT


def grams(row: Record) -> int:
    """The weight in whole grams, 0 where there is none. Raises `BadRow` for what is no number."""
    weight = row["Weight (kg)"]
    try:
        return int(Decimal(weight) * 1000) if weight else 0
    except InvalidOperation as error:
        raise BadRow(row.line, "Weight (kg)", f"{weight[:40]!r} is no weight.") from error
