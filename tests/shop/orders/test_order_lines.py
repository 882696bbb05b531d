"""A line keeps the words of its day, and is read in another language while they still hold."""

import pytest
from django.utils import translation

from shop.catalog.models import Product, Variant
from shop.orders.models import OrderLine, words_of


@pytest.fixture
def line() -> OrderLine:
    """Of an ink shirt, as checkout writes it: in the shop's own words."""
    shirt = Product(title="Shirt", option_names=["Color", "Size"])
    shirt.translate("de", "title", "Hemd")
    shirt.translate_words("de", "options", {"Ink": "Tinte"})
    variant = Variant(product=shirt, sku="S-1", option_values=["Ink", "M"])
    return OrderLine(variant=variant, sku="S-1", title="Shirt", choice="Ink / M")


def test_what_was_bought_is_read_in_the_present_language(line: OrderLine) -> None:
    # U9
    read = []
    for language in ("en", "de"):
        with translation.override(language):
            read.append((line.title_read, line.choice_read))

    assert read == [("Shirt", "Ink / M"), ("Hemd", "Tinte / M")]


def test_what_is_called_otherwise_by_now_keeps_the_words_of_its_day(line: OrderLine) -> None:
    # U9
    line.variant.product.title = "Linen shirt"
    line.variant.option_values = ["Sea", "M"]

    with translation.override("de"):
        assert (line.title_read, line.choice_read) == ("Shirt", "Ink / M")


def test_an_order_keeps_the_words_of_its_day_in_each_language(line: OrderLine) -> None:
    """# S-2: whatever the thing is called afterwards."""
    variant = line.variant
    sold = OrderLine(variant=variant, sku="S-1", **words_of(variant))
    variant.product.translate("de", "title", "Leinenhemd")
    variant.product.translate_words("de", "options", {"Ink": "Tintenblau"})

    read = []
    for language in ("en", "de"):
        with translation.override(language):
            read.append((sold.title_read, sold.choice_read))

    assert read == [("Shirt", "Ink / M"), ("Hemd", "Tinte / M")]
    assert (sold.title, sold.choice) == ("Shirt", "Ink / M")
