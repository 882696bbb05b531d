"""An account, from a guest's order to the cart that follows its owner to another browser."""

import re
import uuid

from playwright.sync_api import Browser, Page, expect

from tests.journeys.test_customer import go_to_payment, order_on, put_into_cart
from tests.support.browser import PATIENCE
from tests.support.house import House
from tests.support.payment_page import pay
from tests.support.waiting import eventually


def code_in(house: House, email: str, *, letters: int = 1) -> str:
    """The code in the last mail to this address, once so many with one have come."""

    def found() -> list[str]:
        return [
            code.group(0)
            for subject in house.mails(email)
            if (code := re.search(r"\d{4}-\d{4}", subject))
        ]

    return eventually(lambda: found() if len(found()) >= letters else None)[-1]


def test_guest_keeps_the_order_and_finds_order_and_cart_elsewhere(
    house: House, page: Page, chromium: Browser
) -> None:
    email = f"mara.{uuid.uuid4().hex[:8]}@example.com"
    put_into_cart(page, house, "kelp-mug")
    go_to_payment(page, house)
    pay(page, email=email)
    page.wait_for_url(re.compile(r"/success\?session_id="))
    order = order_on(page)
    keep = page.get_by_role("button", name="Keep this order in an account")
    eventually(lambda: page.reload() is not None and keep.count())

    keep.click()
    page.get_by_label("Code").fill("0000-0000")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not the code that we sent.")
    page.get_by_label("Code").fill(code_in(house, email))
    page.get_by_role("button", name="Log in").click()

    expect(page.locator("h1")).to_have_text("Your orders")
    expect(page.get_by_role("link", name=f"Order {order.number}")).to_be_visible()
    order.refresh_from_db()
    assert order.user is not None
    assert order.user.email == email

    put_into_cart(page, house, "tide-bowl")
    elsewhere = chromium.new_context()
    elsewhere.set_default_timeout(PATIENCE)
    other = elsewhere.new_page()
    put_into_cart(other, house, "kelp-mug")
    other.get_by_role("banner").get_by_role("link", name="Account").click()
    other.get_by_label("Your e-mail address").fill(email)
    other.get_by_role("button", name="Send me a code").click()
    other.get_by_label("Code").fill(code_in(house, email, letters=2))
    other.get_by_role("button", name="Log in").click()

    expect(other.locator(".messages")).to_contain_text("What you had put into your cart before")
    other.goto(f"{house.url}/cart/")
    expect(other.locator("main")).to_contain_text("Tide Bowl")
    expect(other.locator("main")).to_contain_text("Kelp Mug")
    other.goto(f"{house.url}/account/")
    other.get_by_role("button", name="Log out").click()
    expect(other.locator(".messages")).to_contain_text("You are logged out.")
    other.goto(f"{house.url}/cart/")
    expect(other.locator("main")).not_to_contain_text("Tide Bowl")
    elsewhere.close()
