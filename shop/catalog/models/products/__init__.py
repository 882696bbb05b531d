"""Products and the variants in which they are bought."""

from shop.catalog.models.products.facts import BLANKS, Fact, ProductFact, values_of
from shop.catalog.models.products.product import (
    MOST_GOING_WITH,
    MOST_LETTERS_OF_RULES,
    OldSlug,
    Product,
    ProductQuerySet,
)
from shop.catalog.models.products.size_guides import is_size_guide, rows_of
from shop.catalog.models.products.units import LARGER, Unit
from shop.catalog.models.products.variant import Variant

__all__ = [
    "BLANKS",
    "LARGER",
    "MOST_GOING_WITH",
    "MOST_LETTERS_OF_RULES",
    "Fact",
    "OldSlug",
    "Product",
    "ProductFact",
    "ProductQuerySet",
    "Unit",
    "Variant",
    "is_size_guide",
    "rows_of",
    "values_of",
]
