"""Texts of a row in further languages, in one JSON column of the row itself.

In the row, so that a page in another language costs no further query. The columns hold the shop's
own language, `translations` the further ones: {"de": {"title": "Laterne"}}. What a column lists in
single words, as the options of a product, is a glossary from the own word to the further one:
{"de": {"options": {"Color": "Farbe"}}}; so words may change places, and some may lack their like.

Words in a language that the shop gave up stay where they are, unseen.
"""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import CharField, F, Func, Value
from django.db.models.lookups import Exact
from django.utils.translation import get_language, get_language_info


class NotTranslatable(ValueError):
    """The shop does not speak this language, or the row has no such text."""


class Translated(models.Model):
    """A row with texts in further languages.

    TRANSLATED names its columns, GLOSSARIES what it translates word by word.
    """

    TRANSLATED: ClassVar[tuple[str, ...]] = ()
    GLOSSARIES: ClassVar[tuple[str, ...]] = ()

    translations = models.JSONField(
        default=dict, blank=True, db_default=Value({}, models.JSONField())
    )

    class Meta:
        abstract = True
        constraints: ClassVar[list[Any]] = [
            models.CheckConstraint(
                name="%(class)s_translations_are_an_object",
                condition=Exact(
                    Func(F("translations"), function="jsonb_typeof", output_field=CharField()),
                    Value("object"),
                ),
            )
        ]

    def translated(self, field: str) -> str:
        """The text in the present language, else in the shop's own."""
        return self.translation(present_language(), field) or str(getattr(self, field))

    def translated_word(self, glossary: str, word: str) -> str:
        """The word in the present language, else as it is."""
        return self.glossary(present_language(), glossary).get(word) or word

    def translation(self, language: str, field: str) -> str:
        """The text in this further language; empty where there is none."""
        return str(self.translations.get(language, {}).get(field) or "")

    def glossary(self, language: str, name: str) -> dict[str, str]:
        """{the shop's own word: the one in this further language}."""
        return dict(self.translations.get(language, {}).get(name) or {})

    def translate(self, language: str, field: str, text: str) -> None:
        """Keep the text in this further language; an empty one takes it away. Saves nothing.

        Raises NotTranslatable.
        """
        self._keep(language, field, text, self.TRANSLATED)

    def translate_words(self, language: str, glossary: str, words: Mapping[str, str]) -> None:
        """Keep just these words of a glossary, as `translate` does; empty ones are left out."""
        known = {word: text for word, text in words.items() if text}
        self._keep(language, glossary, known, self.GLOSSARIES)

    def words_to_translate(self, glossary: str, /) -> Iterable[str]:
        """The shop's own words that a glossary is about."""
        return self.glossary("", glossary)

    def _keep(self, language: str, name: str, value: Any, known: tuple[str, ...]) -> None:
        if language not in further_languages():
            raise NotTranslatable(f"{language!r} is no further language of this shop.")
        if name not in known:
            raise NotTranslatable(f"{name!r} of {type(self).__name__} is not translated.")
        # A new value, not a changed one: whoever compares with the former sees the difference.
        texts = {**self.translations.get(language, {}), name: value}
        kept = {key: text for key, text in texts.items() if text}
        others = {key: texts for key, texts in self.translations.items() if key != language}
        self.translations = {**others, language: kept} if kept else others


def further_languages() -> list[str]:
    """The languages of the shop beside its own, in the order of the settings."""
    return [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def present_language() -> str:
    """The further language that is spoken now; empty for the shop's own."""
    code = get_language() or ""
    known = further_languages()
    return next((one for one in (code, code.partition("-")[0]) if one in known), "")


def english_name(language: str) -> str:
    """What staff call a language, as "German"."""
    try:
        return str(get_language_info(language)["name"])
    except KeyError:
        return dict(settings.LANGUAGES).get(language, language)
