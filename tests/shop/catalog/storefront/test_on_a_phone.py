"""The storefront on the screen of a small telephone, measured where things stand. Check S-3."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import APIResponse, Browser, Locator, Page, expect

from shop.catalog.models import Product
from tests.support.browser import PATIENCE, changed_on_the_way, scroll_width
from tests.support.factories import PriceFactory, ProductFactory, VariantFactory
from tests.support.house import House

WIDTH, HEIGHT = 360, 740


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, is_mobile=True, has_touch=True
    )
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def jersey() -> Product:
    """In two options, five sizes of each color."""
    product: Product = ProductFactory(
        title="Foul Weather Jersey", slug="jersey", option_names=["Color", "Size"]
    )
    for color in ("Sand", "Ink", "Kelp"):
        for size in ("XL", "S", "L", "XS", "M"):
            variant = VariantFactory(product=product, option_values=[color, size])
            PriceFactory(variant=variant)
    return product


def box(part: Locator) -> dict[str, float]:
    """Where a part stands that can be seen."""
    found = part.bounding_box()
    assert found
    return {
        "left": found["x"],
        "top": found["y"],
        "right": found["x"] + found["width"],
        "bottom": found["y"] + found["height"],
    }


def middle(part: Locator) -> float:
    found = box(part)
    return (found["top"] + found["bottom"]) / 2


@pytest.mark.parametrize("slug", ["tide-bowl", "kelp-mug", "spray-dry-bag", "jersey"])
def test_all_that_one_buys_by_is_on_the_first_screen(house: House, phone: Page, slug: str) -> None:
    # S-3, S32
    if slug == "jersey":
        jersey()
    phone.goto(f"{house.url}/products/{slug}/")
    Product.objects.filter(slug="jersey").update(status="archived")

    parts = [
        phone.locator("#gallery li, #gallery .no-picture").first,
        phone.locator("h1"),
        phone.locator("#offer .price"),
        *phone.locator("fieldset.choice label").all(),
        phone.get_by_role("button", name="Add to cart"),
    ]
    seen = [box(part) for part in parts]

    assert [one for one in seen if one["bottom"] > HEIGHT] == []
    # Smaller, but still a picture.
    assert seen[0]["bottom"] - seen[0]["top"] >= 150
    assert box(phone.locator("#sku"))["top"] > seen[-1]["bottom"]


def test_head_of_the_page_is_one_row(house: House, phone: Page) -> None:
    # S-3
    phone.goto(f"{house.url}/")

    name = phone.locator(".top .brand")
    search = phone.get_by_role("search")
    cart = phone.get_by_role("banner").get_by_role("link", name="Cart")

    assert middle(name) == pytest.approx(middle(search), abs=3)
    assert middle(name) == pytest.approx(middle(cart), abs=3)
    assert box(name)["right"] <= box(search)["left"]
    assert box(search)["right"] <= box(cart)["left"]
    for width in (320, 360, 412):
        phone.set_viewport_size({"width": width, "height": HEIGHT})
        assert scroll_width(phone) == width
        phone.get_by_role("searchbox").fill("")
        assert box(phone.get_by_role("searchbox"))["right"] - box(search)["left"] >= 80


def test_search_grows_while_somebody_types(house: House, phone: Page) -> None:
    # S-3
    phone.goto(f"{house.url}/")
    field = phone.get_by_role("searchbox")

    before = box(field)
    field.focus()
    during = box(field)
    field.fill("lantern")
    phone.get_by_role("button", name="Search").click()

    assert during["right"] - during["left"] >= before["right"] - before["left"] + 60
    expect(phone.locator("h1")).to_contain_text("lantern")


@pytest.mark.parametrize("slug", ["table", "wear", "bath"])
def test_open_shelf_is_in_view(house: House, phone: Page, slug: str) -> None:
    # S-3
    phone.goto(f"{house.url}/categories/{slug}/")

    shelf = phone.locator(".shelves [aria-current]")
    phone.wait_for_function("document.querySelector('.shelves').scrollLeft >= 0")
    seen = box(shelf)

    assert seen["left"] >= 0
    assert seen["right"] <= WIDTH
    assert phone.evaluate("scrollY") == 0


def test_words_longer_than_the_screen_wrap(house: House, phone: Page) -> None:
    # S-3, S6
    word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswe"
    product: Product = ProductFactory(title=word, slug="long-word", option_names=["Kind"])
    for value in (word, word[::-1].capitalize()):
        PriceFactory(variant=VariantFactory(product=product, option_values=[value]))
    phone.set_viewport_size({"width": 320, "height": HEIGHT})

    wide = []
    for address in (
        product.get_absolute_url(),
        product.category.get_absolute_url() if product.category else "/",
        f"/search/?q={word}",
        f"/categories/table/?o=Kind:{word}",
    ):
        phone.goto(house.url + address)
        if scroll_width(phone) > 320:
            wide.append(address)
    phone.goto(house.url + product.get_absolute_url())
    phone.get_by_role("button", name="Add to cart").click()
    expect(phone.locator("h1")).to_have_text("Your cart")
    in_cart = scroll_width(phone)
    Product.objects.filter(pk=product.pk).update(status="archived")

    assert len(word) == 51
    assert wide == []
    assert in_cart == 320


# -- lists -----------------------------------------------------------------------------------------


def test_filter_and_order_stand_in_one_row(house: House, phone: Page) -> None:
    # S-3
    phone.goto(f"{house.url}/categories/table/")

    filters = phone.locator(".facets > details > summary")
    order = phone.locator(".sort summary")

    assert middle(filters) == pytest.approx(middle(order), abs=2)
    assert box(filters)["right"] <= box(order)["left"]
    assert box(phone.locator(".cards li").first)["top"] < 350
    order.click()
    phone.get_by_role("link", name="Price, low to high").click()
    expect(phone).to_have_url(f"{house.url}/categories/table/?sort=price")
    expect(phone.locator(".sort summary")).to_contain_text("Price, low to high")


def test_after_filtering_the_results_show(house: House, phone: Page) -> None:
    # S-3
    phone.goto(f"{house.url}/categories/table/")

    phone.locator(".facets > details > summary").click()
    phone.get_by_role("checkbox", name="In stock").check()
    phone.get_by_role("button", name="Show products").click()

    expect(phone.locator(".chips")).to_contain_text("In stock")
    assert phone.locator(".facets > details").get_attribute("open") is None
    expect(phone.locator(".facets > details > summary")).to_contain_text("1")
    assert box(phone.locator(".cards .frame").first)["bottom"] < HEIGHT


def test_filters_are_there_in_a_browser_that_cannot_open_them_by_style(
    house: House, page: Page
) -> None:
    # S-3

    def in_an_older_browser(style: APIResponse) -> dict[str, str]:
        return {"body": style.text().replace("::details-content", "::not-known-here")}

    with changed_on_the_way(page, "**/shop*.css", in_an_older_browser):
        page.goto(f"{house.url}/categories/table/")

    page.locator(".facets > details > summary").click()
    expect(page.get_by_role("checkbox", name="In stock")).to_be_visible()
    page.locator(".sort summary").click()
    expect(page.get_by_role("link", name="Price, low to high")).to_be_visible()


def test_on_a_wide_screen_filters_and_orders_are_open(house: House, page: Page) -> None:
    # S-3
    page.goto(f"{house.url}/categories/table/")

    expect(page.get_by_role("checkbox", name="In stock")).to_be_visible()
    expect(page.get_by_role("link", name="Price, low to high")).to_be_visible()
    expect(page.locator(".facets > details > summary")).to_be_hidden()
    assert box(page.locator(".facets"))["right"] <= box(page.locator(".cards"))["left"]
