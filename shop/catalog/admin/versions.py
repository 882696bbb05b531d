"""Two people at one product: whoever saves second is told, and keeps what they typed."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from shop.catalog.models import Image, Price, Product, ProductFact, Variant

# What a product's page shows, apart from its stock, which is not typed there.
TEXTS = (
    "title", "slug", "category", "vendor", "kind", "status", "publish_at", "most_per_order",
    "tax_class", "setup_future_usage", "content_unit", "unit_price_per", "description", "tags",
    "option_names", "size_guide", "translations",
)  # fmt: skip
VARIANTS = (
    "id", "sku", "option_values", "is_active", "image", "position", "grams", "requires_shipping",
    "tax_code", "barcode", "low_stock_threshold", "content",
)  # fmt: skip
# Not the file: a worker may fetch it while somebody types.
FACTS = ("id", "fact", "text", "translations")
IMAGES = ("id", "source", "alt", "position", "translations")
# Of who saved before that nobody speaks any more.
SHOWN_AT_MOST = timedelta(days=2)
PARTS = ("texts or settings", "variants", "prices", "pictures")


class VersionField(forms.CharField):
    """Which version of the row a page shows; nothing that anybody changes."""

    widget = forms.HiddenInput

    def __init__(self) -> None:
        super().__init__(required=False)

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


def version_of(product_id: int) -> str:
    """When the page was made, and a word for each part of it that is another after any change."""
    variants = Variant.objects.filter(product=OuterRef("pk"))
    prices = Price.objects.filter(variant__product=OuterRef("pk"), is_active=True)
    images = Image.objects.filter(product=OuterRef("pk"))
    facts = ProductFact.objects.filter(product=OuterRef("pk"))
    beside = Product.goes_with.through.objects.filter(from_product=OuterRef("pk"))
    asked = Product.objects.filter(pk=product_id).values_list(
        *TEXTS,
        _rows(facts, FACTS),
        ArraySubquery(beside.order_by("to_product").values("to_product")),
        _rows(variants, VARIANTS),
        ArraySubquery(prices.order_by("pk").values("pk")),
        _rows(images, IMAGES),
    )
    *texts, variant_rows, price_rows, image_rows = asked.get()
    parts = (texts, variant_rows, price_rows, image_rows)
    return ".".join([f"{timezone.now().timestamp() * 1000:.0f}", *map(_word_for, parts)])


def changed_parts(shown: str, now: str) -> list[str]:
    """Which parts are others now than on the page that shows this version."""
    pairs = zip(PARTS, shown.split(".")[1:], now.split(".")[1:], strict=False)
    return [part for part, before, after in pairs if before != after]


def lock(product_id: int) -> None:
    """Let whoever saves the same product wait: the second then sees what the first has done."""
    Product.objects.select_for_update(of=["self"], no_key=True).only("pk").get(pk=product_id)


def sentence(
    product: Product, shown: str, parts: Sequence[str], fields: Sequence[str]
) -> SafeString:
    """Who was faster, what they changed, and what to do; `fields` are those that differ now."""
    who, at = _last_saved(product, shown)
    differs = f" Yours differs from it in: {', '.join(fields)}." if fields else ""
    return format_html(
        "{} {}, so nothing was saved. What you typed is still here.{} Save again to put yours in"
        ' its place, or look at <a href="{}" target="_blank">the product as it is now</a> first.',
        f"{who} changed this product’s {' and '.join(parts)}",
        at,
        differs,
        reverse("admin:catalog_product_change", args=[product.pk]),
    )


def _rows(rows: "QuerySet[Any]", fields: Sequence[str]) -> ArraySubquery:
    each = JSONObject(**{name: name for name in fields})
    return ArraySubquery(rows.order_by("pk").values(row=each))


def _word_for(part: Any) -> str:
    return sha256(repr(part).encode()).hexdigest()[:12]


def _last_saved(product: Product, shown: str) -> tuple[str, str]:
    """Who saved it since the page was made and when, as far as a person did."""
    stamp = shown.partition(".")[0]
    since = timezone.now() - SHOWN_AT_MOST
    if stamp.isdecimal() and len(stamp) == len(f"{since.timestamp() * 1000:.0f}"):
        since = max(since, datetime.fromtimestamp(int(stamp) / 1000, tz=UTC))
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Product),
        object_id=str(product.pk),
        action_time__gte=since,
    )
    entry = entries.select_related("user").order_by("-action_time").first()
    if entry is None:
        return "An import or Stripe", "meanwhile"
    return str(entry.user), f"at {localtime(entry.action_time):%H:%M}"
