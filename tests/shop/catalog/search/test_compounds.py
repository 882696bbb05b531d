"""Compounds are found by their parts that are words of the shop. # S-1"""

from typing import Any

import pytest

from shop.catalog.models import Product
from shop.catalog.search import index
from shop.catalog.search.compounds import compounds_of
from shop.catalog.search.spelling import know
from tests.shop.catalog.search.test_ranking import ids_of
from tests.support.factories import PriceFactory, ProductFactory

pytestmark = pytest.mark.django_db


def german(title: str, description: str = "", **options: str) -> Product:
    texts = {"title": title, "description": description, "options": options}
    product: Product = ProductFactory(
        title=f"Thing {title[::-1]}", translations={"de": texts}, option_names=["Color"]
    )
    PriceFactory(variant__product=product, variant__option_values=["Ink"])
    index.index(product)
    return product


@pytest.mark.parametrize(
    ("words", "asked", "ending", "others"),
    [
        ("wolldecke wolle", "decke", ["wolldecke"], []),
        ("wolldecke wolle", "decken", ["wolldecke"], []),
        # What is asked for is too long to end a word by chance.
        ("wolldecke decke", "decke", ["wolldecke"], []),
        ("tangseife tang seifenschale schale", "seife", ["tangseife"], ["seifenschale"]),
        ("geschirrtucher geschirr", "tuch", ["geschirrtucher"], []),
        ("arbeitshose arbeit", "hose", ["arbeitshose"], []),
        ("bienenwachskerze bienen kerzen", "wachs", [], ["bienenwachskerze"]),
        ("hafenkrug hafenmauer", "krug", ["hafenkrug"], []),
        # No compound, though it looks like one.
        ("wolldecke wolldecken wolle ecke", "ecke", [], []),
        ("matrose rose", "rose", [], []),
        ("preis kreis reise eis", "eis", [], []),
        ("schnecke schnur", "ecke", [], []),
    ],
)
def test_the_parts_of_a_german_word_are_told(
    words: str, asked: str, ending: list[str], others: list[str]
) -> None:
    know([words])

    found = compounds_of([asked]).get(asked)

    assert (found.ending if found else [], found.others if found else []) == (ending, others)


@pytest.mark.parametrize(
    ("language", "words", "asked"),
    [
        ("nl", "woldeken wol", "deken"),
        ("sv", "ullfilt ull", "filt"),
        ("da", "uldtæppe uld", "tæppe"),
        ("nb", "ullteppe ull", "teppe"),
        ("fi", "villapeitto villa", "peitto"),
        ("hu", "gyapjutakaro gyapju", "takaro"),
    ],
)
def test_other_languages_write_compounds_too(
    settings: Any, language: str, words: str, asked: str
) -> None:
    settings.LANGUAGES = [("en", "English"), (language, language)]
    know([words])

    assert compounds_of([asked])[asked].ending == [words.split()[0]]


def test_a_language_that_writes_none_is_not_taken_apart(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("fr", "Français")]
    know(["wolldecke wolle decke"])

    assert compounds_of(["decke"]) == {}


def test_a_compound_in_a_title_comes_before_the_word_in_a_description() -> None:
    table = german("Tisch", "Mit einer Decke aus Wolle und etwas Tang.")
    blanket = german("Wolldecke")
    soap, dish = german("Tangseife"), german("Seifenschale", "Für Seife. Eine kleine Schale.")

    assert ids_of("Decke") == [blanket.pk, table.pk]
    assert ids_of("Seife") == [soap.pk, dish.pk]


def test_what_a_thing_is_comes_before_what_it_is_for() -> None:
    dish = german("Seifenschale", "Eine Schale.")
    soap = german("Tangseife", "Mit Tang.")

    assert ids_of("seife") == [soap.pk, dish.pk]


def test_the_shops_own_language_may_write_compounds(settings: Any) -> None:
    settings.LANGUAGE_CODE = "de"
    settings.LANGUAGES = [("de", "Deutsch"), ("en", "English")]
    blanket = ProductFactory(title="Wolldecke", description="Aus reiner Wolle.")
    table = ProductFactory(title="Tisch", description="Ohne Decke.")
    index.index_many([blanket.pk, table.pk])

    assert ids_of("Decke") == [blanket.pk, table.pk]


def test_words_that_are_asked_for_apart_are_found_together() -> None:
    blanket = german("Wolldecke")
    german("Wollsocken")

    assert ids_of("Woll Decke") == [blanket.pk]


def test_what_can_be_chosen_is_found_in_the_customers_language() -> None:
    jug = german("Krug", Color="Farbe", Ink="Tintenblau")
    Product.objects.filter(pk=jug.pk).update(title="Jug")
    index.index(jug)
    german("Becher")

    assert [ids_of(query) for query in ("tintenblau", "krug farbe", "jug color ink")] == [
        [jug.pk]
    ] * 3
