"""Products and the variants in which they are bought."""

from shop.catalog.models.products.product import (
    MOST_GOING_WITH,
    MOST_LETTERS_OF_RULES,
    OldSlug,
    Product,
    ProductQuerySet,
)
from shop.catalog.models.products.units import LARGER, Unit
from shop.catalog.models.products.variant import Variant

__all__ = [
    "LARGER",
    "MOST_GOING_WITH",
    "MOST_LETTERS_OF_RULES",
    "OldSlug",
    "Product",
    "ProductQuerySet",
    "Unit",
    "Variant",
]
