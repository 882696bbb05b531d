"""The storefront in a real browser: for everybody, with and without scripts."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.house import House

ADDRESSES = [
    "/",
    "/categories/table/",
    "/products/tide-bowl/",
    "/search/?q=lantren",
    "/search/?q=zzzz",
    "/cart/",
    "/help/",
    "/products/no-such-thing/",
    "/cancel",
    "/categories/table/?available=yes&price=0-2500",
    "/categories/table/?o=Color:None",
]
STANDARDS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture
def plain_page(chromium: Browser) -> Iterator[Page]:
    """A browser that runs no scripts."""
    context = chromium.new_context(java_script_enabled=False)
    context.set_default_timeout(15_000)
    yield context.new_page()
    context.close()


def put_into_cart(page: Page, house: House, slug: str) -> None:
    page.goto(f"{house.url}/products/{slug}/")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator("h1")).to_have_text("Your cart")


@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_are_for_everybody(house: House, chromium: Browser, width: int, theme: str) -> None:
    """No violation that axe knows, no scrolling sideways, nothing in the console."""
    viewport = {"width": width, "height": 780}
    context = chromium.new_context(viewport=viewport, color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    put_into_cart(page, house, "kelp-mug")

    found, wide = [], []
    for address in ADDRESSES:
        page.goto(house.url + address)
        violations = Axe().run(page, options={"runOnly": STANDARDS}).response["violations"]
        found += [(address, one["id"], one["nodes"][0]["html"]) for one in violations]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wide.append(address)
    context.close()

    assert (found, wide) == ([], [])
    # Chromium itself reports the page that is not there.
    assert [text for text in said if "404" not in text] == []


def test_everything_works_without_scripts(house: House, plain_page: Page) -> None:
    page = plain_page

    page.goto(f"{house.url}/products/tide-bowl/")
    page.get_by_role("link", name="Choose Deep Sea").click()
    expect(page.locator("#offer")).to_contain_text("Deep Sea, BOWL-TIDE-DEEP")
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
    page.goto(f"{house.url}/products/tide-bowl/")

    page.get_by_role("radio", name="Deep Sea").check()

    expect(page.locator("#offer")).to_contain_text("Deep Sea, BOWL-TIDE-DEEP")
    expect(page.locator("#gallery img").first).to_have_attribute(
        "src", "/static/pictures/tide-bowl-deep-sea-640.jpg"
    )
    expect(page).to_have_url(f"{house.url}/products/tide-bowl/?variant=BOWL-TIDE-DEEP")
    page.reload()
    expect(page.get_by_role("radio", name="Deep Sea")).to_be_checked()


def test_double_click_adds_one(house: House, page: Page) -> None:
    page.goto(f"{house.url}/products/kelp-mug/")

    page.get_by_role("button", name="Add to cart").dblclick()

    expect(page.get_by_label("Quantity of Kelp Mug")).to_have_value("1")


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
    page.wait_for_timeout(1100)  # longer than a double click

    page.go_back()
    page.get_by_role("button", name="Add to cart").click()

    expect(page.get_by_label("Quantity of Kelp Mug")).to_have_value("2")
