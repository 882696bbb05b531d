"""Variants, prices and their state at Stripe in words, for lists and pages of the admin."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shop import stripe_client
from shop.catalog.admin.prices import price_in_words
from shop.catalog.models import CatalogSync, Price, Product, SyncConflict, Variant

# How many titles a sentence names before it only counts.
NAMED = 3


def with_state(variants: QuerySet[Variant]) -> QuerySet[Variant]:
    """Variants with stock, current prices and how they stand with Stripe, in three queries."""
    account = stripe_client.known_accounts()
    # Rows without an account were queued before the key was ever used.
    unfinished = CatalogSync.objects.filter(
        Q(stripe_account__in=account) | Q(stripe_account="")
    ).exclude(status=CatalogSync.Status.DONE)
    disputed = SyncConflict.objects.filter(
        variant=OuterRef("pk"), stripe_account__in=account, status=SyncConflict.Status.OPEN
    )
    is_at_stripe = Q(stripe_account__in=account) & ~Q(stripe_product_id="")
    return (
        variants.select_related("stock")
        .prefetch_related(
            Prefetch("prices", queryset=Price.objects.current().order_by("currency")),
            Prefetch("syncs", queryset=unfinished),
        )
        .annotate(
            is_at_stripe=ExpressionWrapper(is_at_stripe, BooleanField()),
            disputed=ArraySubquery(disputed.values("field")),
        )
    )


def with_reduction(price: Price) -> str:
    """The price in words, with what it was before a reduction."""
    words = price_in_words(price)
    return f"{words} (reduced from {price.regular})" if price.regular else words


def can_be_bought(product: Product) -> bool:
    """Whether any variant has a price; both must be prefetched, or each asks the database."""
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


def at_stripe(variants: Any, query: str) -> SafeString:
    """How the variants stand with Stripe, as a link to the conflicts or rows that tell more."""
    fields = {field.replace(":", " ") for variant in variants for field in variant.disputed}
    if fields:
        words = f"conflict: {', '.join(sorted(fields))}"
        return _link("syncconflict", f"status__exact=open&{query}", words)
    return _link("catalogsync", query, sync_in_words(variants))


def sync_in_words(variants: Any) -> str:
    """What Stripe knows of the variants, none of which is in conflict."""
    rows = [row for variant in variants for row in variant.syncs.all()]
    refused = [row for row in rows if row.status == CatalogSync.Status.DEAD]
    if refused:
        return f"not told: {refused[0].last_error}"
    if rows:
        return f"{len(rows)} waiting"
    there = [variant for variant in variants if variant.is_at_stripe]
    if not there:
        return "not there"
    missing = [variant for variant in variants if variant.is_active and not variant.is_at_stripe]
    return f"{len(there)} of {len(there) + len(missing)} there" if missing else "in step"


def _link(rows: str, query: str, words: str) -> SafeString:
    address = reverse(f"admin:catalog_{rows}_changelist")
    return format_html('<a href="{}?{}">{}</a>', address, query, words)


def given_away(variant: Variant) -> SafeString:
    """What buyers of a variant that is not sent download, with the way to change that."""
    good = getattr(variant, "digital", None)
    if good is None:
        address = reverse("admin:catalog_digitalgood_add")
        return format_html(
            'nothing yet <a href="{}?{}">Add</a>', address, urlencode({"variant": variant.sku})
        )
    parts = [good.file.name if good.file else "", "keys" if good.gives_keys else ""]
    words = ", ".join(filter(None, [*parts, "words" if good.text else ""]))
    address = reverse("admin:catalog_digitalgood_change", args=[good.pk])
    return format_html('{} <a href="{}">Change</a>', words, address)
