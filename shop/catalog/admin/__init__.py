"""The catalog as staff see it; to import the pages is to register them."""

from shop.catalog.admin import products, stock, stripe_sync, words

__all__ = ["products", "stock", "stripe_sync", "words"]
