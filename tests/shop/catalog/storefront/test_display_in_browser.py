"""How pages look to whom it matters: large text, no motion, colors of one's own, a slow phone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser import PATIENCE, scroll_width
from tests.support.house import House

MAIN_PAGES = [
    "/",
    "/categories/table/",
    "/search/?q=mug",
    "/products/tide-bowl/",
    "/cart/",
    "/help/",
    "/terms/",
    "/cancel",
    "/no/such/page/",
]


def put_into_cart(page: Page, house: House) -> None:
    page.goto(f"{house.url}/products/tide-bowl/")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator("h1")).to_have_text("Your cart")


def test_text_twice_as_large_needs_no_scrolling_sideways(house: House, page: Page) -> None:
    # S6
    put_into_cart(page, house)

    wide = []
    for address in MAIN_PAGES:
        page.goto(house.url + address)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        for width in (640, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            if scroll_width(page) > width:
                wide.append((address, width))

    assert wide == []


def test_who_wants_no_motion_gets_none(house: House, page: Page) -> None:
    # S6
    moving = """[...document.querySelectorAll("*")].filter((one) => {
      const style = getComputedStyle(one);
      return parseFloat(style.transitionDuration) || parseFloat(style.animationDuration)
        || style.scrollBehavior === "smooth";
    }).length"""
    counts: dict[str, list[int]] = {}
    for wish in ("no-preference", "reduce"):
        page.emulate_media(reduced_motion=wish)
        counts[wish] = []
        for address in ("/", "/products/tide-bowl/"):
            page.goto(house.url + address)
            counts[wish].append(page.evaluate(moving))

    assert counts["reduce"] == [0, 0]
    assert min(counts["no-preference"]) > 0


def test_with_colors_of_ones_own_button_and_focus_can_be_seen(
    house: House, chromium: Browser
) -> None:
    # S5
    context = chromium.new_context(forced_colors="active", color_scheme="dark")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto(f"{house.url}/products/tide-bowl/")
    look = """it => { const style = getComputedStyle(it); return {
      border: style.borderTopStyle + " " + style.borderTopWidth, edge: style.borderTopColor,
      ground: style.backgroundColor, ink: style.color,
      outline: style.outlineStyle + " " + style.outlineWidth, outlined: style.outlineColor } }"""
    button = page.get_by_role("button", name="Add to cart")
    chosen = page.locator("fieldset.choice :checked + span")
    other = page.locator("fieldset.choice :not(:checked) + span").first

    page.get_by_label("Quantity").focus()
    page.keyboard.press("Tab")
    expect(button).to_be_focused()
    seen: dict[str, Any] = button.evaluate(look)
    grounds = [one.evaluate(look)["ground"] for one in (chosen, other)]
    context.close()

    assert seen["border"] == "solid 1px"
    assert seen["edge"] != seen["ground"] != seen["ink"]
    assert seen["outline"] == "solid 3px"
    assert seen["outlined"] != seen["ground"]
    assert grounds[0] != grounds[1]


# -- on a phone ------------------------------------------------------------------------------------

PHONE: dict[str, Any] = {
    "viewport": {"width": 412, "height": 823},
    "device_scale_factor": 2.625,
    "is_mobile": True,
    "has_touch": True,
}
# Notes the shifts of the layout and the largest thing painted, from the very start.
OBSERVE = """
window.seen = { shift: 0, largest: 0 };
new PerformanceObserver((list) => {
  for (const one of list.getEntries()) if (!one.hadRecentInput) seen.shift += one.value;
}).observe({ type: "layout-shift", buffered: true });
new PerformanceObserver((list) => {
  const last = list.getEntries().at(-1);
  seen.largest = last.startTime;
}).observe({ type: "largest-contentful-paint", buffered: true });
"""


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    context = chromium.new_context(**PHONE)
    context.set_default_timeout(PATIENCE)
    context.add_init_script(OBSERVE)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("address", ["/", "/categories/table/", "/products/tide-bowl/"])
def test_first_view_on_a_phone_is_light_and_stands_still(
    house: House, phone: Page, address: str
) -> None:
    # S9, S10
    wire = phone.context.new_cdp_session(phone)
    wire.send("Network.enable")
    loaded: list[float] = []
    wire.on("Network.loadingFinished", lambda told: loaded.append(told["encodedDataLength"]))

    phone.goto(house.url + address, wait_until="networkidle")
    phone.wait_for_function("() => seen.largest > 0")
    seen = phone.evaluate("seen")

    assert len(loaded) <= 20
    assert sum(loaded) <= 350 * 1024
    assert seen["shift"] <= 0.02
    waited_for = phone.locator("main img[fetchpriority=high]").bounding_box()
    assert waited_for
    assert waited_for["y"] < PHONE["viewport"]["height"]
