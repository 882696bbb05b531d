"""The storefront in a real browser: for everybody, with and without scripts."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from payments.models import CheckoutSession
from shop.catalog.models import Price, Product, Variant
from tests.shop.catalog.storefront.test_offers import shirt
from tests.support.browser import (
    PATIENCE,
    changed_on_the_way,
    faults_in_all_ways,
    without_refresh,
)
from tests.support.house import House
from tests.support.stand_in import session_id_in

ADDRESSES = [
    "/",
    "/categories/table/",
    "/products/tide-bowl/",
    "/search/?q=lantren",
    "/search/?q=zzzz",
    "/cart/",
    "/help/",
    "/terms/",
    "/privacy/",
    "/imprint/",
    "/contact/",
    "/create-checkout-session",
    "/products/no-such-thing/",
    "/cancel",
    "/categories/table/?available=yes&price=0-2500",
    "/categories/table/?o=Color:None",
]
WIDTHS = (320, 768, 1280)


@pytest.fixture
def plain_page(chromium: Browser) -> Iterator[Page]:
    """A browser that runs no scripts."""
    context = chromium.new_context(java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def put_into_cart(page: Page, house: House, slug: str) -> None:
    page.goto(f"{house.url}/products/{slug}/")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator("h1")).to_have_text("Your cart")


def test_pages_are_for_everybody(house: House, page: Page) -> None:
    """No violation that axe knows, no scrolling sideways, nothing in the console."""
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    put_into_cart(page, house, "kelp-mug")

    found = []
    for address in ADDRESSES:
        page.goto(house.url + address)
        found += faults(page, address)

    assert found == []
    # Chromium itself reports the page that is not there, and the one that cannot be opened.
    assert [text for text in said if not re.search("status of 40[45]", text)] == []


def test_pages_of_an_order_are_for_everybody(house: House, page: Page) -> None:
    """From a reduced product in several options to the order's own page. Check S2."""
    product = shirt("shirt-for-everybody")
    Price.objects.filter(variant__product=product, unit_amount=2000).update(
        regular_amount=2900, lowest_recent_amount=2500
    )
    found: list[Any] = []

    page.goto(f"{house.url}{product.get_absolute_url()}")
    found += faults(page, "reduced")
    page.get_by_role("radio", name="S", exact=True).check(force=True)
    expect(page.locator("#offer")).to_contain_text("Sand / S")
    page.get_by_label("Quantity").evaluate("field => field.removeAttribute('max')")
    page.get_by_label("Quantity").fill("9")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator(".refusal")).to_be_visible()
    found += faults(page, "refused")
    page.get_by_role("radio", name="Ink").check(force=True)
    expect(page.get_by_role("button", name="Sold out")).to_be_disabled()
    found += faults(page, "sold out")

    page.goto(f"{house.url}{product.get_absolute_url()}?variant={product.slug}-Sand-S")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator("h1")).to_have_text("Your cart")
    page.get_by_role("button", name="Continue to secure payment").click()
    page.wait_for_url("**/c/pay/cs_test_*")
    session = CheckoutSession.objects.get(stripe_session_id=session_id_in(page.url))
    assert session.order
    assert session.stripe_session_id
    CheckoutSession.objects.filter(pk=session.pk).update(url="")
    with changed_on_the_way(page, re.compile(r"/(checkout|success|orders)\b"), without_refresh):
        page.goto(f"{house.url}/checkout/{session.order.token}/")
        found += faults(page, "waiting")
        house.stand_in.pay(session.stripe_session_id)
        page.goto(f"{house.url}/success?session_id={session.stripe_session_id}")
        found += faults(page, "success")
        page.goto(f"{house.url}/orders/{session.order.token}/")
        found += faults(page, "order")
    # S-6: the page is as wide as the others.
    page.set_viewport_size({"width": 1280, "height": 900})
    lines = page.locator(".order-lines").bounding_box()
    beside_them = page.locator(".order-beside section").first.bounding_box()
    assert lines
    assert beside_them
    assert lines["x"] + lines["width"] < beside_them["x"]
    assert beside_them["x"] + beside_them["width"] > 1150
    Product.objects.filter(pk=product.pk).update(status="archived")

    assert found == []


def faults(page: Page, name: str) -> list[Any]:
    """What is wrong with the page that is open, whoever looks at it."""
    return [(name, *one) for one in faults_in_all_ways(page, WIDTHS)]


def test_everything_works_without_scripts(house: House, plain_page: Page) -> None:
    page = plain_page

    page.goto(f"{house.url}/products/tide-bowl/")
    page.get_by_role("link", name="Choose Deep Sea").click()
    expect(page.locator("#sku")).to_contain_text("Deep Sea, BOWL-TIDE-DEEP")
    page.get_by_role("radio", name="Sea Glass").check()
    page.get_by_label("Quantity").fill("2")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("status").first).to_contain_text("Tide Bowl (Sea Glass) is in your")
    page.get_by_label("Quantity of Tide Bowl (Sea Glass)").fill("3")
    page.get_by_role("button", name="Update Tide Bowl (Sea Glass)").click()
    expect(page.locator(".summary")).to_contain_text("€72.00")
    page.get_by_role("button", name="Remove Tide Bowl (Sea Glass)").click()
    expect(page.locator("main")).to_contain_text("Your cart is empty.")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("Quantity of Tide Bowl (Sea Glass)")).to_have_value("3")


def test_page_follows_the_choice(house: House, page: Page) -> None:
    deep_sea = Variant.objects.get(sku="BOWL-TIDE-DEEP").image
    assert deep_sea is not None
    page.goto(f"{house.url}/products/tide-bowl/")

    page.get_by_role("radio", name="Deep Sea").check()

    expect(page.locator("#sku")).to_contain_text("Deep Sea, BOWL-TIDE-DEEP")
    expect(page.locator("#gallery img").first).to_have_attribute(
        "src", f"/media/pictures/{deep_sea.name}-640.jpg"
    )
    expect(page).to_have_url(f"{house.url}/products/tide-bowl/?variant=BOWL-TIDE-DEEP")
    page.reload()
    expect(page.get_by_role("radio", name="Deep Sea")).to_be_checked()


def test_double_click_adds_one(house: House, page: Page) -> None:
    page.goto(f"{house.url}/products/kelp-mug/")

    page.get_by_role("button", name="Add to cart").dblclick()

    expect(page.get_by_label("Quantity of Kelp Mug")).to_have_value("1")


def test_what_was_added_is_read_out_and_the_page_does_not_jump(house: House, page: Page) -> None:
    # S41
    put_into_cart(page, house, "kelp-mug")

    message = page.locator(".messages")
    expect(message).to_be_focused()
    expect(message).to_have_text("Kelp Mug is in your cart.")
    assert page.evaluate("scrollY") == 0
    page.reload()
    expect(page.locator("h1")).to_have_text("Your cart")
    expect(message).not_to_be_focused()


def test_keyboard_alone_fills_the_cart(house: House, page: Page) -> None:
    page.goto(f"{house.url}/products/kelp-mug/")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    page.get_by_label("Quantity").focus()
    page.keyboard.press("Enter")

    expect(page.get_by_label("Quantity of Kelp Mug")).to_have_value("1")


def test_going_back_the_form_can_be_sent_again(house: House, page: Page) -> None:
    put_into_cart(page, house, "kelp-mug")
    # Sooner, the shop takes it for a double click; later, however much, it does not.
    page.wait_for_timeout(1100)

    page.go_back()
    page.get_by_role("button", name="Add to cart").click()

    expect(page.get_by_label("Quantity of Kelp Mug")).to_have_value("2")
