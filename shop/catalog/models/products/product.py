"""Products: one thing to buy each, and the addresses that it had."""

from collections.abc import Iterable

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, Q, Value
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils import timezone

from shop.catalog.models.categories import Category
from shop.catalog.models.products.size_guides import is_size_guide
from shop.catalog.models.products.units import Unit
from shop.catalog.models.tax_class import MOST_LETTERS, STANDARD, is_tax_class
from shop.translation.translated import Translated

# That one product goes with; a cart of many things is offered no more, either.
MOST_GOING_WITH = 3
# Those that say how a product was indexed.
MOST_LETTERS_OF_RULES = 200


class ProductQuerySet(models.QuerySet["Product"]):
    def on_sale(self) -> "ProductQuerySet":
        """Published products, those that customers can see."""
        return self.filter(status=Product.Status.ACTIVE)

    def listed(self) -> "ProductQuerySet":
        """Those that stand in lists: a tip is offered in the cart alone."""
        return self.on_sale().exclude(kind=Product.Kind.TIP)


class Product(Translated):
    """One thing to buy, in one or more variants."""

    class Status(models.TextChoices):
        DRAFT = "draft"
        ACTIVE = "active"
        ARCHIVED = "archived"

    class Kind(models.TextChoices):
        GOODS = "goods", "something that is bought"
        TIP = "tip", "a tip, offered in the cart alone"
        DONATION = "donation", "a donation"

    TRANSLATED = ("title", "description", "size_guide")
    # The names of options and the values of all variants, whichever option has them; likewise of
    # facts that lists are narrowed by, and the names of all facts.
    GLOSSARIES = ("options",)

    slug = models.SlugField(max_length=255, unique=True)
    title = models.CharField(max_length=255)
    description = models.TextField(blank=True, help_text="Plain text; blank lines part it.")
    size_guide = models.TextField(
        blank=True,
        default="",
        db_default="",
        validators=[is_size_guide],
        help_text="A table beside the sizes: one line each, cells parted by bars, the heads first,"
        " as Size | Chest | Length.",
    )
    vendor = models.CharField(max_length=100, blank=True)
    category = models.ForeignKey(Category, models.PROTECT, related_name="products")
    tags = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    option_names = ArrayField(models.CharField(max_length=100), default=list, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.DRAFT)
    kind = models.CharField(
        "it is", max_length=8, choices=Kind.choices, default=Kind.GOODS, db_default=Kind.GOODS
    )
    publish_at = models.DateTimeField(
        null=True, blank=True, help_text="A draft goes on sale at this time; empty: by hand."
    )
    most_per_order = models.PositiveIntegerField(
        null=True, blank=True, help_text="How many one order may hold; empty: no limit."
    )
    tax_class = models.CharField(
        max_length=MOST_LETTERS,
        default=STANDARD,
        db_default=STANDARD,
        validators=[is_tax_class],
        help_text="Which tax rates hold for it: standard, or another word that rates are kept by.",
    )
    setup_future_usage = models.CharField(
        "its payment is kept",
        max_length=11,
        choices=[("on_session", "for the customer"), ("off_session", "for later charges, too")],
        blank=True,
        default="",
        db_default="",
        help_text="How what it is paid with is kept at Stripe; empty: as the shop's setting says.",
    )
    # Both or none: prices are then said by so many of this unit, beside what the thing costs.
    content_unit = models.CharField(
        "contents in",
        max_length=3,
        choices=Unit.choices,
        blank=True,
        default="",
        db_default="",
        help_text="In which unit its variants say how much they hold. With it the unit price is"
        " shown, as the law wants it of what is sold by weight, volume, length or area.",
    )
    unit_price_per = models.PositiveIntegerField(
        "unit price per",
        null=True,
        blank=True,
        help_text="So many of the unit, such as 100 for “per 100 g”, or 1000 for “per kg”.",
    )
    goes_with = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="+",
        help_text="At most three products, offered beside this one on the payment page or in the"
        " cart.",
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(auto_now=True)
    # Written by shop.catalog.search.index from title, vendor, category, tags, SKUs and description.
    search_vector = SearchVectorField(null=True, editable=False)
    search_words = models.TextField(blank=True, editable=False)
    # By which rules and for which languages; what differs from today's is written anew.
    indexed_as = models.CharField(
        max_length=MOST_LETTERS_OF_RULES, default="", db_default="", editable=False
    )
    # For narrowing and sorting only; what is shown is read from the rows themselves. The options of
    # active variants as "Color:Sand", written by shop.catalog.search.index. For what costs how much
    # see PriceSpan.
    facets = ArrayField(models.TextField(), default=list, db_default=[], editable=False)

    # What its facts let lists be narrowed by, likewise as "Material:Linen"; `facets` has it, too.
    fact_pairs = ArrayField(models.TextField(), default=list, db_default=[], editable=False)

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
            models.Index(fields=["indexed_as"], name="product_indexed_as"),
            models.Index(fields=["category", "status", "title", "id"], name="product_by_category"),
            models.Index(fields=["status", "title", "id"], name="product_by_title"),
            models.Index(fields=["status", "vendor"], name="product_by_vendor"),
            models.Index(fields=["status", "-created_at", "-id"], name="product_newest"),
            # What `listed` finds: the newest and the last change of each category, and how many.
            models.Index(
                fields=["category", "-created_at", "-id"],
                name="product_newest_of_category",
                condition=Q(status="active") & ~Q(kind="tip"),
            ),
            models.Index(
                fields=["category", "-updated_at"],
                name="product_changed_of_category",
                condition=Q(status="active") & ~Q(kind="tip"),
            ),
            models.Index(
                fields=["id"],
                name="product_listed",
                condition=Q(status="active") & ~Q(kind="tip"),
            ),
            models.Index(fields=["kind"], name="product_given", condition=~Q(kind="goods")),
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
            models.CheckConstraint(
                name="unit_price_is_per_some_of_a_unit",
                condition=Q(content_unit="", unit_price_per__isnull=True)
                | (~Q(content_unit="") & Q(unit_price_per__isnull=False, unit_price_per__gte=1)),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("catalog:product", args=[self.slug])

    @property
    def is_given(self) -> bool:
        """Money given for nothing: never discounted, and no part of the goods' value."""
        return self.kind != self.Kind.GOODS

    @property
    def translated_option_names(self) -> list[str]:
        """The options as customers read them in the present language."""
        return [self.translated_word("options", name) for name in self.option_names]

    def words_to_translate(self, _glossary: str, /) -> Iterable[str]:
        """The names of its options, then their values, then those of its facts."""
        variants = self.variants.all() if self.pk else []
        values = (value for variant in variants for value in variant.option_values)
        facts = self.facts.select_related("fact") if self.pk else []
        said = [word for one in facts for word in (one.fact.name, *one.words)]
        return dict.fromkeys([*self.option_names, *values, *said])

    def category_path(self, language: str = "") -> str:
        """As "Home > Light"; in a further language empty when no step has a name in it."""
        steps: list[str] = []
        has_names = not language
        category: Category | None = self.category
        while category is not None:
            name = category.translation(language, "name")
            has_names = has_names or bool(name)
            steps.append(name or category.name)
            category = category.parent
        return " > ".join(reversed(steps)) if has_names else ""


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
