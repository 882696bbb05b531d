"""A word of an option is translated once, for all products that have it. # S-2"""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import translation

from shop.catalog import option_words
from shop.catalog.files.run import import_products
from shop.catalog.models import OptionWord, Product
from shop.catalog.search.ranking import find
from tests.shop.catalog.admin import test_site
from tests.support.factories import PriceFactory, ProductFactory, UserFactory, VariantFactory

pytestmark = pytest.mark.django_db

BLUE = {"de": {"options": {"Color": "Farbe", "Blue": "Blau"}}}


def address(word: str) -> str:
    found = OptionWord.objects.get(word=word)
    return reverse("admin:catalog_optionword_change", args=[found.pk])


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def product(*values: str, **more: Any) -> Product:
    made: Product = ProductFactory(option_names=["Color"], **more)
    for position, value in enumerate(values):
        PriceFactory(variant=VariantFactory(product=made, option_values=[value], position=position))
    return made


def in_german(one: Product) -> list[str]:
    one.refresh_from_db()
    with translation.override("de"):
        values = [variant.translated_choice for variant in one.variants.all()]
        return [*one.translated_option_names, *values]


def test_what_one_product_says_all_say() -> None:
    option_words.share([product("Blue", translations=BLUE).pk])
    blanket = product("Blue", "Sand")

    option_words.share([blanket.pk])

    assert in_german(blanket) == ["Farbe", "Blau", "Sand"]
    assert option_words.translations_of(["Blue", "Sand", "Rust"]) == {
        "Blue": {"de": "Blau"}, "Sand": {}, "Rust": {},
    }  # fmt: skip


def test_what_a_product_says_otherwise_stays_its_own() -> None:
    option_words.share([product("Blue", translations=BLUE).pk])
    sea = product("Blue", translations={"de": {"title": "See", "options": {"Blue": "Tiefblau"}}})

    option_words.share([sea.pk])

    assert in_german(sea) == ["Farbe", "Tiefblau"]
    assert sea.translation("de", "title") == "See"
    assert option_words.translations_of(["Blue"]) == {"Blue": {"de": "Blau"}}


def test_sharing_twice_changes_nothing() -> None:
    one = product("Blue", translations=BLUE)
    option_words.share([one.pk])
    before = list(OptionWord.objects.values_list("pk", "word", "translations"))

    option_words.share([one.pk])

    assert list(OptionWord.objects.values_list("pk", "word", "translations")) == before
    one.refresh_from_db()
    assert one.translations == BLUE


def test_a_word_translated_anew_is_so_where_it_was_the_shops(staff: Client) -> None:
    one, other = product("Blue", translations=BLUE), product("Blue")
    own = product("Blue", translations={"de": {"options": {"Blue": "Tiefblau"}}})
    option_words.share([one.pk, other.pk])
    option_words.share([own.pk])
    page = address("Blue")
    assert 'value="Blau"' in staff.get(page).content.decode()

    answer = staff.post(page, {"word_de": "Himmelblau"})

    assert answer.status_code == 302
    assert [in_german(each)[-1] for each in (one, other, own)] == [
        "Himmelblau", "Himmelblau", "Tiefblau",
    ]  # fmt: skip
    # Found by its new word at once.
    assert find("Himmelblau").scope.size == 2


def test_a_word_taken_away_is_the_shops_own_again(staff: Client) -> None:
    one = product("Blue", translations=BLUE)
    option_words.share([one.pk])
    page = address("Blue")

    staff.post(page, {"word_de": ""})

    assert in_german(one) == ["Farbe", "Blue"]


def test_the_word_itself_is_not_changed_and_not_deleted(staff: Client) -> None:
    option_words.share([product("Blue", translations=BLUE).pk])
    page = address("Blue")

    staff.post(page, {"word": "Azure", "word_de": "Blau"})

    assert OptionWord.objects.filter(word="Blue").exists()
    assert staff.get(page.replace("change", "delete")).status_code == 403


def test_staff_find_what_is_not_translated_yet(staff: Client) -> None:
    option_words.share([product("Blue", "Sand", translations=BLUE).pk])

    page = staff.get("/admin/catalog/optionword/?lacks=de").content.decode()

    assert "Sand" in page
    assert "Blau" not in page


def test_a_word_typed_on_a_products_page_is_every_products(staff: Client) -> None:
    one, other = product("Blue"), product("Blue")
    variants = [test_site.row(variant) for variant in one.variants.all()]
    words = {"options_de": "Color = Farbe\nBlue = Blau"}

    answer = staff.post(test_site.address(one), test_site.typed(one, *variants, **words))

    assert answer.status_code == 302
    option_words.share([other.pk])
    assert in_german(one) == in_german(other) == ["Farbe", "Blau"]


def test_a_plain_file_says_words_beside_its_options(tmp_path: Path) -> None:
    file = tmp_path / "range.csv"
    file.write_text(
        "sku,title,price,Option 1 Name,Option 1 Value,option1_name:de,option1_value:de\n"
        "B-1,Bag,10.00,Color,Blue,Farbe,Blau\n"
        "B-2,Bag,10.00,Color,Rust,Farbe,Rost\n"
    )

    report = import_products(file, currency="eur")

    assert report.problems == []
    assert in_german(Product.objects.get()) == ["Farbe", "Blau", "Rost"]
    assert option_words.translations_of(["Rust"]) == {"Rust": {"de": "Rost"}}
    other = product("Rust")
    option_words.share([other.pk])
    assert in_german(other) == ["Farbe", "Rost"]


def test_an_empty_cell_means_the_shops_word_and_the_same_file_changes_nothing(
    tmp_path: Path,
) -> None:
    option_words.share([product("Blue", translations=BLUE).pk])
    file = tmp_path / "range.csv"
    file.write_text(
        "sku,slug,title,price,Option 1 Name,Option 1 Value,option1_name:de,option1_value:de\n"
        "B-1,bag,Bag,10.00,Color,Blue,Farbe,\n"
    )
    import_products(file, currency="eur")
    bag = Product.objects.get(slug="bag")
    words = in_german(bag)

    again = import_products(file, currency="eur")
    Product.objects.filter(slug="bag").update(
        translations={"de": {"options": {"Color": "Farbe", "Blue": "Tiefblau"}}}
    )
    otherwise = in_german(bag)
    import_products(file, currency="eur")

    assert words == ["Farbe", "Blau"]
    assert again.counts["products updated"] == 0
    assert otherwise == ["Farbe", "Tiefblau"]
    assert in_german(bag) == ["Farbe", "Blau"]


def test_a_shop_in_use_gathers_the_words_that_its_products_have() -> None:
    one = product("Blue", translations=BLUE)
    product("Blue", "Rust", translations={"de": {"options": {"Blue": "Tiefblau"}}})
    migration = import_module("shop.catalog.migrations.0028_share_option_words")

    with connection.schema_editor() as editor:
        migration.share(apps, editor)
        migration.share(apps, editor)

    assert option_words.translations_of(["Color", "Blue", "Rust"]) == {
        "Color": {"de": "Farbe"}, "Blue": {"de": "Blau"}, "Rust": {},
    }  # fmt: skip
    one.refresh_from_db()
    assert one.translations == BLUE
