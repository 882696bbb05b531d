"""What cannot be put into the cart: the product's page again, filled in as it was. Check S58."""

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from playwright.sync_api import Page, expect

from shop.catalog.models import Price, Product
from shop.orders.models import Cart
from tests.shop.catalog.storefront.test_offers import shirt
from tests.support.factories import PriceFactory, ProductFactory, VariantFactory
from tests.support.house import House


def bowl() -> list[Price]:
    """A bowl in Sand, of which three are left, and in Ink, sold out."""
    product = ProductFactory(title="Bowl", slug="bowl", option_names=["Color"])
    return [
        PriceFactory(
            variant=VariantFactory(product=product, sku=color, option_values=[color]),
            on_hand=on_hand,
        )
        for color, on_hand in (("Sand", 3), ("Ink", 0), ("Moss", 9))
    ]


def refused(client: Client, status: int, **form: str) -> str:
    """The page that answers, as one line; nothing is in the cart."""
    response = client.post("/cart/add/", form)
    assert response.status_code == status
    assert response["Cache-Control"] == "private, no-store"
    assert (Cart.objects.count(), Session.objects.count()) == (0, 0)
    return re.sub(r"\s+", " ", response.content.decode())


def field(html: str) -> str:
    return html.split('<input id="quantity"')[1].split("</div>")[0]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("quantity", "status", "sentence"),
    [
        ("many", 400, "How many? Write a whole number from 1 to 999."),
        ("4", 409, "Only 3 of Bowl (Sand) left, including any in your cart."),
    ],
)
def test_refused_quantity_is_told_in_a_summary_and_by_the_field(
    client: Client, quantity: str, status: int, sentence: str
) -> None:
    sand = bowl()[0]

    html = refused(client, status, price=sand.key, quantity=quantity)

    assert "<title>That did not work - Bowl - Holdfast</title>" in html
    assert re.search(r'<div class="refusal" role="alert" tabindex="-1" autofocus>', html)
    assert f'<a href="#quantity">{sentence}</a>' in html
    assert f'<p id="quantity-error" class="changed">{sentence}</p>' in html
    assert 'aria-invalid="true" aria-describedby="quantity-error"' in field(html)
    assert f'value="{quantity}"' in field(html)
    assert f'value="{sand.key}"' in re.findall(r"<input[^>]* checked[^>]*>", html)[0]


@pytest.mark.django_db
def test_sold_out_choice_is_still_the_one_shown(client: Client) -> None:
    ink = bowl()[1]

    html = refused(client, 409, price=ink.key, quantity="2")

    assert "<p> Bowl (Ink) is sold out. </p>" in html
    assert '<span class="sku">Ink, Ink</span>' in html
    assert "This choice cannot be had for now, but others can." in html


@pytest.mark.django_db
def test_replaced_price_shows_the_new_one(client: Client) -> None:
    moss = bowl()[2]
    Price.objects.filter(pk=moss.pk).update(is_active=False)
    now = Price.objects.create(variant=moss.variant, unit_amount=2100, currency="eur")

    html = refused(client, 409, price=moss.key, quantity="2")

    assert "The price has changed. Please look at it again." in html
    assert "€21.00" in html.split('id="offer"')[1].split("</div>")[0]
    assert f'value="{now.key}"' in re.findall(r"<input[^>]* checked[^>]*>", html)[0]
    assert 'value="2"' in field(html)


@pytest.mark.django_db
def test_chosen_values_of_several_options_are_kept(client: Client) -> None:
    shirt()

    html = refused(
        client, 400, product="shirt", quantity="0", **{"option-0": "Sand", "option-1": "M"}
    )

    chosen = re.findall(r'value="(\w+)" checked', html)
    assert chosen == ["Sand", "M"]
    assert 'value="0"' in field(html)


@pytest.mark.django_db
@pytest.mark.parametrize("quantity", ['"><script>alert(1)</script>', "9" * 5000, "1\x00"])
def test_odd_quantity_comes_back_harmless(client: Client, quantity: str) -> None:
    html = refused(client, 400, price=bowl()[0].key, quantity=quantity)

    assert "<script>alert" not in html
    assert "9" * 30 not in html
    assert "\x00" not in html


@pytest.mark.django_db
def test_what_is_not_sold_any_more_has_no_page_to_come_back_to(client: Client) -> None:
    sand = bowl()[0]
    Product.objects.update(status=Product.Status.ARCHIVED)

    html = refused(client, 409, price=sand.key, quantity="1")

    assert "Bowl (Sand) is not for sale at the moment." in html
    assert '<div id="buy">' not in html


def test_summary_is_where_the_reader_is(house: House, page: Page) -> None:
    product = shirt("refused-shirt")
    page.goto(f"{house.url}/products/refused-shirt/?variant=refused-shirt-Sand-M")

    page.get_by_label("Quantity").evaluate("field => field.removeAttribute('max')")
    page.get_by_label("Quantity").fill("6")
    page.get_by_role("button", name="Add to cart").click()

    expect(page.locator(".refusal")).to_be_focused()
    expect(page.locator(".refusal")).to_contain_text("Only 5 of Deck Shirt (Sand / M) left")
    expect(page.get_by_role("radio", name="M", exact=True)).to_be_checked()
    page.get_by_role("link", name="Only 5 of Deck Shirt").click()
    expect(page.get_by_label("Quantity")).to_be_focused()
    expect(page.get_by_label("Quantity")).to_have_value("6")
    Product.objects.filter(pk=product.pk).update(status="archived")
