"""A file is put up by staff, bought, and downloaded as it was (S-4)."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from shop.orders.models import Order
from tests.journeys.test_customer import go_to_payment, order_on, put_into_cart
from tests.journeys.test_staff import staff
from tests.support.browser import faults_in_all_ways
from tests.support.factories import PriceFactory
from tests.support.house import House
from tests.support.payment_page import fill_card, press_pay
from tests.support.waiting import eventually

__all__ = ["staff"]
CONTENT = bytes(range(256)) * 4000


def put_up(staff: Page, house: House, sku: str, file: Path) -> None:
    staff.goto(f"{house.url}/admin/catalog/digitalgood/add/?variant={sku}")
    staff.set_input_files("[name=new_file]", file)
    staff.check("[name=gives_keys]")
    staff.fill("[name=new_keys]", "KEY-ONE\nKEY-TWO")
    staff.get_by_role("button", name="Save", exact=True).click()
    expect(staff.locator("main")).to_contain_text("2 keys added")


@pytest.mark.smoke
def test_a_download_is_put_up_bought_and_fetched(house: House, staff: Page, tmp_path: Path) -> None:
    price = PriceFactory(variant__requires_shipping=False)
    file = tmp_path / "Strandführer 貝殻.pdf"
    file.write_bytes(CONTENT)
    put_up(staff, house, price.variant.sku, file)
    assert staff.context.browser
    page = staff.context.browser.new_context(locale="en-IE", accept_downloads=True).new_page()

    put_into_cart(page, house, price.variant.product.slug)
    page.goto(f"{house.url}/cart/")
    assert faults_in_all_ways(page, (390, 1280)) == []
    page.get_by_role("button", name="Continue to secure payment").click()
    expect(page.locator("main")).to_contain_text("Please tick the box about what is digital")
    go_to_payment(page, house)
    page.fill("#email", "shells@example.com")
    fill_card(page)
    press_pay(page)
    page.wait_for_url(re.compile(r"/success\?session_id="))
    order = order_on(page)
    eventually(lambda: Order.objects.get(pk=order.pk).status == "completed")
    house.wait_until_quiet()
    page.get_by_role("link", name="Follow this order").click()
    expect(page.locator("main")).to_contain_text("KEY-ONE")
    assert faults_in_all_ways(page, (390, 1280)) == []
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Download").click()

    assert fetched.value.suggested_filename == "Strandführer 貝殻.pdf"
    assert Path(fetched.value.path()).read_bytes() == CONTENT
    delivery = order.digital_deliveries.get()
    assert (delivery.downloads, delivery.keys_missing) == (1, 0)
    assert house.mails("shells@example.com") == [f"Order {order.number}: confirmed"]
    [body] = house.texts("shells@example.com")
    link = re.search(r"/downloads/\S+/", body)
    assert link
    page.goto(f"{house.url}{link.group()}")
    expect(page.locator("main")).to_contain_text("You can download it 4 more times")
    assert faults_in_all_ways(page, (390, 1280)) == []
    page.context.close()
