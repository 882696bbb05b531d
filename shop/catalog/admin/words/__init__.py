"""What is said of products: the words of their options, and facts."""

from shop.catalog.admin.words import facts, option_words

__all__ = ["facts", "option_words"]
