"""The button follows the chosen offer: off with a reason, and never more than there is."""

import re

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

from shop.catalog.models import Product
from shop.catalog.storefront.offers import MOST_OF_ONE
from shop.orders import cart_lines
from tests.shop.catalog.storefront.test_offers import shirt
from tests.support.factories import PriceFactory, ProductFactory, VariantFactory
from tests.support.house import House


def buy(client: Client, address: str) -> str:
    """The part of the page with the button, as one line."""
    html = client.get(address).content.decode()
    return re.sub(r"\s+", " ", html.split('<div id="buy">')[1].split("</form>")[0])


@pytest.mark.django_db
def test_sold_out_combination_turns_the_button_off_with_the_reason(client: Client) -> None:
    # S35
    shirt()

    gone = buy(client, "/products/shirt/?variant=shirt-Ink-S")
    here = buy(client, "/products/shirt/?variant=shirt-Sand-S")

    assert re.search(r'<button class="button" type="button" disabled aria-describedby="why">', gone)
    assert "This choice cannot be had for now, but others can." in gone
    assert 'id="add"' not in gone
    assert '<button class="button" id="add" type="submit">Add to cart</button>' in here


@pytest.mark.django_db
def test_sold_out_choice_leads_to_another_without_scripts(client: Client) -> None:
    # S35, S7
    bowl = ProductFactory(slug="bowl", option_names=["Color"])
    PriceFactory(variant=VariantFactory(product=bowl, sku="SAND", option_values=["Sand"]))
    moss = PriceFactory(variant=VariantFactory(product=bowl, sku="MOSS", option_values=["Moss"]))
    ink = VariantFactory(product=bowl, sku="INK", option_values=["Ink"])
    PriceFactory(variant=ink, on_hand=0)

    gone = client.get("/products/bowl/?variant=INK").content.decode()
    shown = client.get("/products/bowl/", {"price": moss.key}).content.decode()

    assert "disabled" in buy(client, "/products/bowl/?variant=INK")
    assert 'formaction="/products/bowl/"' in gone.split("<noscript>")[1].split("</noscript>")[0]
    assert '<span class="sku">Moss, MOSS</span>' in shown


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("on_hand", "limit", "most"), [(3, None, 3), (50, 4, 4), (2, 4, 2), (5000, None, MOST_OF_ONE)]
)
def test_quantity_ends_at_what_is_left_and_what_one_order_may_hold(
    client: Client, on_hand: int, limit: int | None, most: int
) -> None:
    # S36
    product = ProductFactory(slug="mug", most_per_order=limit)
    PriceFactory(variant=VariantFactory(product=product), on_hand=on_hand)

    assert f'max="{most}"' in buy(client, "/products/mug/")


@pytest.mark.django_db
def test_without_scripts_each_choice_may_be_as_many_as_the_largest(client: Client) -> None:
    # S7, S36
    shirt()
    PriceFactory(
        variant=VariantFactory(
            product=Product.objects.get(), sku="large", option_values=["Sand", "L"]
        ),
        on_hand=8,
    )

    part = buy(client, "/products/shirt/?variant=shirt-Sand-M")

    assert 'max="8" data-most="5"' in part


def test_page_and_cart_draw_the_same_line() -> None:
    assert MOST_OF_ONE == cart_lines.MOST_OF_ONE


def test_button_price_and_stock_follow_the_choice_and_are_read_out(
    house: House, page: Page
) -> None:
    # S17, S33, S35
    product = shirt("followed-shirt")
    large = VariantFactory(product=product, sku="followed-large", option_values=["Sand", "L"])
    PriceFactory(variant=large, on_hand=8)
    page.goto(f"{house.url}/products/followed-shirt/")
    said = page.locator("#said")
    page.evaluate("document.getElementById('said').dataset.same = 'yes'")
    page.get_by_label("Quantity").fill("2")

    page.get_by_role("radio", name="M", exact=True).check(force=True)
    expect(said).to_have_text("€22.00 5 left Sand / M")
    expect(page.locator("#sku")).to_contain_text("followed-shirt-Sand-M")
    expect(page.get_by_label("Quantity")).to_have_value("2")
    expect(page.get_by_label("Quantity")).to_have_attribute("max", "5")
    page.get_by_role("radio", name="S", exact=True).check(force=True)
    expect(said).to_have_text("€20.00 5 left Sand / S")
    page.get_by_role("radio", name="Ink sold out").check(force=True)

    expect(said).to_have_text("€24.00 Sold out Ink / S")
    expect(page.locator("#sku")).to_contain_text("followed-shirt-Ink-S")
    expect(said).to_have_attribute("data-same", "yes")
    expect(page.get_by_role("button", name="Sold out")).to_be_disabled()
    expect(page.get_by_role("button", name="Add to cart")).to_have_count(0)
    Product.objects.filter(pk=product.pk).update(status="archived")


def test_who_has_gone_on_to_the_next_field_stays_there(house: House, page: Page) -> None:
    # S3
    product = shirt("slow-shirt")
    page.goto(f"{house.url}/products/slow-shirt/")
    held: list[Route] = []
    page.route("**/products/slow-shirt/?option-0*", lambda route: held.append(route))

    with page.expect_request("**/products/slow-shirt/?option-0*"):
        page.get_by_role("radio", name="M", exact=True).check(force=True)
    page.get_by_role("button", name="Add to cart").focus()
    held[0].continue_()

    expect(page.locator("#said")).to_contain_text("Sand / M")
    expect(page.get_by_role("button", name="Add to cart")).to_be_focused()
    Product.objects.filter(pk=product.pk).update(status="archived")


def test_without_scripts_another_choice_can_be_shown(house: House, chromium: Browser) -> None:
    # S7, S35
    product = shirt("scriptless-shirt")
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{house.url}/products/scriptless-shirt/?variant=scriptless-shirt-Ink-S")

    expect(page.get_by_role("button", name="Sold out")).to_be_disabled()
    page.get_by_role("radio", name="Sand").check(force=True)
    page.get_by_role("button", name="Show this choice").click()
    page.get_by_role("button", name="Add to cart").click()

    expect(page.locator("main")).to_contain_text("Deck Shirt (Sand / S) is in your cart.")
    context.close()
    Product.objects.filter(pk=product.pk).update(status="archived")
