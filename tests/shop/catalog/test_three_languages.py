"""A shop in three languages: what staff type, what customers read, what search finds. # U9"""

import re
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from shop.catalog.models import Image, Product
from shop.catalog.search import index, words
from shop.catalog.search.ranking import find
from tests.shop.catalog.admin.staff import logged_in
from tests.shop.catalog.admin.test_categories import category_page
from tests.shop.catalog.admin.test_lists import LOOK
from tests.shop.catalog.admin.test_site import address, row, typed
from tests.support.factories import (
    CategoryFactory,
    PriceFactory,
    ProductFactory,
    UserFactory,
    VariantFactory,
)

pytestmark = pytest.mark.django_db

SHIRT = {
    "de": {
        "title": "Leinenhemd",
        "description": "Für laue Abende.",
        "options": {"Color": "Farbe", "Size": "Größe", "Ink": "Tinte", "Sand": "Sandfarben"},
    },
    "fr": {
        "title": "Chemise en lin",
        "description": "Pour les soirées douces.",
        "options": {"Color": "Couleur", "Ink": "Encre"},
    },
}


@pytest.fixture(autouse=True)
def three_languages(settings: Any) -> None:
    settings.LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français")]


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def shirt() -> Product:
    wear = CategoryFactory(
        name="Wear", slug="wear", translations={"de": {"name": "Kleider"}, "fr": {"name": "Habits"}}
    )
    made: Product = ProductFactory(
        title="Linen shirt",
        slug="shirt",
        category=wear,
        option_names=["Color", "Size"],
        translations=SHIRT,
    )
    for number, values in enumerate((["Ink", "M"], ["Sand", "M"], ["Ink", "L"])):
        PriceFactory(variant=VariantFactory(product=made, option_values=values, position=number))
    Image.objects.create(
        product=made,
        source="https://nowhere.example/a.jpg",
        name="a",
        widths=[320],
        width=320,
        height=320,
        alt="On a line",
        translations={"de": {"alt": "Auf der Leine"}},
    )
    index.index(made)
    return made


def read(path: str, language: str) -> str:
    response = Client().get(path, headers={"Accept-Language": language})
    assert response.status_code == 200
    return response.content.decode()


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Linen shirt", "Color Ink Sand Size M L", 'alt="On a line"', "Ink / M, "]),
        ("de", ["Leinenhemd", "Farbe Tinte Sandfarben Größe M L", "Auf der Leine", "Tinte / M, "]),
        ("fr", ["Chemise en lin", "Couleur Encre Sand Size M L", 'alt="On a line"', "Encre / M, "]),
    ],
)  # fmt: skip
def test_a_product_is_read_in_each_language(
    shirt: Product, language: str, words: list[str]
) -> None:
    # A size is chosen for nobody.
    page = read(f"/products/shirt/?variant={shirt.variants.order_by('pk')[0].sku}", language)

    assert [word for word in words if word not in page and word not in plain(page)] == []
    # What the form sends back is the shop's own word.
    assert re.findall(r'name="option-\d"\s+required\s+value="([^"]*)"', page) == [
        "Ink", "Sand", "M", "L",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "names", "labels"),
    [
        ("en", ["Color", "Size"], ["Ink", "Sand", "M", "L"]),
        ("de", ["Farbe", "Größe"], ["Sandfarben", "Tinte", "M", "L"]),
        ("fr", ["Couleur", "Size"], ["Encre", "Sand", "M", "L"]),
    ],
)
def test_filters_are_read_in_each_language_and_asked_in_the_shops_own(
    shirt: Product,
    language: str,
    names: list[str],
    labels: list[str],
) -> None:
    page = read("/categories/wear/", language)

    shown = re.findall(r'name="o"\s+value="([^"]*)".*?<span>([^<]*)</span>', page, re.DOTALL)
    assert [label for _, label in shown] == labels
    assert {value for value, _ in shown} == {"Color:Ink", "Color:Sand", "Size:L", "Size:M"}
    legends = re.findall(r"<legend>([^<]*)</legend>", page)
    assert [name for name in legends if name in names] == names


def test_what_was_chosen_is_read_in_the_present_language(shirt: Product) -> None:
    page = plain(read("/categories/wear/?o=Color:Sand", "de"))

    assert "Farbe: Sandfarben" in page


def test_words_in_a_further_language_cost_no_further_query(shirt: Product) -> None:
    paths = ["/categories/wear/?o=Color:Ink", "/products/shirt/", "/search/?q=shirt"]
    counts = []
    for language in ("en", "de"):
        for path in paths:
            with CaptureQueriesContext(connection) as caught:
                read(path, language)
            counts.append(len(caught))

    assert counts[:3] == counts[3:]


