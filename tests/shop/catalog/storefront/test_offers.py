"""Products in several options: one group of choices for each. Checks S7, S33 and S34."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from shop.catalog.models import Price, Product
from shop.orders.models import CartLine
from tests.support.factories import PriceFactory, ProductFactory, VariantFactory
from tests.support.house import House


def shirt(slug: str = "shirt") -> Product:
    """A shirt in Sand S, Sand M and Ink S (sold out); there is no Ink M."""
    product: Product = ProductFactory(title="Deck Shirt", slug=slug, option_names=["Color", "Size"])
    for color, size, amount, on_hand in (
        ("Sand", "S", 2000, 5),
        ("Sand", "M", 2200, 5),
        ("Ink", "S", 2400, 0),
    ):
        variant = VariantFactory(
            product=product, option_values=[color, size], sku=f"{slug}-{color}-{size}"
        )
        PriceFactory(variant=variant, unit_amount=amount, on_hand=on_hand)
    return product


def groups(page: str) -> dict[str, list[str]]:
    """{option: its values, with what is said of them and a star at the chosen one}."""
    found = {}
    for group in re.findall(r"<fieldset.*?</fieldset>", page, re.DOTALL):
        legend = re.search(r"<legend>(.*?)</legend>", group)
        assert legend
        values = []
        for label in re.findall(r"<label>.*?</label>", group, re.DOTALL):
            words = " ".join(re.sub(r"<[^>]*>", " ", label).split())
            values.append(words + ("*" if " checked" in label else ""))
        found[legend.group(1)] = values
    return found


@pytest.mark.django_db
def test_each_option_is_a_group_and_says_what_is_not_made(client: Client) -> None:
    shirt()

    page = client.get("/products/shirt/?variant=shirt-Sand-M").content.decode()

    assert groups(page) == {
        "Color": ["Sand*", "Ink not in this combination"],
        "Size": ["S", "M*"],
    }
    assert "€22.00" in page


@pytest.mark.django_db
def test_the_choice_is_read_from_the_address(client: Client) -> None:
    shirt()

    page = client.get("/products/shirt/?option-0=Ink&option-1=S").content.decode()
    near = client.get("/products/shirt/?option-0=Ink&option-1=M").content.decode()

    assert groups(page) == {
        "Color": ["Sand", "Ink sold out*"],
        "Size": ["S sold out*", "M not in this combination"],
    }
    assert "€24.00" in page
    assert 'data-here="/products/shirt/?variant=shirt-Sand-M"' in near


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("form", "status", "sentence"),
    [
        ({"option-0": "Sand", "option-1": "M"}, 303, ""),
        ({"option-0": "Ink", "option-1": "S"}, 409, "is sold out."),
        ({"option-0": "Ink", "option-1": "M"}, 400, "It is not made in this combination."),
        ({"option-0": "Sand"}, 400, "It is not made in this combination."),
        ({"option-0": "<b>", "option-1": "x" * 5000}, 400, "It is not made in this combination."),
        ({"product": ""}, 400, "Choose what you would like first."),
    ],
)
def test_a_choice_goes_into_the_cart(
    client: Client, form: dict[str, str], status: int, sentence: str
) -> None:
    shirt()

    answer = client.post("/cart/add/", {"product": "shirt", "quantity": "1", **form})

    assert answer.status_code == status
    assert sentence in answer.content.decode()
    bought = Price.objects.filter(unit_amount=2200).values_list("variant")
    assert CartLine.objects.filter(variant__in=bought).count() == (status == 303)


def test_price_and_address_follow_each_choice(house: House, page: Page) -> None:
    product = shirt("deck-shirt")
    page.goto(f"{house.url}/products/deck-shirt/")
    expect(page.locator("#offer")).to_contain_text("20.00")

    page.get_by_role("radio", name="M", exact=True).check(force=True)
    expect(page.locator("#offer")).to_contain_text("22.00")
    address, focused = page.url, page.evaluate("document.activeElement.value")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator("main")).to_contain_text("Sand / M")

    assert address.endswith("/products/deck-shirt/?variant=deck-shirt-Sand-M")
    assert focused == "M"
    Product.objects.filter(pk=product.pk).update(status="archived")
