"""Titles in every language, scripts without blanks, words typed in haste. # S-1"""

from typing import Any

import pytest

from shop.catalog.models import Product
from shop.catalog.search import index, words
from shop.catalog.search.ranking import find
from tests.shop.catalog.search.test_ranking import ids_of
from tests.support.factories import ProductFactory

pytestmark = pytest.mark.django_db


def thing(title: str, description: str = "") -> Product:
    product: Product = ProductFactory(title=title, description=description)
    index.index(product)
    return product


def translated(language: str, title: str, description: str = "") -> Product:
    texts = {language: {"title": title, "description": description}}
    product: Product = ProductFactory(title="Thing", translations=texts)
    index.index(product)
    return product


@pytest.mark.parametrize("language", ["de", "fr", "ja"])
def test_titles_weigh_more_than_descriptions_in_each_language(settings: Any, language: str) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "D"), ("fr", "F"), ("ja", "J")]
    text = "Lampion, Lampion, Lampion und Lampion. " * 5
    told = translated(language, "Alpha", text)
    named = translated(language, "Lampion", "Beta")

    assert ids_of("lampion") == [named.pk, told.pk]


@pytest.mark.parametrize(
    ("language", "title", "parts", "others"),
    [
        ("zh", "羊毛毯子", ["毛毯", "羊毛毯", "毯子", "子", "毛", "羊毛毯子"], ["毯毛", "子毯"]),
        ("ja", "リネンシャツ青", ["シャツ", "リネン", "青", "シャツ青"], ["ツシ", "シリ"]),
        ("th", "ผ้าห่มขนสัตว์", ["ผ้าห่ม", "ขน", "สัตว์", "ผ้า"], ["ห่มผ้า", "ว์สัต"]),
    ],
)
def test_parts_of_words_are_found_in_scripts_without_blanks(
    settings: Any, language: str, title: str, parts: list[str], others: list[str]
) -> None:
    settings.LANGUAGES = [("en", "English"), (language, language)]
    product = translated(language, title)

    assert {part: ids_of(part) for part in parts} == {part: [product.pk] for part in parts}
    assert {part: ids_of(part) for part in others} == {part: [] for part in others}


def test_a_script_without_blanks_may_be_the_shops_own(settings: Any) -> None:
    settings.LANGUAGE_CODE = "zh-hans"
    settings.LANGUAGES = [("zh-hans", "简体中文")]
    told, named = thing("杯子", "有毛毯吗"), thing("羊毛毯子", "蓝色")

    assert ids_of("毛毯") == [named.pk, told.pk]
    assert ids_of("蓝色毛毯") == []
    assert ids_of("蓝色 毛毯") == [named.pk]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Größe 42, and/or", ["grosse", "42", "and", "or"]),
        ("リネン100%", ["リネ", "ネン", "ン", "100"]),
        ("毛", ["毛"]),
        ("ｼｬﾂ", ["シャ", "ャツ", "ツ"]),
        ("ผ้า", ["ผ้า", "า"]),
    ],
)
def test_texts_are_cut_into_words(text: str, expected: list[str]) -> None:
    assert words.cut([text]) == [expected]


@pytest.mark.parametrize("query", ["blnaket", "lbanket", "blanekt", "blankte"])
def test_two_letters_changed_about_are_one_slip(query: str) -> None:
    blanket = thing("Blanket")
    thing("Blinker")
    thing("Basket")

    assert (ids_of(query), find(query).is_near) == ([blanket.pk], True)


@pytest.mark.parametrize(("query", "title"), [("mgu", "Mug"), ("lmap", "Lamp"), ("hta", "Hat")])
def test_short_words_survive_it_too(query: str, title: str) -> None:
    meant = thing(title)

    assert ids_of(query) == [meant.pk]


def test_an_exact_hit_in_a_description_does_not_end_the_tolerant_search() -> None:
    told = thing("Shelf", "Where customers look for a blnaket.")
    blanket = thing("Blanket")

    found = find("blnaket")

    assert (ids_of("blnaket"), found.is_near) == ([told.pk, blanket.pk], False)


def test_a_word_that_is_no_slip_finds_nothing_besides() -> None:
    lamp = thing("Lamp", "With a cable.")
    thing("Table")

    assert ids_of("cable") == [lamp.pk]


def test_a_hit_in_a_title_ends_it() -> None:
    mug = thing("Mug")
    thing("Rug")

    assert ids_of("mug") == [mug.pk]
