"""The catalog as staff see it; to import the pages is to register them."""

from shop.catalog.admin import option_words, products, stock, stripe_sync

__all__ = ["option_words", "products", "stock", "stripe_sync"]
