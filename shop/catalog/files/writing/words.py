"""The words of a draft in further languages, beside those that a row has already."""

from collections.abc import Iterable, Mapping
from typing import Any

from shop.catalog import option_words
from shop.catalog.files.drafts import ImageDraft, ProductDraft
from shop.catalog.models import Image, Product


def shops_words(drafts: Iterable[ProductDraft]) -> dict[str, dict[str, str]]:
    """What the shop calls the words for which these have a place and no text."""
    texts = (words for draft in drafts for words in draft.option_words.values())
    empty = {word for words in texts for word, text in words.items() if not text}
    return option_words.translations_of(empty) if empty else {}


def translations_of(
    row: Product, draft: ProductDraft, shops: Mapping[str, Mapping[str, str]]
) -> Any:
    """The words in further languages, with those of the file; an empty text takes one away.

    Of an option's word it takes away what the product says otherwise than the shop, {word:
    {language: text}}.
    """
    wanted = Product(translations=row.translations)
    for language, texts in draft.translations.items():
        for name in texts.keys() & set(Product.TRANSLATED):
            wanted.translate(language, name, texts[name])
    for language, words in draft.option_words.items():
        own = wanted.glossary(language, "options")
        said = {
            word: text or (shops.get(word, {}).get(language, "") if word in own else "")
            for word, text in words.items()
        }
        wanted.translate_words(language, "options", own | said)
    return wanted.translations


def alts_of(row: Image, draft: ImageDraft) -> Any:
    """What a picture shows, likewise."""
    wanted = Image(translations=row.translations)
    for language, text in draft.alts.items():
        wanted.translate(language, "alt", text)
    return wanted.translations
