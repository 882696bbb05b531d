"""Who has paid opens the invoice from the order's page, reads it on a telephone and prints it."""

import re

from playwright.sync_api import Page, expect

from tests.journeys.test_customer import go_to_payment, put_into_cart
from tests.support.browser import scroll_width, violations
from tests.support.house import House
from tests.support.payment_page import pay
from tests.support.waiting import eventually


def test_an_invoice_from_the_payment_to_the_paper(house: House, page: Page) -> None:
    put_into_cart(page, house, "kelp-mug")
    go_to_payment(page, house)
    pay(page, email="invoiced@example.com")
    page.wait_for_url(re.compile(r"/success\?session_id="))
    eventually(lambda: house.mails("invoiced@example.com"))
    house.wait_until_quiet()
    page.get_by_role("link", name="Follow this order").click()
    page.get_by_role("link", name=re.compile("^Invoice 20")).click()

    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(r"Invoice 20\d\d-\d{6}"))
    expect(page.locator("main")).to_contain_text("is paid.")
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    for width in (390, 794):
        page.set_viewport_size({"width": width, "height": 1123})
        assert scroll_width(page) <= width
        assert violations(page) == []
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="Print")).to_be_hidden()
    expect(page.get_by_role("link", name="Back to the order")).to_be_hidden()
    for paper in ("A4", "Letter"):
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))) == 1
