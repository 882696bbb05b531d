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
        ({"option-0": "Sand"}, 400, "Choose what you would like first."),
        ({"option-1": "S"}, 400, "Choose what you would like first."),
        ({}, 400, "Choose what you would like first."),
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


@pytest.mark.django_db
def test_a_size_is_chosen_for_nobody_and_a_color_is(client: Client) -> None:
    # S-5
    shirt()

    page = client.get("/products/shirt/").content.decode()
    ink = client.get("/products/shirt/?option-0=Ink").content.decode()

    assert groups(page) == {
        "Color": ["Sand*", "Ink sold out"],
        "Size": ["S", "M"],
    }
    assert "from €20.00" in page
    assert 'data-here="/products/shirt/?option-0=Sand"' in page
    assert "shirt-Sand-S" not in page.split('id="sku"')[1].split("</p>")[0]
    assert groups(ink) == {
        "Color": ["Sand", "Ink sold out*"],
        "Size": ["S sold out", "M not in this combination"],
    }
    assert "from" not in ink.split('id="offer"')[1].split("</div>")[0]


@pytest.mark.django_db
def test_sizes_of_one_option_stand_in_order_and_none_is_chosen(client: Client) -> None:
    # S-3, S-5
    product = ProductFactory(title="Clogs", slug="clogs", option_names=["Size"])
    for size in ("100", "38", "XL", "S", "9.5"):
        variant = VariantFactory(product=product, option_values=[size], sku=f"clogs-{size}")
        PriceFactory(variant=variant)

    page = client.get("/products/clogs/").content.decode()
    chosen = client.get("/products/clogs/?variant=clogs-38").content.decode()
    empty = client.post("/cart/add/", {"product": "clogs", "quantity": "1"})

    assert groups(page) == {"Size": ["S", "XL", "9.5", "38", "100"]}
    assert groups(chosen) == {"Size": ["S", "XL", "9.5", "38*", "100"]}
    assert empty.status_code == 400
    assert "Choose what you would like first." in empty.content.decode()
    assert groups(empty.content.decode()) == groups(page)


def test_the_browser_asks_for_the_size(house: House, page: Page) -> None:
    # S-5, S34
    product = shirt("rain-shirt")
    page.goto(f"{house.url}/products/rain-shirt/")

    page.get_by_role("button", name="Add to cart").click()
    asked = page.locator("fieldset.choice :invalid").first.get_attribute("value")
    page.get_by_role("radio", name="M", exact=True).check(force=True)
    expect(page.locator("#offer")).to_contain_text("22.00")
    page.get_by_role("button", name="Add to cart").click()

    expect(page.locator("main")).to_contain_text("Sand / M")
    assert asked == "S"
    Product.objects.filter(pk=product.pk).update(status="archived")


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
