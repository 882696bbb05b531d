"""What a shop's export says beyond the usual columns, in the words that the import knows."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from django.conf import settings
from django.db.models import Count, Exists, Func, IntegerField, Max, OuterRef, Value
from django.utils.timezone import localtime

from shop.catalog.files.columns.prices import NOTHING, PLAIN, columns_of
from shop.catalog.models import Category, Fact, Image, Price, Product, ProductFact, Variant
from shop.translation.translated import further_languages

# In this order they stand in each further language.
TRANSLATED = ("title", "description", "category", "size_guide")
# Shopify's own file has so many options; a shop may have more.
OPTIONS = 3


@dataclass(frozen=True)
class Further:
    """The columns in use: each record has all of them, so that one look tells what a file holds."""

    languages: tuple[str, ...]
    prices: tuple[str, ...]
    # {name of a fact that some product says: the column}.
    facts: dict[str, str]

    @classmethod
    def in_use(cls) -> "Further":
        """Those that some product, category or price of this shop needs."""
        keys = Func("translations", function="jsonb_object_keys")
        products, *others = (
            model._default_manager.order_by().values_list(keys, flat=True)
            for model in (Product, Category, Image)
        )
        languages = set(products.union(*others))
        names = {name for name, _ in columns_of(_kinds(), currency=settings.DEFAULT_CURRENCY)}
        spoken = tuple(one for one in further_languages() if one in languages)
        facts = Fact.objects.filter(Exists(ProductFact.objects.filter(fact=OuterRef("pk"))))
        columns = {one.name: f"{'filter' if one.is_filter else 'fact'}:{one.name}" for one in facts}
        return cls(spoken, tuple(sorted(names - set(PLAIN))), columns)

    @property
    def columns(self) -> list[str]:
        texts = [f"{field}:{language}" for language in self.languages for field in TRANSLATED]
        return [
            *("most_per_order", "publish_at", "tax_class", "unit_price_per", "size_guide", *texts),
            *self._columns_of_facts(),
            *("variant_active", "variant_content", "low_stock_threshold", *self.prices),
        ]

    def of_product(self, product: Product) -> dict[str, str]:
        told = {
            "most_per_order": str(product.most_per_order or ""),
            "publish_at": localtime(product.publish_at).isoformat() if product.publish_at else "",
            "tax_class": product.tax_class,
            "unit_price_per": f"{product.unit_price_per} {product.content_unit}"
            if product.content_unit
            else "",
        }
        told["size_guide"] = product.size_guide
        told |= dict.fromkeys(self._columns_of_facts(), "")
        for one in product.facts.all():
            column = self.facts[one.fact.name]
            told[column] = one.text
            told |= {f"{column}:{each}": self._fact_in(one, each) for each in self.languages}
        for language in self.languages:
            told[f"size_guide:{language}"] = product.translation(language, "size_guide")
            told[f"title:{language}"] = product.translation(language, "title")
            about = product.translation(language, "description")
            told[f"description:{language}"] = escape(about, quote=False)
            told[f"category:{language}"] = product.category_path(language)
        return told

    def _columns_of_facts(self) -> list[str]:
        return [
            name
            for column in self.facts.values()
            for name in (column, *(f"{column}:{one}" for one in self.languages))
        ]

    def _fact_in(self, fact: ProductFact, language: str) -> str:
        """The words that narrow lists by their places, empty where one has none."""
        if not fact.fact.is_filter:
            return fact.translation(language, "text")
        words = self.words(fact.product, fact.words)[language]
        return ", ".join(words) if any(words) else ""

    @property
    def columns_of_parts(self) -> list[str]:
        """For files in which each variant and picture has a row."""
        parts = [f"option{n}_{part}" for n in self.options() for part in ("name", "value")]
        return [f"{part}:{one}" for one in self.languages for part in [*parts, "alt"]]

    def options(self) -> range:
        """The numbers of the options, as many as some product has."""
        longest = Func("option_names", Value(1), function="array_length")
        most = Product.objects.aggregate(most=Max(longest, output_field=IntegerField()))["most"]
        return range(1, max(most or 0, OPTIONS) + 1)

    def words(self, product: Product, own: list[str]) -> dict[str, list[str]]:
        """{language: these names or values of options}; empty where there is no word."""
        known = {one: product.glossary(one, "options") for one in self.languages}
        return {one: [known[one].get(word, "") for word in own] for one in self.languages}

    def cells_of_words(self, product: Product, part: str, own: list[str]) -> dict[str, str]:
        """The same as columns like `option1_name:de`."""
        return {
            f"option{n}_{part}:{language}": text
            for language, words in self.words(product, own).items()
            for n, text in enumerate(words, start=1)
        }

    def of_image(self, image: Image) -> dict[str, str]:
        return {f"alt:{one}": image.translation(one, "alt") for one in self.languages}

    def of_variant(self, variant: Variant) -> dict[str, str]:
        """With `price` and `regular_price` in the shop's own currency first."""
        found = dict(columns_of(prices_of(variant), currency=settings.DEFAULT_CURRENCY))
        low = variant.low_stock_threshold
        return {
            "price": found.get("price", NOTHING),
            "regular_price": found.get("regular_price", ""),
            "variant_active": str(variant.is_active).lower(),
            "variant_content": f"{variant.content.normalize():f}" if variant.content else "",
            "low_stock_threshold": "" if low is None else str(low),
            **{name: found.get(name, "") for name in self.prices},
        }


def prices_of(variant: Variant) -> list[Price]:
    """The variant's current prices as they were prefetched; none where nobody fetched them."""
    prices: list[Price] = getattr(variant, "current_prices", [])
    return prices


def _kinds() -> list[Price]:
    """One price of each kind that is asked now, with every amount that some price of it has."""
    counted = (
        Price.objects.filter(is_active=True)
        .values("currency", "interval", "interval_count")
        .annotate(
            reduced=Count("regular_amount"),
            chosen=Count("minimum_amount"),
            trials=Count("trial_days"),
        )
        .order_by("currency", "interval", "interval_count")
    )
    return [_example(kind) for kind in counted]


def _example(kind: Mapping[str, Any]) -> Price:
    reduced, chosen = (0 if kind[name] else None for name in ("reduced", "chosen"))
    return Price(
        unit_amount=0,
        currency=kind["currency"],
        interval=kind["interval"],
        interval_count=kind["interval_count"],
        regular_amount=reduced,
        lowest_recent_amount=reduced,
        minimum_amount=chosen,
        maximum_amount=chosen,
        trial_days=1 if kind["trials"] else None,
    )
