"""What the database already has of some drafts, and what was done to it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple, TypeVar

from django.utils import timezone

from shop.catalog import option_words
from shop.catalog.files.drafts import ProductDraft, VariantDraft
from shop.catalog.models import Image, Product, Variant
from shop.catalog.search.index import index_many

Row = TypeVar("Row", Product, Variant, Image)


class Counted(NamedTuple):
    """How many of a variant are on hand by a line of the file."""

    variant_id: int
    quantity: int
    line: int


class Batch:
    """Rows by slug and by SKU; `counts` says what was created, updated and left.

    `counted` are the stock counts that are to be set.
    """

    def __init__(self, drafts: Sequence[ProductDraft]) -> None:
        self.counts: Counter[str] = Counter()
        self.counted: list[Counted] = []
        self._touched: set[int] = set()
        slugs = [draft.slug for draft in drafts]
        skus = [variant.sku for variant in each_variant(drafts)]
        self.products = {row.slug: row for row in Product.objects.filter(slug__in=slugs)}
        found = Variant.objects.select_related("product")
        self.variants = {
            row.sku: row
            for row in found.filter(product__slug__in=slugs).union(found.filter(sku__in=skus))
        }

    def save(self, model: type[Row], rows: list[tuple[Row, dict[str, Any]]]) -> None:
        """Create or update each row, in two statements; one that says it all already is left."""
        new: list[Row] = []
        changed: list[Row] = []
        for row, wanted in rows:
            if row.pk is None or any(getattr(row, name) != value for name, value in wanted.items()):
                (new if row.pk is None else changed).append(row)
            for name, value in wanted.items():
                setattr(row, name, value)
        fields = list(dict.fromkeys(name for _, wanted in rows for name in wanted))
        if model is Product:
            # A bulk update does not keep `auto_now`.
            fields.append("updated_at")
            for row in changed:
                setattr(row, "updated_at", timezone.now())  # noqa: B010
        manager = model._default_manager
        manager.bulk_create(new)
        if changed and fields:
            manager.bulk_update(changed, fields)
        if model is not Image:
            self._touched |= {getattr(row, "product_id", row.pk) for row in [*new, *changed]}
        plural = {Product: "products", Variant: "variants", Image: "pictures"}[model]
        self.counts[f"{plural} created"] += len(new)
        self.counts[f"{plural} updated"] += len(changed)
        self.counts[f"{plural} unchanged"] += len(rows) - len(new) - len(changed)

    def touch(self, product_ids: Iterable[int]) -> None:
        """Something else of these was changed that the search finds."""
        self._touched |= set(product_ids)

    def index(self) -> None:
        """Let the search find what was created or changed."""
        option_words.share(self._touched)
        index_many(self._touched)


def each_variant(drafts: Iterable[ProductDraft]) -> list[VariantDraft]:
    """The variants of all drafts, in the order of the file."""
    return [variant for draft in drafts for variant in draft.variants]
