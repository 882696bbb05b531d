"""WooCommerce's product CSV: variations name their parent by SKU or id, and mostly follow it."""

from collections.abc import Iterator
from datetime import datetime
from itertools import product as combinations
from typing import Any

from shop import clock
from shop.catalog.files.addresses import in_capitals
from shop.catalog.files.columns.extra_fields import further_of_variant
from shop.catalog.files.columns.overrides import Overlaid
from shop.catalog.files.columns.unsellable import unsold
from shop.catalog.files.drafts import (
    NAMELESS_CATEGORY,
    BadRow,
    ImageDraft,
    PriceDraft,
    PriceKind,
    Problem,
    ProductDraft,
    VariantDraft,
    name_the_rest,
    noted,
)
from shop.catalog.files.formats import woocommerce_cells as woo
from shop.catalog.files.formats.generic import WEB_ADDRESS
from shop.catalog.files.formats.skus import Skus
from shop.catalog.files.formats.woocommerce_groups import Group, groups
from shop.catalog.files.reading import cells
from shop.catalog.files.reading.csv_rows import Row
from shop.catalog.files.reading.html_text import plain_text
from shop.catalog.models import Product
from shop.money import Money

LONGEST_TEXT = 100_000
BARCODE = "GTIN, UPC, EAN, or ISBN"
BEGINS, ENDS = "Date sale price starts", "Date sale price ends"
# One variation that stands for any color and any size may stand for very many.
MOST_VARIANTS = 500


