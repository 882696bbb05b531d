"""Who leaves the payment page is reminded once, where they asked for it, and pays after all."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from shop.orders.models import Order
from tests.journeys.test_customer import HEADING, put_into_cart
from tests.support.browser import faults_in_all_ways
from tests.support.clocks import level_clocks, move_clocks
from tests.support.house import House
from tests.support.payment_page import pay
from tests.support.waiting import eventually

ADDRESS = "left@example.com"


@pytest.fixture
def reminding(house: House) -> Iterator[None]:
    """With the box in the cart, and workers that write."""
    serve_with(house, CHECKOUT_RECOVERY="shop")
    level_clocks(house.stand_in)
    yield
    level_clocks(house.stand_in)
    serve_with(house)


def serve_with(house: House, **more: str) -> None:
    for name in ("web", "worker"):
        house.stop(name)
        house.start(name, **more)
    house.wait_until_ready()


@pytest.mark.usefixtures("reminding")
def test_who_left_is_reminded_and_pays_after_all(house: House, page: Page) -> None:
    put_into_cart(page, house, "kelp-mug")
    page.goto(f"{house.url}/cart/")
    expect(page.get_by_label("Remind me once")).not_to_be_checked()
    faults = faults_in_all_ways(page, (320, 1280))
    page.get_by_label("Remind me once").check()
    page.get_by_label("Your e-mail address").fill(ADDRESS)
    page.get_by_role("button", name="Continue to secure payment").click()
    page.wait_for_url(re.compile(r"/c/pay/cs_test_"))
    move_clocks(house.stand_in, minutes=46)
    order = Order.objects.get(recovery_email=ADDRESS)
    reminder = f"Order {order.number}: not paid yet"
    eventually(lambda: reminder in house.mails(ADDRESS))
    page.goto(f"{house.url}/orders/{order.token}/pay/")
    expect(page.locator(HEADING)).to_have_text("The time to pay has run out")
    page.get_by_role("button", name=re.compile("^Pay .* again$")).click()
    pay(page, email=ADDRESS)
    page.wait_for_url(re.compile(r"/success\?session_id="))
    eventually(lambda: order.shipments.exists())
    house.wait_until_quiet()

    order.refresh_from_db()
    assert faults == []
    assert order.status == "confirmed"
    assert order.payments.get().captured_amount == order.total
    assert [each["to"] for each in order.consent] == ["recovery"]
    assert house.mails(ADDRESS).count(reminder) == 1
