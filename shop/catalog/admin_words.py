"""Variants, prices and their state at Stripe in words, for lists and pages of the admin."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shop.catalog.admin_prices import in_words
from shop.catalog.models import CatalogSync, Price, Product, Variant

# How many titles a sentence names before it only counts.
NAMED = 3


def with_state(variants: QuerySet[Variant]) -> QuerySet[Variant]:
    """Variants with stock, current prices and unfinished syncs, in three queries."""
    unfinished = CatalogSync.objects.exclude(status=CatalogSync.Status.DONE)
    return variants.select_related("stock").prefetch_related(
        Prefetch("prices", queryset=Price.objects.current().order_by("currency")),
        Prefetch("syncs", queryset=unfinished),
    )


def with_reduction(price: Price) -> str:
    words = in_words(price)
    return f"{words} (reduced from {price.regular})" if price.regular else words


def with_rows(words: str, query: str) -> SafeString:
    """The words, as a link to the sync rows that they are about."""
    rows = reverse("admin:catalog_catalogsync_changelist")
    return format_html('<a href="{}?{}">{}</a>', rows, query, words)


def can_be_bought(product: Product) -> bool:
    return any(price for variant in product.variants.all() for price in variant.prices.all())


def names(titles: Sequence[str]) -> str:
    """Some titles, and how many more."""
    more = len(titles) - NAMED
    return ", ".join(titles[:NAMED]) + (f" and {more} more" if more > 0 else "")


def prices_in_words(variants: Any) -> str:
    """As "18.00 EUR", or "18.00 – 24.00 EUR" where variants differ."""
    amounts: dict[str, list[Price]] = {}
    for price in (price for variant in variants for price in variant.prices.all()):
        amounts.setdefault(price.currency, []).append(price)
    words = []
    for prices in amounts.values():
        prices.sort(key=lambda price: price.unit_amount)
        low, high = prices[0].money, prices[-1].money
        words.append(str(high) if low == high else f"{low.decimal:f} – {high}")
    return ", ".join(words)


def sync_in_words(variants: Any) -> str:
    """What Stripe knows of the variants."""
    rows = [row for variant in variants for row in variant.syncs.all()]
    refused = [row for row in rows if row.status == CatalogSync.Status.DEAD]
    if refused:
        return f"not told: {refused[0].last_error}"
    if rows:
        return f"{len(rows)} waiting"
    known = sum(bool(variant.stripe_product_id) for variant in variants)
    return "in step" if known else "not there"
