"""Where things stand and how they look: by focus, from right to left, on paper. Check S-6."""

import pytest
from playwright.sync_api import Page, expect

from shop.catalog.models import Product
from tests.support.browser import violations
from tests.support.factories import PriceFactory, ProductFactory, VariantFactory
from tests.support.house import House

CONTRAST = """it => {
  const light = (color) => {
    const parts = color.match(/[0-9.]+/g).slice(0, 3).map((one) => one / 255)
      .map((one) => one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4);
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
  };
  const ring = light(getComputedStyle(it).outlineColor);
  const ground = light(getComputedStyle(it.closest(".hero")).backgroundColor);
  return (Math.max(ring, ground) + 0.05) / (Math.min(ring, ground) + 0.05);
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_focus_on_the_poster_can_be_seen(house: House, page: Page, scheme: str) -> None:
    # S-6
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(house.url)
    button = page.locator(".hero .button")

    page.get_by_role("searchbox").focus()
    while not button.evaluate("it => it === document.activeElement"):
        page.keyboard.press("Tab")

    assert button.evaluate(CONTRAST) >= 3


def test_a_gallery_of_two_has_no_hole(house: House, page: Page) -> None:
    # S-6
    page.goto(f"{house.url}/products/tide-bowl/")

    first, second = (one.bounding_box() for one in page.locator("#gallery li").all())

    assert first
    assert second
    assert second["width"] == pytest.approx(first["width"], abs=1)
    assert second["y"] > first["y"] + first["height"] - 1


def test_button_fills_its_column(house: House, page: Page) -> None:
    # S-6
    page.goto(f"{house.url}/products/tide-bowl/")

    column = page.locator("div.offer").bounding_box()
    button = page.get_by_role("button", name="Add to cart").bounding_box()

    assert column
    assert button
    assert button["x"] + button["width"] == pytest.approx(column["x"] + column["width"], abs=1)


def test_right_to_left_the_corners_change_sides(house: House, page: Page) -> None:
    # S-6
    page.goto(house.url)
    look = """it => { const style = getComputedStyle(it);
      return [style.borderTopLeftRadius, style.borderTopRightRadius].map(parseFloat) }"""
    field = page.get_by_role("searchbox")

    left_to_right = field.evaluate(look)
    page.evaluate("document.documentElement.dir = 'rtl'")
    right_to_left = field.evaluate(look)

    assert left_to_right[0] > 10
    assert right_to_left == left_to_right[::-1]


def test_paper_shows_the_words_and_nothing_to_press(house: House, page: Page) -> None:
    # S-6
    page.goto(f"{house.url}/products/tide-bowl/")
    page.emulate_media(media="print", color_scheme="dark")

    expect(page.locator("h1")).to_be_visible()
    expect(page.locator("#offer .price")).to_be_visible()
    for part in (".find", ".shelves", "#add", ".bottom nav"):
        expect(page.locator(part)).to_be_hidden()
    ground, ink = page.evaluate(
        "[getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]"
    )
    assert ground == "rgb(255, 255, 255)"
    assert ink == "rgb(20, 48, 47)"


def test_a_list_of_filters_that_scrolls_takes_the_focus(house: House, page: Page) -> None:
    # S-6
    product: Product = ProductFactory(title="Thread", option_names=["Shade"])
    for number in range(40):
        variant = VariantFactory(product=product, option_values=[f"Shade {number:02}"])
        PriceFactory(variant=variant)
    PriceFactory(variant__product__category=product.category)
    assert product.category
    page.goto(house.url + product.category.get_absolute_url())

    page.locator(".facets fieldset summary").first.click()
    scrolling = page.evaluate(
        """[...document.querySelectorAll(".facets *")].filter((one) =>
          one.scrollHeight > one.clientHeight && getComputedStyle(one).overflowY === "auto"
        ).map((one) => one.tabIndex)"""
    )
    found = violations(page)
    Product.objects.filter(category=product.category).update(status="archived")

    assert scrolling == [0]
    assert found == []
