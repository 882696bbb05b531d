"""What the cart's page shows is what is paid, with and without scripts, and after coming back."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from shop.catalog.models import Price
from tests.support.browser import PATIENCE
from tests.support.buyer import offered
from tests.support.house import House

CHOSEN = {"unit_amount": 1000, "is_chosen": True, "minimum_amount": 500, "maximum_amount": 10000}
PAYMENT_PAGE = re.compile(r"/c/pay/cs_test_")


@pytest.fixture(params=[True, False], ids=["scripts", "no scripts"])
def visitor(chromium: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    context = chromium.new_context(java_script_enabled=request.param)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def price(house: House) -> Iterator[Price]:
    with offered(on_hand=9, **CHOSEN) as price:
        yield price


def put(page: Page, house: House, price: Price) -> None:
    page.goto(f"{house.url}{price.variant.product.get_absolute_url()}")
    page.get_by_role("button", name="Add to cart").click()
    expect(page.locator("h1")).to_have_text("Your cart")


def test_what_was_typed_and_not_updated_is_what_is_paid(
    house: House, visitor: Page, price: Price
) -> None:
    # C3
    put(visitor, house, price)
    visitor.get_by_label(re.compile("Quantity of")).fill("3")
    visitor.get_by_label(re.compile("Your price for")).fill("7.50")

    visitor.get_by_role("button", name="Continue to secure payment").click()

    visitor.wait_for_url(PAYMENT_PAGE)
    expect(visitor.locator("body")).to_contain_text("€22.50")


def test_after_coming_back_fields_and_header_say_what_is_in_the_cart(
    house: House, visitor: Page, price: Price
) -> None:
    # C3
    put(visitor, house, price)
    visitor.get_by_label(re.compile("Quantity of")).fill("3")
    visitor.get_by_role("button", name="Continue to secure payment").click()
    visitor.wait_for_url(PAYMENT_PAGE)

    visitor.go_back()

    expect(visitor.get_by_label(re.compile("Quantity of"))).to_have_value("3")
    expect(visitor.locator(".summary dd").first).to_contain_text("€30.00")
    expect(visitor.locator(".to-cart .count")).to_contain_text("3")


def test_a_product_page_come_back_to_counts_the_cart_as_it_is(
    house: House, page: Page, price: Price
) -> None:
    # C3
    put(page, house, price)
    expect(page.locator(".to-cart .count")).to_contain_text("1")

    page.go_back()

    expect(page.locator("h1")).to_have_text(price.variant.product.title)
    expect(page.locator(".to-cart .count")).to_contain_text("1")
