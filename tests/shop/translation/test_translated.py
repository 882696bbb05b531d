"""Words in further languages: kept by one verb, read with the shop's own to fall back on. # U9"""

from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import translation

from shop.catalog.models import Product
from shop.translation.translated import NotTranslatable, english_name, further_languages
from tests.support.factories import ProductFactory, VariantFactory


@pytest.fixture(autouse=True)
def three_languages(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français")]


def test_a_text_is_read_in_the_present_language_else_in_the_shops_own() -> None:
    lamp = Product(title="Lamp")
    lamp.translate("de", "title", "Lampe")

    def read(language: str) -> str:
        with translation.override(language):
            return lamp.translated("title")

    assert [read(one) for one in ("en", "de", "de-at", "fr", "it")] == [
        "Lamp", "Lampe", "Lampe", "Lamp", "Lamp",
    ]  # fmt: skip


def test_an_empty_text_is_taken_away_and_a_former_value_is_left_as_it_was() -> None:
    former: dict[str, Any] = {"de": {"title": "Lampe"}, "it": {"title": "Lampada"}}
    lamp = Product(title="Lamp", translations=former)

    lamp.translate("fr", "title", "Lampe à huile")
    lamp.translate("de", "title", "")

    assert lamp.translations == {"it": {"title": "Lampada"}, "fr": {"title": "Lampe à huile"}}
    assert former == {"de": {"title": "Lampe"}, "it": {"title": "Lampada"}}


def test_words_are_translated_one_by_one() -> None:
    shirt = Product(title="Shirt", option_names=["Color", "Size"])
    shirt.translate_words("de", "options", {"Color": "Farbe", "Ink": "Tinte", "M": ""})

    with translation.override("de"):
        names = shirt.translated_option_names
        ink = shirt.translated_word("options", "Ink")

    assert (names, ink) == (["Farbe", "Size"], "Tinte")
    assert shirt.translations == {"de": {"options": {"Color": "Farbe", "Ink": "Tinte"}}}


@pytest.mark.parametrize(
    ("language", "field"),
    [("it", "title"), ("en", "title"), ("", "title"), ("de", "slug"), ("de", "options")],
)
def test_what_cannot_be_translated_is_refused(language: str, field: str) -> None:
    with pytest.raises(NotTranslatable):
        Product().translate(language, field, "Lampe")
    with pytest.raises(NotTranslatable):
        Product().translate_words(language or "it", "title", {"Lamp": "Lampe"})


@pytest.mark.django_db
@pytest.mark.parametrize("value", [[], "de", None, 1])
def test_the_database_takes_nothing_but_an_object(value: Any) -> None:
    product = ProductFactory()

    with pytest.raises(IntegrityError):
        Product.objects.filter(pk=product.pk).update(translations=value)


@pytest.mark.django_db
def test_the_words_of_a_product_are_its_options_and_their_values() -> None:
    shirt = ProductFactory(option_names=["Color", "Size"])
    for number, values in enumerate((["Ink", "M"], ["Sand", "M"])):
        VariantFactory(product=shirt, option_values=values, position=number)

    assert list(shirt.words_to_translate("options")) == ["Color", "Size", "Ink", "M", "Sand"]


def test_the_further_languages_keep_their_order_and_have_english_names() -> None:
    assert further_languages() == ["de", "fr"]
    assert [english_name(one) for one in ("de", "fr", "xx")] == ["German", "French", "xx"]