class WooCommerceFile:
    """Reads drafts; what is wrong gathers in `problems`, what is odd in `warnings`.

    Memory holds one product, the SKUs, and the variations that do not follow their parent.
    """

    def __init__(self, file: Overlaid, *, currency: str) -> None:
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._file = file
        self._currency = currency
        self._now: datetime = clock.now()
        self._skus = Skus()
        self._slugs: dict[str, int] = {}

    def drafts(self) -> Iterator[ProductDraft]:
        """The good products with their good variants, in the file's order."""
        for group in groups(self._file, self.problems):
            before = len(self.problems)
            draft = self._draft(group)
            if draft and draft.variants:
                draft.is_partial = len(self.problems) > before
                yield draft
            else:
                lines = [row.line for row in (group.parent, *group.variations)]
                name_the_rest(self.problems, before, lines, group.parent.line)

    def _draft(self, group: Group) -> ProductDraft | None:
        parent, variations = group.parent, group.variations
        draft: ProductDraft | None = None
        with noted(self.problems, parent.line):
            draft = self._product(parent, variations)
        if draft is None:
            return None
        is_variable = woo.kind(parent) == "variable"
        # What stands for any value of an option takes those that no other variation has.
        general = []
        for row in variations:
            with noted(self.problems, row.line):
                general += [row] if self._is_general(row, draft) else []
        exact = [row for row in variations if row not in general]
        for row in [*exact, *general] if is_variable else [parent]:
            with noted(self.problems, row.line):
                self._add_variants(row, draft, parent)
        if is_variable and not variations:
            self.problems.append(Problem(parent.line, "Type", "is variable, without variations."))
        return draft

    def _product(self, row: Row, variations: list[Row]) -> ProductDraft:
        if what := unsold(woo.kind(row)):
            raise BadRow(row.line, "Type", f"The shop cannot sell {what}.")
        if woo.kind(row) not in {"simple", "variable", ""}:
            sentence = f"The shop cannot sell products of type {woo.kind(row)}."
            raise BadRow(row.line, "Type", sentence)
        title = woo.plain(cells.text(row, "Name", longest=255, needed=True))
        text = row["Description"] or row["Short description"]
        draft = ProductDraft(
            slug=self._slug(title, row),
            line=row.line,
            title=title,
            description=plain_text(text[:LONGEST_TEXT].replace("\\n", "<br>"))
            if row.has("Description", "Short description")
            else None,
            vendor=next(iter(woo.words(row, "Brands", longest=100)), "")
            if row.has("Brands")
            else None,
            category=next(iter(woo.parts(row, "Categories")), NAMELESS_CATEGORY)
            if row.has("Categories")
            else None,
            tags=woo.words(row, "Tags", longest=100) if row.has("Tags") else None,
            option_names=self._option_names(row, variations),
            status=woo.status(row) if row.has("Published") else None,
            status_when_new=Product.Status.DRAFT,
            says_options=woo.has_attributes(row),
            has_own_slug=False,
            further=self._further(row),
        )
        names = {name.lower() for name in draft.option_names}
        draft.facts = [
            one.as_fact
            for one in woo.attributes(row)
            if one.is_fact and one.name.lower() not in names
        ]
        for source in woo.parts(row, "Images"):
            if WEB_ADDRESS.match(source):
                draft.images.append(ImageDraft(source[:1000], row.line))
        return draft

    def _slug(self, title: str, row: Row) -> str:
        base = in_capitals(title, longest=240).lower() or f"product-{row.line}"
        self._slugs[base] = self._slugs.get(base, 0) + 1
        return base if self._slugs[base] == 1 else f"{base}-{self._slugs[base]}"

    def _option_names(self, row: Row, variations: list[Row]) -> list[str]:
        """The attributes that tell variations apart; others are facts."""
        used = {one.name.lower() for other in variations for one in woo.attributes(other)}
        names = []
        for one in woo.attributes(row):
            if woo.kind(row) == "variable" and one.name.lower() in used:
                names.append(one.name)
            elif one.is_hidden:
                self._warn(row, one.column, f"{one.name} is shown to nobody; it is not read.")
        known = {name.lower() for name in names}
        for other in variations:
            for one in woo.attributes(other):
                if one.name.lower() not in known:
                    names.append(one.name)
                    known.add(one.name.lower())
        return names

    def _further(self, row: Row) -> dict[str, Any]:
        if row["Visibility in catalog"].lower() in {"hidden", "search", "catalog"}:
            sentence = f"{row['Visibility in catalog']!r} is not kept: here all that is on sale"
            self._warn(row, "Visibility in catalog", f"{sentence} is listed and found.")
        column = "Sold individually?"
        if column not in row.cells:
            return {}
        return {"most_per_order": 1 if row[column] == "1" else None}

    def _is_general(self, row: Row, draft: ProductDraft) -> bool:
        own = {one.name.lower() for one in woo.attributes(row) if one.values}
        return any(name.lower() not in own for name in draft.option_names)

    def _add_variants(self, row: Row, draft: ProductDraft, parent: Row) -> None:
        choices = self._choices(row, draft, parent)
        base = self._sku(row, draft, parent)
        regular = cells.money(row, "Regular price", self._currency)
        reduced = self._reduced(row, regular)
        kind = PriceKind(self._currency)
        price = PriceDraft(kind, regular, keeps_regular=not row.has("Sale price"))
        if reduced is not None:
            price = PriceDraft(kind, reduced, regular=regular)
        quantity = self._quantity(row)
        if row["Backorders allowed?"].lower() in {"1", "notify"}:
            self._warn(row, "Backorders allowed?", "The shop sells only what it has.")
        pictures = woo.parts(row, "Images") if row is not parent else []
        grams = woo.grams(row) or woo.grams(parent) if row.has(*woo.GRAMS) else None
        code, odd = cells.barcode(row, BARCODE)
        if odd:
            self._warn(row, odd.column, odd.sentence)
        for number, values in enumerate(choices):
            sku = base if len(choices) == 1 else in_capitals(base, *values)
            sku = self._skus.distinct(sku, draft.slug, values) if len(choices) > 1 else sku
            self._skus.take(sku, row.line)
            draft.variants.append(
                VariantDraft(
                    sku=sku,
                    line=row.line,
                    prices=[price],
                    quantity=_share(quantity, number, len(choices)),
                    option_values=values,
                    position=len(draft.variants) + 1,
                    grams=grams,
                    # What is only to be downloaded is virtual; a disc to a download is not.
                    requires_shipping="virtual" not in woo.kinds(row),
                    # A barcode is of one thing, not of several.
                    barcode=code if row.has(BARCODE) and len(choices) == 1 else None,
                    image=next(iter(pictures), "") if row.has("Images") else None,
                    is_active=self._is_active(row, parent),
                    further=further_of_variant(row, self._file.fields),
                )
            )

    def _sku(self, row: Row, draft: ProductDraft, parent: Row) -> str:
        sku = cells.text(row, "SKU", longest=64) or (f"WOO-{row['ID']}" if row["ID"] else "")
        if not sku and row is not parent:
            values = [one.values[0] for one in woo.attributes(row) if one.values]
            made = in_capitals(parent["SKU"] or draft.slug, *values)
            sku = self._skus.distinct(made, draft.slug, values)
            self._warn(row, "SKU", "is empty, and so is the ID; one is made of the options.")
        if not sku:
            raise BadRow(row.line, "SKU", "is empty, and so is the ID.")
        if first := self._skus.line(sku):
            raise BadRow(row.line, "SKU", f"{sku} stands in line {first} already.")
        return sku

    def _choices(self, row: Row, draft: ProductDraft, parent: Row) -> list[list[str]]:
        """The values of its options; of one that may be any, those that no other variation has."""
        if not draft.says_options:
            return [[]]
        own = {one.name.lower(): one for one in woo.attributes(row)}
        every = {one.name.lower(): one for one in woo.attributes(parent)}
        values: list[tuple[str, ...]] = []
        for name in draft.option_names:
            mine, theirs = own.get(name.lower()), every.get(name.lower())
            found = mine.values[:1] if mine and mine.values else theirs.values if theirs else ()
            if not found:
                column = mine.column if mine else "Attribute 1 value(s)"
                raise BadRow(row.line, column, f"is empty; {draft.title} comes in {name}.")
            values.append(found)
        taken = {tuple(other.option_values): other.sku for other in draft.variants}
        every_choice = list(combinations(*values))[: MOST_VARIANTS + 1]
        free = [list(choice) for choice in every_choice if choice not in taken]
        if not free:
            sentence = f"{taken[every_choice[0]]} has the same options."
            raise BadRow(row.line, "Attribute 1 value(s)", sentence)
        if len(free) > MOST_VARIANTS:
            sentence = f"stands for more than {MOST_VARIANTS} variants. Name their values."
            raise BadRow(row.line, "Attribute 1 value(s)", sentence)
        if len(every_choice) > 1:
            sentence = f"stands for any value; it becomes {len(free)} of one value each."
            if self._counted(row):
                sentence = f"{sentence[:-1]}, which share its stock."
            self._warn(row, "Attribute 1 value(s)", sentence)
        return free

    def _is_active(self, row: Row, parent: Row) -> bool | None:
        """A variation that is switched off is not on sale, whatever its parent is."""
        if row is parent or not row["Published"]:
            return None
        return row["Published"] == "1"

    def _reduced(self, row: Row, regular: Money) -> Money | None:
        """The sale price, while the sale lasts; the shop neither begins nor ends one by itself."""
        if not row["Sale price"]:
            return None
        reduced = cells.money(row, "Sale price", self._currency)
        begins, ends = woo.moment(row, BEGINS), woo.moment(row, ENDS, is_end=True)
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

    def _counted(self, row: Row) -> bool:
        return bool(row["Stock"]) and row["Stock"] != "parent"

    def _quantity(self, row: Row) -> int | None:
        """An uncounted product has no number; out of stock it has none left."""
        if not self._counted(row):
            return 0 if row["In stock?"] == "0" else None
        count, odd = cells.stock(row, "Stock")
        if odd:
            self._warn(row, odd.column, odd.sentence)
        return count

    def _warn(self, row: Row, column: str, sentence: str) -> None:
        self.warnings.append(Problem(row.line, column, sentence))


def _share(quantity: int | None, number: int, among: int) -> int | None:
    """What one of several variants gets of a stock that they share, so that none is sold twice."""
    if quantity is None:
        return None
    each, rest = divmod(quantity, among)
    return each + (number < rest)
