"""Tax is told before the payment page, asked for on it, and read after it."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.test_customer import go_to_payment, order_on, put_into_cart
from tests.support.house import House
from tests.support.payment_page import pay
from tests.support.waiting import eventually


@pytest.fixture
def in_mode_rates(house: House) -> Iterator[None]:
    """With the sample's rates: 20 %, and 10 % on books, inside the prices."""
    serve_with(house, TAX_MODE="rates")
    yield
    serve_with(house)


def serve_with(house: House, **more: str) -> None:
    house.stop("web")
    house.start("web", **more)
    house.wait_until_ready()


@pytest.mark.usefixtures("in_mode_rates")
def test_two_rates_from_the_cart_to_the_mail(house: House, page: Page) -> None:
    main = page.locator("main")

    put_into_cart(page, house, "kelp-mug")
    page.goto(f"{house.url}/products/shoreline-field-guide/")
    expect(page.locator("#offer")).to_contain_text("incl. VAT")
    put_into_cart(page, house, "shoreline-field-guide")
    page.goto(f"{house.url}/cart/")
    expect(main).to_contain_text("incl. 20% VAT")
    expect(main).to_contain_text("incl. 10% VAT")
    go_to_payment(page, house)
    pay(page, email="taxed@example.com")
    page.wait_for_url(re.compile(r"/success\?session_id="))
    order = order_on(page)
    eventually(lambda: house.mails("taxed@example.com"))
    house.wait_until_quiet()
    page.get_by_role("link", name="Follow this order").click()

    expect(main).to_contain_text("incl. 20% VAT")
    expect(main).to_contain_text("€3.00")
    expect(main).to_contain_text("incl. 10% VAT")
    order.refresh_from_db()
    assert [(tax["percentage"], tax["amount"]) for tax in order.taxes] == [("20", 300), ("10", 73)]
    assert sum(tax["base"] + tax["amount"] for tax in order.taxes) == order.total
    assert not order.is_held


@pytest.fixture
def in_mode_stripe(house: House) -> Iterator[None]:
    """Stripe Tax works it out, and the page asks a business for its tax id."""
    serve_with(house, TAX_MODE="stripe", TAX_CODE_DEFAULT="txcd_99999999", TAX_IDS="optional")
    yield
    serve_with(house)


@pytest.mark.usefixtures("in_mode_stripe")
def test_stripe_works_it_out_on_the_payment_page(house: House, page: Page) -> None:
    main = page.locator("main")

    put_into_cart(page, house, "kelp-mug")
    page.goto(f"{house.url}/cart/")
    expect(main).to_contain_text("worked out on the payment page")
    go_to_payment(page, house)
    expect(main).to_contain_text("Enter address to calculate")
    page.select_option("#taxIdType", "eu_vat")
    page.fill("#taxId", "IE1234567AB")
    page.fill("#businessName", "Lovelace Ltd")
    pay(page, email="business@example.com")
    page.wait_for_url(re.compile(r"/success\?session_id="))
    order = order_on(page)
    eventually(lambda: house.mails("business@example.com"))
    house.wait_until_quiet()
    page.get_by_role("link", name="Follow this order").click()

    expect(main).to_contain_text("incl. 23% VAT")
    expect(main).to_contain_text("€3.37")
    expect(main).to_contain_text("IE1234567AB")
    order.refresh_from_db()
    assert [(tax["percentage"], tax["base"], tax["amount"]) for tax in order.taxes] == [
        ("23", 1463, 337)
    ]
    assert (order.business_name, order.is_held) == ("Lovelace Ltd", False)
