"""To the payment page and through it: by keyboard alone, and without scripts. Checks S3 and S7."""

import re
import uuid

from playwright.sync_api import Browser, Page, expect

from shop.catalog import stock
from shop.catalog.models import Product, Variant
from shop.orders.models import Order
from tests.shop.catalog.storefront.test_offers import shirt
from tests.support.house import House
from tests.support.payment_page import pay
from tests.support.stand_in import session_id_in
from tests.support.waiting import PATIENCE

# More stops than any page has: a reader who is caught somewhere would go on for ever.
MOST_STOPS = 80


def tab_to(page: Page, text: str) -> None:
    """Go on by Tab until what is focused says `text`; each stop on the way must be visible."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = page.evaluate(FOCUSED)
        assert stop["visible"], f"no sign of the focus on {stop['name']!r}"
        if text in stop["name"]:
            return
    raise AssertionError(f"{text!r} is not reached by Tab")


# The name of what has the focus, and whether an outline (its own or its label's) shows that, on
# the screen and not below another thing.
FOCUSED = """() => {
  const it = document.activeElement;
  const shown = it.matches("input[type=radio]") ? it.nextElementSibling : it;
  const style = getComputedStyle(shown);
  const box = shown.getBoundingClientRect();
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    name: it.ariaLabel ?? ((it.labels?.[0] ?? it).textContent.trim() || it.value || ""),
    visible: style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2
      && box.bottom > 0 && box.top < innerHeight
      && (top === null || shown.contains(top) || top.contains(shown) || it.contains(top)),
  };
}"""


def test_keyboard_alone_buys(house: House, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")  # what is scrolled to is there at once
    product = shirt("keyboard-shirt")
    page.goto(f"{house.url}/products/keyboard-shirt/")

    tab_to(page, "Skip to the content")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    tab_to(page, "Sand")
    tab_to(page, "S")
    page.keyboard.press("ArrowDown")
    expect(page.locator("#said")).to_contain_text("Sand / M")
    tab_to(page, "Quantity")
    page.keyboard.type("2")
    tab_to(page, "Add to cart")
    page.keyboard.press("Enter")
    expect(page.locator(".messages")).to_contain_text("Deck Shirt (Sand / M) is in your cart.")
    tab_to(page, "Continue to secure payment")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/c/pay/cs_test_"))

    order = Order.objects.get(checkout_sessions__stripe_session_id=session_id_in(page.url))
    (line,) = order.lines.all()
    assert (line.choice, line.quantity) == ("Sand / M", 2)
    Product.objects.filter(pk=product.pk).update(status="archived")


def test_scripts_are_not_needed_to_buy(house: House, chromium: Browser) -> None:
    context = chromium.new_context(java_script_enabled=False)
    context.set_default_timeout(1000 * PATIENCE)
    page = context.new_page()
    bowl = Variant.objects.get(sku="BOWL-TIDE-DEEP")
    stock.adjust(bowl.pk, 2, reason="delivery", cause_kind="delivery", cause_id=uuid.uuid4())

    page.goto(house.url)
    page.get_by_role("navigation", name="Categories").get_by_role("link", name="Table").click()
    page.get_by_label("Deep Sea").check()
    page.get_by_role("button", name="Show products").click()
    expect(page.get_by_role("list", name="Filters in use")).to_contain_text("Deep Sea")
    page.get_by_role("link", name="Tide Bowl").click()
    page.get_by_role("radio", name="Deep Sea").check(force=True)
    page.get_by_role("button", name="Show this choice").click()
    expect(page.locator("#sku")).to_contain_text("Deep Sea, BOWL-TIDE-DEEP")
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_label("Quantity of Tide Bowl (Deep Sea)").fill("2")
    page.get_by_role("button", name="Update Tide Bowl (Deep Sea)").click()
    page.goto(f"{house.url}/products/kelp-mug/")
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("button", name="Remove Kelp Mug").click()
    page.get_by_role("button", name="Continue to secure payment").click()
    pay(page, email="plain@example.com")
    page.wait_for_url(re.compile(r"/success\?session_id="))

    order = Order.objects.get(checkout_sessions__stripe_session_id=session_id_in(page.url))
    expect(page.locator("main")).to_contain_text(order.number)
    context.close()
    (line,) = order.lines.all()
    assert (line.choice, line.quantity) == ("Deep Sea", 2)
