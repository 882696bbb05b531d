"""The words of a draft in further languages, beside those that a row has already."""

from typing import Any

from shop.catalog.files.drafts import ImageDraft, ProductDraft
from shop.catalog.models import Image, Product


def translations_of(row: Product, draft: ProductDraft) -> Any:
    """The words in further languages, with those of the file; an empty text takes one away."""
    wanted = Product(translations=row.translations)
    for language, texts in draft.translations.items():
        for name in texts.keys() & set(Product.TRANSLATED):
            wanted.translate(language, name, texts[name])
    for language, words in draft.option_words.items():
        wanted.translate_words(language, "options", wanted.glossary(language, "options") | words)
    return wanted.translations


def alts_of(row: Image, draft: ImageDraft) -> Any:
    """What a picture shows, likewise."""
    wanted = Image(translations=row.translations)
    for language, text in draft.alts.items():
        wanted.translate(language, "alt", text)
    return wanted.translations
