"""What we sell: products in variants, their prices, pictures and stock."""

import secrets
from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone

from shop.money import Money
from shop.transitions import append_only
from shop.work import Work


def new_key() -> str:
    """A public key that tells nothing: 12 characters of URL-safe randomness."""
    return secrets.token_urlsafe(9)


class Category(models.Model):
    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=100, unique=True)
    description = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog:category", args=[self.slug])


class ProductQuerySet(models.QuerySet["Product"]):
    def on_sale(self) -> "ProductQuerySet":
        """Published products, those that customers can see."""
        return self.filter(status=Product.Status.ACTIVE)


class Product(models.Model):
    """One thing to buy, in one or more variants."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        ARCHIVED = "archived"

    slug = models.SlugField(max_length=255, unique=True)
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True, help_text="Plain text; blank lines part it.")
    vendor = models.CharField(max_length=100, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="products")
    tags = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    option_names = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    # Written by shop.catalog.search from title, vendor, category, tags, SKUs and description.
    search_vector = SearchVectorField(null=True, editable=False)
    search_words = models.TextField(blank=True, editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        indexes = [
            GinIndex(fields=["search_vector"], name="product_full_text"),
            GinIndex(fields=["search_words"], name="product_trigrams", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["category", "status", "title", "id"], name="product_by_category"),
            models.Index(fields=["status", "-created_at", "-id"], name="product_newest"),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalog:product", args=[self.slug])


class Variant(models.Model):
    """What is really bought: one SKU. At Stripe it is a Product."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="variants")
    sku = models.CharField("SKU", max_length=64, unique=True)
    option_values = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_active = models.BooleanField(default=True)
    requires_shipping = models.BooleanField(default=True)
    grams = models.PositiveIntegerField(default=0)
    tax_code = models.CharField(max_length=20, blank=True)
    image = models.ForeignKey("Image", models.SET_NULL, null=True, blank=True, related_name="+")
    stripe_account = models.CharField(max_length=80, blank=True, editable=False)
    stripe_product_id = models.CharField(max_length=255, blank=True, editable=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "option_values"], name="one_variant_per_choice"
            ),
            models.UniqueConstraint(
                fields=["stripe_account", "stripe_product_id"],
                condition=~Q(stripe_product_id=""),
                name="stripe_product_is_one_variant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product.title} ({self.choice})" if self.choice else self.product.title

    @property
    def choice(self) -> str:
        """The chosen options in words, as "Sand / Large"; empty for a product without options."""
        return " / ".join(self.option_values)


class PriceQuerySet(models.QuerySet["Price"]):
    def current(self) -> "PriceQuerySet":
        return self.filter(is_active=True)


class Price(models.Model):
    """What a variant costs in one currency. Prices are replaced, never edited."""

    key = models.CharField(max_length=16, unique=True, default=new_key, editable=False)
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="prices")
    unit_amount = models.BigIntegerField(help_text="Whole minor units.")
    currency = models.CharField(max_length=3)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    stripe_account = models.CharField(max_length=80, blank=True, editable=False)
    stripe_price_id = models.CharField(max_length=255, blank=True, editable=False)

    objects = PriceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="price_is_not_negative", condition=Q(unit_amount__gte=0)),
            models.UniqueConstraint(
                fields=["variant", "currency"],
                condition=Q(is_active=True),
                name="one_current_price_per_currency",
            ),
            models.UniqueConstraint(
                fields=["stripe_account", "stripe_price_id"],
                condition=~Q(stripe_price_id=""),
                name="stripe_price_is_one_price",
            ),
        ]

    def __str__(self) -> str:
        return str(self.money)

    @property
    def money(self) -> Money:
        return Money(self.unit_amount, self.currency)


class Image(models.Model):
    """A picture of a product. `name` is the stem of its renditions: `<name>-<width>.<format>`."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="images")
    position = models.PositiveIntegerField(default=0)
    alt = models.CharField(max_length=500, blank=True)
    source = models.CharField(max_length=1000, help_text="Where the picture came from.")
    name = models.CharField(max_length=200, blank=True, editable=False)
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    widths = ArrayField(models.PositiveIntegerField(), default=list, blank=True, editable=False)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["product", "source"], name="one_image_per_source"),
        ]

    def __str__(self) -> str:
        return self.alt or self.source


class Stock(models.Model):
    """How many of a variant there are. Changed only by the verbs of shop.catalog.stock."""

    variant = models.OneToOneField(Variant, models.CASCADE, related_name="stock")
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    backorder = models.PositiveIntegerField(
        default=0, help_text="How many may be sold beyond what is on hand."
    )
    shortage = models.PositiveIntegerField(
        default=0, editable=False, help_text="Reserved units that a stocktake could not find."
    )

    class Meta:
        verbose_name_plural = "stock"
        permissions = [("adjust_stock", "Can adjust stock")]
        constraints = [
            models.CheckConstraint(
                name="reserved_can_be_had",
                condition=Q(reserved__gte=0)
                & Q(reserved__lte=F("on_hand") + F("backorder") + F("shortage")),
            ),
            models.CheckConstraint(
                name="on_hand_within_backorder", condition=Q(on_hand__gte=-1 * F("backorder"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.available} available"

    @property
    def available(self) -> int:
        """How many can still be sold; never negative."""
        return max(self.on_hand + self.backorder - self.reserved, 0)


class StockMovement(models.Model):
    """The append-only ledger: its sums are the counters of Stock."""

    class Kind(models.TextChoices):
        RESERVE = "reserve"
        COMMIT = "commit"
        RETURN = "return"
        RESTOCK = "restock"
        ADJUST = "adjust"

    stock = models.ForeignKey(Stock, models.CASCADE, related_name="movements")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    quantity = models.IntegerField(help_text="Units moved; an adjustment may be negative.")
    on_hand_delta = models.IntegerField()
    reserved_delta = models.IntegerField()
    shortage_delta = models.IntegerField(default=0)
    cause_kind = models.CharField(max_length=20, help_text="A word: order, stocktake, import.")
    cause_id = models.UUIDField()
    reason = models.CharField(max_length=200, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stock", "kind", "cause_kind", "cause_id"], name="one_movement_per_cause"
            ),
        ]
        indexes = [models.Index(fields=["cause_id"], name="movement_by_cause")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity:+}"


class CatalogSync(Work):
    """One change of a variant or price on its way to Stripe, with frozen parameters."""

    class Kind(models.TextChoices):
        CREATE_PRODUCT = "create_product"
        UPDATE_PRODUCT = "update_product"
        CREATE_PRICE = "create_price"
        ARCHIVE_PRICE = "archive_price"

    TASK: ClassVar[str] = "catalog.sync_one"
    DRAIN_TASK: ClassVar[str] = "catalog.drain_syncs"
    QUEUE: ClassVar[str] = "catalog"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="syncs")
    price = models.ForeignKey(Price, models.CASCADE, null=True, blank=True, related_name="syncs")
    stripe_account = models.CharField(max_length=80)
    key = models.CharField(max_length=255, unique=True)
    generation = models.PositiveIntegerField(default=1)
    parameters = models.JSONField(default=dict)

    class Meta(Work.Meta):
        constraints: ClassVar[list[Any]] = [*Work.Meta.constraints]

    def __str__(self) -> str:
        return f"{self.kind} {self.variant_id}"
