"""S7: material, measures, care and further facts of products, and their size guides."""

import re
from typing import Any

import pytest
from django.test import Client

from shop.catalog import option_words
from shop.catalog.models import Fact, OptionWord, Product, ProductFact
from shop.catalog.search.index import index
from tests.support.factories import PriceFactory, ProductFactory, VariantFactory

pytestmark = pytest.mark.django_db
GERMAN = {"accept-language": "de"}
GUIDE = "Size | Chest\nS | 96 cm\nM | 102 <b>cm</b>"


def shirt(title: str = "Shirt", materials: str = "Linen, Cotton", **fields: Any) -> Product:
    material, _ = Fact.objects.get_or_create(name="Material", is_filter=True, position=1)
    care, _ = Fact.objects.get_or_create(name="Care", position=2)
    product: Product = ProductFactory(title=title, slug=title.lower(), **fields)
    PriceFactory(variant=VariantFactory(product=product))
    ProductFact.objects.create(product=product, fact=material, text=materials)
    said = ProductFact(product=product, fact=care, text="Wash at 40 °C.")
    said.translate("de", "text", "Bei 40 °C waschen.")
    said.save()
    product.translate_words(
        "de", "options", {"Material": "Stoff", "Linen": "Leinen", "Care": "Pflege"}
    )
    product.save()
    option_words.share([product.pk])
    index(product)
    return product


def page(client: Client, address: str, **headers: str) -> str:
    return client.get(address, headers=headers).content.decode()


def known(html: str) -> list[str]:
    """The terms and descriptions of the list of facts."""
    found = re.search(r'<dl class="known">.*?</dl>', html, re.DOTALL)
    assert found
    return [" ".join(text.split()) for text in re.findall(r"(?s)<d[td]>(.*?)</d[td]>", found[0])]


def test_s7_the_page_lists_what_is_known_of_a_product(client: Client) -> None:
    shirt()

    assert known(page(client, "/products/shirt/")) == [
        "Material", "Linen, Cotton", "Care", "Wash at 40 °C.",
    ]  # fmt: skip
    assert known(page(client, "/products/shirt/", **GERMAN)) == [
        "Stoff", "Leinen, Cotton", "Pflege", "Bei 40 °C waschen.",
    ]  # fmt: skip


def test_s7_values_on_lines_of_their_own_are_the_same_words() -> None:
    product = shirt(materials="Linen,\r\n\tCotton ,\N{NO-BREAK SPACE}Hemp\n")

    product.refresh_from_db()
    assert ProductFact.objects.get(text__contains="Hemp").words == ["Linen", "Cotton", "Hemp"]
    assert product.fact_pairs == ["Material:Cotton", "Material:Hemp", "Material:Linen"]
    words = {"Material", "Linen", "Cotton", "Hemp", "Care"}
    assert set(OptionWord.objects.values_list("word", flat=True)) == words
    assert option_words.say_anew("Hemp", "de", before="", after="Hanf") == [product.pk]


def test_s7_a_product_of_which_nothing_is_known_has_no_list(client: Client) -> None:
    PriceFactory(variant__product__slug="mug")

    assert '<dl class="known">' not in page(client, "/products/mug/")


def test_s7_what_is_typed_is_never_html(client: Client) -> None:
    product = shirt(size_guide=GUIDE)
    ProductFact.objects.filter(product=product, fact__name="Care").update(text="<i>Cold</i>")

    html = page(client, "/products/shirt/")

    assert "&lt;i&gt;Cold&lt;/i&gt;" in html
    assert "<td>102 &lt;b&gt;cm&lt;/b&gt;</td>" in html


def test_s7_the_size_guide_is_a_table_with_heads_in_the_pages_language(client: Client) -> None:
    product = shirt(size_guide=GUIDE)
    product.translate("de", "size_guide", "Größe | Brust\nS | 96 cm")
    product.save()

    html = page(client, "/products/shirt/")
    german = page(client, "/products/shirt/", **GERMAN)

    assert re.findall(r"<th scope=\"(\w+)\">(.*?)</th>", html) == [
        ("col", "Size"), ("col", "Chest"), ("row", "S"), ("row", "M"),
    ]  # fmt: skip
    assert '<th scope="col">Brust</th>' in german
    assert "Größentabelle" in german


def test_s7_lists_are_narrowed_by_materials_in_the_pages_language(client: Client) -> None:
    first = shirt()
    shirt("Scarf", "Wool", category=first.category)
    where = first.category.get_absolute_url()

    everything = page(client, where, **GERMAN)
    linen = page(client, f"{where}?o=Material:Linen")

    assert re.findall(r'value="(Material:\w+)"', everything) == [
        "Material:Cotton", "Material:Linen", "Material:Wool",
    ]  # fmt: skip
    assert "Stoff" in everything
    assert "Leinen" in everything
    assert "/products/shirt/" in linen
    assert "/products/scarf/" not in linen
    assert "Care:" not in everything


def test_s7_a_fact_goes_together_with_what_is_asked_of_a_variant(client: Client) -> None:
    product = shirt(option_names=["Color"])
    product.variants.update(option_values=["Sand"])
    PriceFactory(variant=VariantFactory(product=product, option_values=["Ink"]), on_hand=0)
    index(product)
    where = product.category.get_absolute_url()

    assert "/products/shirt/" in page(
        client, f"{where}?o=Material:Linen&o=Color:Sand&available=yes"
    )
    assert "/products/shirt/" not in page(
        client, f"{where}?o=Material:Linen&o=Color:Ink&available=yes"
    )
    assert "/products/shirt/" not in page(client, f"{where}?o=Material:Wool&o=Color:Sand")


def test_s7_an_option_and_a_fact_of_one_name_are_one_facet(client: Client) -> None:
    first = shirt()
    bag = ProductFactory(
        title="Bag", slug="bag", option_names=["Material"], category=first.category
    )
    for value in ("Linen", "Leather"):
        PriceFactory(variant=VariantFactory(product=bag, option_values=[value]))
    index(bag)
    where = first.category.get_absolute_url()

    linen = page(client, f"{where}?o=Material:Linen")

    assert ["/products/shirt/" in linen, "/products/bag/" in linen] == [True, True]
    counted = re.findall(r'value="Material:(\w+)".*?<small>(\d+)<', page(client, where), re.DOTALL)
    assert counted == [("Cotton", "1"), ("Leather", "1"), ("Linen", "2")]


def test_s7_a_product_is_found_by_its_material_in_either_language(client: Client) -> None:
    shirt()

    assert "/products/shirt/" in page(client, "/search/?q=linen")
    assert "/products/shirt/" in page(client, "/search/?q=leinen", **GERMAN)


def test_s7_facts_cost_a_page_no_further_query(
    client: Client, django_assert_num_queries: Any
) -> None:
    product = shirt()

    for number in range(2):
        fact = Fact.objects.create(name=f"Fact {number}", is_filter=True)
        ProductFact.objects.create(product=product, fact=fact, text="One, Two")
        index(product)
        with django_assert_num_queries(8):
            client.get("/products/shirt/")
        with django_assert_num_queries(8):
            client.get(product.category.get_absolute_url())
