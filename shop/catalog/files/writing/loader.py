"""Drafts into the database, some at a time, so that large files cost few queries."""

import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Func

from shop.catalog import stock
from shop.catalog.files.drafts import (
    UNFORESEEN,
    ImageDraft,
    Problem,
    ProductDraft,
    VariantDraft,
    name_the_rest,
)
from shop.catalog.files.writing import categories, facts, pictures, prices
from shop.catalog.files.writing.batch import Batch, Counted, each_variant
from shop.catalog.files.writing.identity import fill, keep_addresses, keep_spelling, merged
from shop.catalog.files.writing.words import shops_words, translations_of
from shop.catalog.models import Product, Stock, Variant
from shop.money import MINIMUM_CHARGE, Money

# Where the database believes that tables are still empty it compares every row with every other; it
# is told otherwise as soon as there are so many, and whenever they have doubled. Whoever else looks
# at a table at that moment is not waited for.
ESTIMATED_FROM = 100
ESTIMATE = """
    ANALYZE (SKIP_LOCKED) catalog_product, catalog_variant, catalog_price, catalog_pricespan,
        catalog_stock, catalog_image, catalog_word
"""

# Variants counted with one lock on each.
COUNTED_AT_ONCE = 50


class Loader:
    """Writes drafts; what the database cannot take gathers in `problems`.

    Stock counts are written for new variants only, or for all with `overwrite_stock`; `on_hand` is
    the count where the file says none. `columns` says how the file calls our fields.
    """

    def __init__(
        self,
        columns: Mapping[str, str],
        *,
        overwrite_stock: bool = False,
        on_hand: int | None = None,
    ) -> None:
        self.counts: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self.warnings: list[Problem] = []
        self._columns = columns
        self._overwrite_stock = overwrite_stock
        self._on_hand = on_hand
        # One movement of stock per variant and run.
        self._cause = uuid.uuid4()
        self._counted: list[Counted] = []
        self._estimated = 0

    def load(self, drafts: Sequence[ProductDraft]) -> None:
        """Write these products; the ones that cannot be written become problems."""
        before = len(self.problems), len(self.warnings)
        try:
            with transaction.atomic():
                batch = self._write(drafts)
        except (InterfaceError, OperationalError):
            # The database is away or waits too long; no product is to blame.
            raise
        except (DatabaseError, *UNFORESEEN) as error:
            del self.problems[before[0] :], self.warnings[before[1] :]
            if len(drafts) == 1:
                self._refuse(drafts[0], "whole product", _refusal(error))
                lines = [variant.line for variant in drafts[0].variants]
                name_the_rest(self.problems, before[0], lines, drafts[0].line)
            else:
                for draft in drafts:
                    self.load([draft])
        else:
            self.counts += batch.counts
            self._counted += batch.counted
            self._estimate()

    def set_stock(self) -> None:
        """Count what is on hand, once the products stand: a lot at a time, for buyers wait.

        What was reserved meanwhile and would not be there is a problem, and its count stays.
        """
        self._counted.sort()
        for first in range(0, len(self._counted), COUNTED_AT_ONCE):
            lot = {one.variant_id: one for one in self._counted[first : first + COUNTED_AT_ONCE]}
            units = {pk: one.quantity for pk, one in lot.items()}
            for row in stock.count(
                units, reason="import", cause_kind="import", cause_id=self._cause
            ):
                self._refuse_count(lot[row.variant_id].line, row, row.variant.sku)
                self.counts["stock counts set"] -= 1

    def _estimate(self) -> None:
        created = self.counts["products created"]
        if created >= max(2 * self._estimated, ESTIMATED_FROM):
            self._estimated = created
            with connection.cursor() as cursor:
                cursor.execute(ESTIMATE)

    def _write(self, drafts: Sequence[ProductDraft]) -> Batch:
        keep_addresses(drafts)
        keep_spelling(drafts)
        drafts = merged(drafts)
        batch = Batch(drafts)
        good = [draft for draft in drafts if self._fits(draft, batch)]
        self._write_products(good, batch)
        self._write_variants(good, batch)
        facts.write(good, batch)
        prices.write(each_variant(good), batch.variants, batch.counts)
        pictures.write(good, batch, self._warn)
        self._write_stock(good, batch)
        batch.index()
        return batch

    def _fits(self, draft: ProductDraft, batch: Batch) -> bool:
        """Whether a variant is left that collides with nothing in the shop; the others are out."""
        before = len(self.problems)
        own = {variant.sku for variant in draft.variants}
        others = [
            known
            for known in batch.variants.values()
            if known.product.slug == draft.slug and known.sku not in own
        ]
        taken = {tuple(other.option_values): other.sku for other in others}
        for other in others:
            if other.is_active and draft.says_options and not draft.is_partial:
                sentence = f"{other.sku} of {draft.slug} is not in the file; it stays on sale."
                self._warn(draft, "sku", sentence)
        for variant in draft.variants:
            self._warn_of_small(variant)
        lines = [variant.line for variant in draft.variants]
        draft.variants = [one for one in draft.variants if self._is_free(one, draft, taken, batch)]
        if not draft.variants:
            name_the_rest(self.problems, before, [draft.line, *lines], draft.line)
        return bool(draft.variants)

    def _warn_of_small(self, variant: VariantDraft) -> None:
        """A price that Stripe charges only together with others; what is free is no charge."""
        for price in variant.prices:
            least = MINIMUM_CHARGE.get(price.kind.currency, 0)
            if price.money is not None and 0 < price.money.amount < least:
                floor = Money(least, price.kind.currency)
                sentence = f"is below {floor}, the least that Stripe charges: an order of one"
                self._warn(variant, "price", f"{sentence} cannot be paid.")

    def _is_free(
        self,
        variant: VariantDraft,
        draft: ProductDraft,
        taken: Mapping[tuple[str, ...], str],
        batch: Batch,
    ) -> bool:
        before = len(self.problems)
        known = batch.variants.get(variant.sku)
        if known and known.product.slug != draft.slug:
            self._refuse(variant, "sku", f"belongs to {known.product.slug} already.")
        if not draft.says_options:
            self._refuse_unnamed(draft, variant, batch)
        elif sku := taken.get(tuple(variant.option_values)):
            self._refuse(variant, "options", f"{sku} has the same options already.")
        return len(self.problems) == before

    def _refuse_unnamed(self, draft: ProductDraft, variant: VariantDraft, batch: Batch) -> None:
        """A file without options can name variants that are here, and products without options."""
        product = batch.products.get(draft.slug)
        is_one_of_several = len(draft.variants) > 1 or (product and product.option_names)
        if variant.sku not in batch.variants and is_one_of_several:
            sentence = f"{variant.sku} is new, and the file says no options of {draft.slug}."
            self._refuse(variant, "sku", sentence)

    def _write_products(self, drafts: list[ProductDraft], batch: Batch) -> None:
        for draft in drafts:
            if draft.slug not in batch.products:
                fill(draft)
        shelves = categories.found(drafts, batch.counts)
        shops = shops_words(drafts)
        rows = []
        for draft in drafts:
            row = batch.products.setdefault(draft.slug, Product(slug=draft.slug))
            said: dict[str, Any] = {
                "description": draft.description,
                "vendor": draft.vendor,
                "tags": draft.tags,
                "status": draft.status,
            }
            wanted = {name: value for name, value in said.items() if value is not None}
            if draft.category is not None:
                wanted["category_id"] = shelves.walk(categories.steps_of(draft.category))[-1].pk
            if draft.says_options or row.pk is None:
                wanted["option_names"] = draft.option_names
            wanted |= {
                "title": draft.title,
                "translations": translations_of(row, draft, shops),
                **draft.further,
            }
            rows.append((row, wanted))
        batch.save(Product, rows)

    def _write_variants(self, drafts: list[ProductDraft], batch: Batch) -> None:
        rows = []
        for draft in drafts:
            for variant in draft.variants:
                new = Variant(sku=variant.sku, product=batch.products[draft.slug])
                row = batch.variants.setdefault(variant.sku, new)
                said: dict[str, Any] = {
                    "grams": variant.grams,
                    "requires_shipping": variant.requires_shipping,
                    "tax_code": variant.tax_code,
                    "barcode": variant.barcode,
                    "is_active": variant.is_active,
                }
                wanted = {name: value for name, value in said.items() if value is not None}
                wanted |= variant.further
                if draft.says_options or row.pk is None:
                    wanted["option_values"] = variant.option_values
                    wanted["position"] = variant.position
                rows.append((row, wanted))
                self._warn_of_content(variant, row, batch.products[draft.slug])
        set_aside(rows)
        batch.save(Variant, rows)

    def _warn_of_content(self, draft: VariantDraft, row: Variant, product: Product) -> None:
        content = draft.further.get("content", row.content)
        is_active = row.is_active if draft.is_active is None else draft.is_active
        if product.content_unit and is_active and content is None:
            self._warn(draft, "variant_content", "is not said, so no unit price is shown.")

    def _write_stock(self, drafts: list[ProductDraft], batch: Batch) -> None:
        variants = {batch.variants[draft.sku].pk: draft for draft in each_variant(drafts)}
        known = {row.variant_id: row for row in Stock.objects.filter(variant_id__in=variants)}
        new = {pk: self._first_count(draft) for pk, draft in variants.items() if pk not in known}
        stock.count_in(new, reason="import", cause_kind="import", cause_id=self._cause)
        batch.counts["stock counts set"] += sum(bool(quantity) for quantity in new.values())
        for pk, row in known.items() if self._overwrite_stock else ():
            self._set_stock(row, variants[pk], batch)

    def _first_count(self, draft: VariantDraft) -> int:
        if draft.quantity is None and self._on_hand is None:
            sentence = "is not said, so these start sold out; --on-hand 10 counts in ten of each."
            self._warn(draft, "stock", sentence)
        return draft.quantity if draft.quantity is not None else self._on_hand or 0

    def _set_stock(self, row: Stock, draft: VariantDraft, batch: Batch) -> None:
        quantity = self._on_hand if draft.quantity is None else draft.quantity
        if quantity is None:
            return
        if not row.covers_its_orders(quantity):
            self._refuse_count(draft.line, row, draft.sku)
        elif quantity != row.on_hand:
            batch.counted.append(Counted(row.variant_id, quantity, draft.line))
            batch.counts["stock counts set"] += 1

    def _refuse_count(self, line: int, row: Stock, sku: str) -> None:
        sentence = (
            f"{row.reserved} of {sku} are reserved for orders. Lower this stock in the admin, which"
            " names the orders hit."
        )
        self.problems.append(Problem(line, self._columns.get("stock", "stock"), sentence))

    def _refuse(self, draft: ProductDraft | VariantDraft, field: str, sentence: str) -> None:
        self.problems.append(Problem(draft.line, self._columns.get(field, field), sentence))

    def _warn(
        self, draft: ProductDraft | VariantDraft | ImageDraft, field: str, sentence: str
    ) -> None:
        warning = Problem(draft.line, self._columns.get(field, field), sentence)
        # The pictures of one product say it once.
        if self.warnings[-1:] != [warning]:
            self.warnings.append(warning)


def set_aside(rows: Sequence[tuple[Variant, dict[str, Any]]]) -> None:
    """Let variants give up the options that others of the same product are to have.

    Two that swap theirs have the same for a moment, which the database refuses.
    """
    changed = [
        (row, tuple(wanted["option_values"]))
        for row, wanted in rows
        if row.pk and wanted.get("option_values", row.option_values) != row.option_values
    ]
    wanted_of = {(row.product_id, values) for row, values in changed}
    held = [row.pk for row, _ in changed if (row.product_id, tuple(row.option_values)) in wanted_of]
    if held:
        nobodys = Func(F("sku"), template="ARRAY['', %(expressions)s]")
        Variant.objects.filter(pk__in=held).update(option_values=nobodys)


def _refusal(error: Exception) -> str:
    return f"The database refuses it: {' '.join(str(error).split())}"[:500]