@pytest.mark.parametrize(
    "query",
    [
        "linen shirts", "ink",
        "leinenhemden", "kleid", "lauer abend", "tinte", "sandfarbene",
        "chemises", "habit", "soirée douce", "encres",
    ],
)  # fmt: skip
def test_search_finds_by_the_words_of_every_language(shirt: Product, query: str) -> None:
    found = find(query)

    assert (found.scope.size, found.is_near) == (1, False)


@pytest.mark.parametrize(
    ("languages", "configurations"),
    [
        (["en"], ["english"]),
        (["en", "de", "fr"], ["english", "german", "french"]),
        (["en", "pt-br", "ja", "ko"], ["english", "portuguese", "simple"]),
        (["fr", "en"], ["english", "french"]),
    ],
)
def test_each_language_is_stemmed_by_its_own_rules(
    settings: Any, languages: list[str], configurations: list[str]
) -> None:
    settings.LANGUAGES = [(code, code) for code in languages]

    assert words.configurations() == configurations


def test_the_configurations_are_known_to_the_database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cfgname FROM pg_ts_config")
        known = {name for (name,) in cursor.fetchall()}

    assert {*words.CONFIGURATIONS.values(), words.STEMS_NOTHING} - known == set()


def test_words_of_a_language_without_rules_are_found_as_they_are(
    shirt: Product, settings: Any
) -> None:
    settings.LANGUAGES = [("en", "English"), ("ja", "日本語")]
    shirt.translate("ja", "title", "リネン シャツ")
    shirt.save()
    index.index(shirt)

    assert [find(query).scope.size for query in ("シャツ", "shirts", "leinenhemd")] == [1, 1, 0]


def test_a_language_that_is_added_later_is_found_once_all_is_indexed(
    shirt: Product, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    Product.objects.update(translations={**SHIRT, "es": {"title": "Camisa de lino"}})
    settings.LANGUAGES = [*settings.LANGUAGES, ("es", "Español")]
    before = find("camisas").scope.size

    call_command("index_products")

    assert (before, find("camisas").scope.size) == (0, 1)
    assert capsys.readouterr().out == "1 products can be found.\n"


def test_staff_type_each_language_beside_the_shops_own(staff: Client, shirt: Product) -> None:
    first = shirt.variants.order_by("position")
    rows = [row(one, option_values=",".join(one.option_values)) for one in first]
    further = {
        "title_de": "Hemd",
        "description_de": "",
        "options_de": "Color = Farbe\nSize =\nInk=Tinte",
        "title_fr": "Chemise",
        "description_fr": "Douce.",
        "options_fr": "",
    }

    page = staff.get(address(shirt)).content.decode()
    staff.post(address(shirt), typed(shirt, *rows, option_names="Color,Size", **further))

    for label in ("German title", "French title", "German options", "French options"):
        assert label in page
    assert page.index("German title") < page.index("French title")
    assert "Color = Couleur\nSize = \nInk = Encre\nM = \nSand = \nL = " in page
    assert Product.objects.get().translations == {
        "de": {"title": "Hemd", "options": {"Color": "Farbe", "Ink": "Tinte"}},
        "fr": {"title": "Chemise", "description": "Douce."},
    }


def test_an_option_without_its_sign_is_complained_about(staff: Client) -> None:
    price = PriceFactory()
    product = price.variant.product

    response = staff.post(
        address(product), typed(product, row(price.variant), options_fr="Color Couleur")
    )

    assert response.context["adminform"].form.errors == {
        "options_fr": ["Write 'Color Couleur' like Color = Farbe."]
    }


def test_what_a_picture_shows_is_typed_in_each_language(staff: Client) -> None:
    price = PriceFactory()
    product = price.variant.product
    image = Image.objects.create(product=product, source="pictures/a", alt="Lit")
    images = {
        "images-INITIAL_FORMS": 1,
        "facts-INITIAL_FORMS": 0,
        "facts-TOTAL_FORMS": 0,
        "images-TOTAL_FORMS": 1,
        "images-0-id": image.pk,
        "images-0-product": product.pk,
        "images-0-alt": "Lit",
        "images-0-alt_de": "Brennend",
        "images-0-alt_fr": "Allumée",
        "images-0-position": 1,
    }

    staff.post(address(product), typed(product, row(price.variant), **images))

    assert Image.objects.get().translations == {"de": {"alt": "Brennend"}, "fr": {"alt": "Allumée"}}
    assert 'value="Allumée"' in staff.get(address(product)).content.decode()


def test_who_may_only_look_reads_every_language(shirt: Product) -> None:
    client = logged_in(*LOOK)

    product = client.get(address(shirt)).content.decode()
    category = client.get(category_page(shirt.category)).content.decode()

    for said in ("Chemise en lin", "Color = Couleur", "Leinenhemd", "Auf der Leine"):
        assert said in product
    assert "Kleider" in category
    assert "Habits" in category
