"""What we sell: products in variants, their prices, pictures and stock."""

import secrets
from collections.abc import Iterable
from typing import Any, ClassVar

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone

from shop.money import Money
from shop.transitions import append_only
from shop.translation.translated import Translated
from shop.work import Work


def new_key() -> str:
    """A public key that tells nothing: 12 characters of URL-safe randomness."""
    return secrets.token_urlsafe(9)


class Category(Translated):
    """A shelf of the shop, or a part of one: categories form a tree."""

    TRANSLATED = ("name", "description")

    name = models.CharField(max_length=100)
    slug = models.SlugField(max_length=100, unique=True)
    description = models.TextField(blank=True)
    position = models.PositiveIntegerField(default=0)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "categories"
        constraints = [
            *Translated.Meta.constraints,
            models.UniqueConstraint(
                fields=["parent", "name"], name="one_name_per_shelf", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("catalog:category", args=[self.slug])


class ProductQuerySet(models.QuerySet["Product"]):
    def on_sale(self) -> "ProductQuerySet":
        """Published products, those that customers can see."""
        return self.filter(status=Product.Status.ACTIVE)


# Keeps the rows of PriceSpan, for all rows of a statement at once.
# EXECUTE plans anew each time: a plan made for an empty shop would be slow in a full one. Rows are
# looked up by their keys, one after another, and OFFSET keeps them from being joined: where the
# database believes that a table is still empty (just after many rows were written), it would
# compare every row with every other.
CURRENT_PRICES = """catalog_variant variant, LATERAL (
                SELECT * FROM catalog_price price WHERE price.variant_id = variant.id
                    AND price.is_active AND price.interval = '' OFFSET 0
            ) AS price"""
FOLLOW_LOWEST = f"""
    -- Who changes another price of the same product waits, and then reads what was committed.
    EXECUTE $statement$
        SELECT FROM catalog_product WHERE id = ANY(ARRAY({{touched}})) ORDER BY id FOR NO KEY UPDATE
    $statement$;
    EXECUTE $statement$
        DELETE FROM catalog_pricespan span
        WHERE product_id = ANY(ARRAY({{touched}})) AND NOT EXISTS (
            SELECT FROM {CURRENT_PRICES}
            WHERE variant.product_id = span.product_id AND variant.is_active
                AND price.currency = span.currency OFFSET 0
        )
    $statement$;
    EXECUTE $statement$
        INSERT INTO catalog_pricespan AS span (product_id, currency, lowest, highest, is_reduced)
        SELECT touched.id, asked.* FROM unnest(ARRAY({{touched}})) AS touched (id), LATERAL (
            SELECT price.currency,
                min(coalesce(price.minimum_amount, price.unit_amount)),
                max(coalesce(price.minimum_amount, price.unit_amount)),
                bool_or(price.regular_amount IS NOT NULL)
            FROM {CURRENT_PRICES}
            WHERE variant.product_id = touched.id AND variant.is_active
            GROUP BY price.currency
        ) AS asked
        ORDER BY touched.id
        ON CONFLICT (product_id, currency) DO UPDATE SET
            (lowest, highest, is_reduced) = (excluded.lowest, excluded.highest, excluded.is_reduced)
            WHERE (span.lowest, span.highest, span.is_reduced)
                <> (excluded.lowest, excluded.highest, excluded.is_reduced)
    $statement$;
    RETURN NULL;
"""  # noqa: S608
OF_VARIANTS = "SELECT DISTINCT product_id FROM new_rows"
OF_PRICES = """SELECT DISTINCT (SELECT product_id FROM catalog_variant WHERE id = variant_id)
        FROM new_rows"""


def follow_lowest(name: str, operation: Any, touched: str) -> pgtrigger.Trigger:
    """A price that is made or ended, or a variant taken out, may be the lowest of its product."""
    return pgtrigger.Trigger(
        name=name,
        operation=operation,
        when=pgtrigger.After,
        level=pgtrigger.Statement,
        referencing=pgtrigger.Referencing(new="new_rows"),  # type: ignore[no-untyped-call]
        func=FOLLOW_LOWEST.replace("{touched}", touched),
    )


class Product(Translated):
    """One thing to buy, in one or more variants."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        ARCHIVED = "archived"

    TRANSLATED = ("title", "description")
    # The names of options and the values of all variants, whichever option has them.
    GLOSSARIES = ("options",)

    slug = models.SlugField(max_length=255, unique=True)
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True, help_text="Plain text; blank lines part it.")
    vendor = models.CharField(max_length=100, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="products")
    tags = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    option_names = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    publish_at = models.DateTimeField(
        null=True, blank=True, help_text="A draft goes on sale at this time; empty: by hand."
    )
    most_per_order = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many one order may hold; empty: no limit."
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    # Written by shop.catalog.search.index from title, vendor, category, tags, SKUs and description.
    search_vector = SearchVectorField(null=True, editable=False)
    search_words = models.TextField(blank=True, editable=False)
    # For narrowing and sorting only; what is shown is read from the rows themselves. The options of
    # active variants as "Color:Sand", written by shop.catalog.search.index. For what costs how much
    # see PriceSpan.
    facets = ArrayField(models.TextField(), default=list, db_default=[], editable=False)

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]
        indexes = [
            GinIndex(fields=["search_vector"], name="product_full_text"),
            # What is found in titles counts for more, and may be one of a hundred thousand.
            GinIndex(
                Func(F("search_vector"), Value("{a}"), function="ts_filter"),
                name="product_title_words",
            ),
            models.Index(Upper("title"), name="product_by_title_in_any_case"),
            GinIndex(fields=["facets"], name="product_facets"),
            models.Index(fields=["category", "status", "title", "id"], name="product_by_category"),
            models.Index(fields=["status", "title", "id"], name="product_by_title"),
            models.Index(fields=["status", "vendor"], name="product_by_vendor"),
            models.Index(fields=["status", "-created_at", "-id"], name="product_newest"),
            models.Index(
                fields=["publish_at"],
                name="product_to_publish",
                condition=Q(status="draft", publish_at__isnull=False),
            ),
        ]
        constraints = [
            *Translated.Meta.constraints,
            models.CheckConstraint(
                name="most_per_order_is_some",
                condition=Q(most_per_order__isnull=True) | Q(most_per_order__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalog:product", args=[self.slug])

    @property
    def translated_option_names(self) -> list[str]:
        """The options as customers read them in the present language."""
        return [self.translated_word("options", name) for name in self.option_names]

    def words_to_translate(self, glossary: str) -> Iterable[str]:
        """The names of its options, then their values."""
        variants = self.variants.all() if self.pk else []
        values = (value for variant in variants for value in variant.option_values)
        return dict.fromkeys([*self.option_names, *values])


class Word(models.Model):
    """A word by which a product is or was found: what a misspelt word is compared with.

    Not unique, so that nobody who adds a word waits for another who adds the same.
    """

    text = models.CharField(max_length=40)

    class Meta:
        indexes = [
            models.Index(fields=["text"], name="word_by_text"),
            GinIndex(fields=["text"], name="word_trigrams", opclasses=["gin_trgm_ops"]),
        ]

    def __str__(self) -> str:
        return self.text


class OldSlug(models.Model):
    """An address that a product or category had; it leads to the present one."""

    slug = models.SlugField(max_length=255)
    product = models.ForeignKey(
        Product, models.CASCADE, null=True, blank=True, related_name="old_slugs"
    )
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, blank=True, related_name="old_slugs"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["slug"], condition=Q(category=None), name="old_slug_of_one_product"
            ),
            models.UniqueConstraint(
                fields=["slug"], condition=Q(product=None), name="old_slug_of_one_category"
            ),
            models.CheckConstraint(
                name="old_slug_of_one_thing",
                condition=Q(product=None, category__isnull=False)
                | Q(product__isnull=False, category=None),
            ),
        ]

    def __str__(self) -> str:
        return self.slug


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
        indexes = [models.Index(Upper("sku"), name="variant_by_sku_in_any_case")]
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
        triggers = [follow_lowest("lowest_follows_variant", pgtrigger.Update, OF_VARIANTS)]

    def __str__(self) -> str:
        return f"{self.product.title} ({self.choice})" if self.choice else self.product.title

    @property
    def name(self) -> str:
        """What customers call it, in the present language."""
        title, choice = self.product.translated("title"), self.translated_choice
        return f"{title} ({choice})" if choice else title

    @property
    def choice(self) -> str:
        """The chosen options in words, as "Sand / Large"; empty for a product without options."""
        return " / ".join(self.option_values)

    @property
    def translated_choice(self) -> str:
        """The same as customers read it in the present language."""
        return " / ".join(self.translated_values)

    @property
    def translated_values(self) -> list[str]:
        return [self.product.translated_word("options", value) for value in self.option_values]


class PriceQuerySet(models.QuerySet["Price"]):
    def current(self) -> "PriceQuerySet":
        """What things are bought for once, now; not what subscriptions cost."""
        return self.filter(is_active=True, interval="")


class PriceSpan(models.Model):
    """What the active variants of a product cost now in one currency; the database alone writes it.

    As rows, so that an index leads through a list by price, in whatever currency.
    """

    # The rule that there is one for each currency brings the index.
    product = models.ForeignKey(Product, models.CASCADE, related_name="price_spans", db_index=False)
    currency = models.CharField(max_length=3)
    lowest = models.BigIntegerField()
    highest = models.BigIntegerField()
    is_reduced = models.BooleanField(help_text="At least one price is a reduced one.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "currency"], name="one_price_span_per_currency"
            ),
        ]
        indexes = [
            models.Index(fields=["currency", "lowest", "product"], name="product_by_price"),
            models.Index(fields=["currency", "highest"], name="product_by_highest_price"),
            models.Index(
                fields=["currency", "product"],
                name="product_with_reduced_price",
                condition=Q(is_reduced=True),
            ),
        ]

    def __str__(self) -> str:
        return str(Money(self.lowest, self.currency))


class Price(models.Model):
    """What a variant costs in one currency. Prices are replaced, never edited.

    With `interval` it is what a subscription costs each time. With `is_chosen` the customer names
    the amount, between the minimum and the maximum; `unit_amount` is then what is proposed.
    """

    class Interval(models.TextChoices):
        DAY = "day"
        WEEK = "week"
        MONTH = "month"
        YEAR = "year"

    key = models.CharField(max_length=16, unique=True, default=new_key, editable=False)
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="prices")
    unit_amount = models.BigIntegerField(help_text="Whole minor units.")
    currency = models.CharField(max_length=3)
    # A reduced price names both: what it cost before, and the lowest price of the last 30 days
    # before the reduction, which the buyer must be told (Directive 98/6/EC, Article 6a).
    regular_amount = models.BigIntegerField(null=True, blank=True)
    lowest_recent_amount = models.BigIntegerField(null=True, blank=True)
    is_chosen = models.BooleanField(default=False, db_default=False)
    minimum_amount = models.BigIntegerField(null=True, blank=True)
    maximum_amount = models.BigIntegerField(null=True, blank=True)
    interval = models.CharField(
        max_length=5, choices=Interval.choices, default="", db_default="", blank=True
    )
    interval_count = models.PositiveSmallIntegerField(default=1, db_default=1)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    stripe_account = models.CharField(max_length=80, blank=True, editable=False)
    stripe_price_id = models.CharField(max_length=255, blank=True, editable=False)

    objects = PriceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="price_is_not_negative", condition=Q(unit_amount__gte=0)),
            models.UniqueConstraint(
                fields=["variant", "currency", "interval", "interval_count"],
                condition=Q(is_active=True),
                name="one_current_price_per_currency",
            ),
            models.CheckConstraint(
                name="reduced_price_is_lower",
                condition=Q(regular_amount__isnull=True, lowest_recent_amount__isnull=True)
                | Q(regular_amount__gt=F("unit_amount"), lowest_recent_amount__gte=0),
            ),
            models.CheckConstraint(
                name="chosen_price_has_bounds",
                condition=Q(is_chosen=False, minimum_amount=None, maximum_amount=None)
                | Q(
                    is_chosen=True,
                    minimum_amount__gte=1,
                    unit_amount__gte=F("minimum_amount"),
                    maximum_amount__gte=F("unit_amount"),
                ),
            ),
            models.UniqueConstraint(
                fields=["stripe_account", "stripe_price_id"],
                condition=~Q(stripe_price_id=""),
                name="stripe_price_is_one_price",
            ),
        ]
        triggers = [
            follow_lowest("lowest_follows_new_price", pgtrigger.Insert, OF_PRICES),
            follow_lowest("lowest_follows_price", pgtrigger.Update, OF_PRICES),
        ]

    def __str__(self) -> str:
        return str(self.money)

    @property
    def money(self) -> Money:
        return Money(self.unit_amount, self.currency)

    @property
    def least(self) -> Money:
        """The least that one can be had for."""
        least = self.minimum_amount
        return self.money if least is None else Money(least, self.currency)

    @property
    def most(self) -> Money:
        """The most that one can be had for."""
        most = self.maximum_amount
        return self.money if most is None else Money(most, self.currency)

    def asked(self, named: Money | None) -> Money:
        """What one costs a customer who named this amount: as near to it as the bounds allow."""
        return self.money if named is None else max(self.least, min(named, self.most))

    @property
    def regular(self) -> Money | None:
        """What a reduced price was before; None when it is not reduced."""
        return None if self.regular_amount is None else Money(self.regular_amount, self.currency)

    @property
    def lowest_recent(self) -> Money | None:
        """The lowest price of the 30 days before the reduction."""
        lowest = self.lowest_recent_amount
        return None if lowest is None else Money(lowest, self.currency)


class Image(Translated):
    """A picture of a product. `name` is the stem of its files: `<name>-<width>.<format>`."""

    TRANSLATED = ("alt",)

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
            *Translated.Meta.constraints,
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
        UPDATE_PRICE = "update_price"
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


class PictureFetch(Work):
    """A picture that a catalog names by its web address, to be fetched and written anew."""

    TASK: ClassVar[str] = "catalog.fetch_picture"
    DRAIN_TASK: ClassVar[str] = "catalog.drain_picture_fetches"
    QUEUE: ClassVar[str] = "catalog"
    MAX_ATTEMPTS: ClassVar[int] = 12

    image = models.ForeignKey(Image, models.CASCADE, related_name="fetches")

    class Meta(Work.Meta):
        constraints: ClassVar[list[Any]] = [*Work.Meta.constraints]

    def __str__(self) -> str:
        return self.image.source[:200]


class StripeOffer(models.Model):
    """An object in the Stripe account without our mark: offered for adoption, never touched."""

    class Status(models.TextChoices):
        OPEN = "open"
        ADOPTED = "adopted"
        DECLINED = "declined"

    stripe_account = models.CharField(max_length=80)
    stripe_id = models.CharField(max_length=255)
    # A price of one of our products; empty for a product of somebody else.
    variant = models.ForeignKey(Variant, models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=255, blank=True)
    unit_amount = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    # What a price asks, in the form of shop.catalog.stripe_sync.prices.
    terms = models.JSONField(default=dict, blank=True, db_default=Value({}, models.JSONField()))
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["stripe_account", "stripe_id"], name="one_offer_per_stripe_object"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.stripe_id


class SyncConflict(models.Model):
    """A field that was changed here and at Stripe since they last agreed; a person decides."""

    class Status(models.TextChoices):
        OPEN = "open"
        OURS = "ours"
        THEIRS = "theirs"
        OVER = "over"

    variant = models.ForeignKey(Variant, models.CASCADE, related_name="conflicts")
    stripe_account = models.CharField(max_length=80)
    field = models.CharField(max_length=20)
    base = models.JSONField(null=True, blank=True)
    ours = models.JSONField(null=True, blank=True)
    theirs = models.JSONField(null=True, blank=True)
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_id = models.BigIntegerField(null=True, blank=True)
    closed_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["variant__sku", "field"]
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "stripe_account", "field"],
                condition=Q(status="open"),
                name="one_open_conflict_per_field",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.variant.sku}"
