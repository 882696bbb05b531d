"""Words of options and what they are called in further languages."""

from django.db import models

from shop.translation.translated import Translated


class OptionWord(Translated):
    """A name or value of an option, as "Color" or "Blue", said once for all products.

    Products keep the words that they need in their own glossary, so that no page asks for them here
    (shop/catalog/option_words.py writes them there).
    """

    TRANSLATED = ("word",)

    word = models.CharField(max_length=100, unique=True)

    class Meta(Translated.Meta):
        ordering = ["word"]
        constraints = [*Translated.Meta.constraints]

    def __str__(self) -> str:
        return self.word
