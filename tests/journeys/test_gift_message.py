"""A customer leaves a gift message on the payment page, and who packs reads it."""

import re

from playwright.sync_api import Page, expect

from shop.accounts.models import User
from tests.journeys.test_customer import order_on
from tests.journeys.test_staff import PASSWORD
from tests.support.house import House
from tests.support.payment_page import fill_card, fill_contact

MESSAGE = "Alles Gute, Änne ❤"


def test_a_gift_message_in_german_reaches_who_packs(house: House, page: Page) -> None:
    main = page.locator("main")
    page.set_extra_http_headers({"Accept-Language": "de"})

    page.goto(f"{house.url}/products/kelp-mug/")
    page.get_by_role("button", name="In den Warenkorb").click()
    page.goto(f"{house.url}/cart/")
    page.get_by_role("button", name="Weiter zur sicheren Bezahlung").click()
    page.wait_for_url(re.compile(r"/c/pay/cs_test_"))
    fill_contact(page, "gift@example.com")
    page.get_by_label("Grußbotschaft").fill(MESSAGE)
    fill_card(page)
    page.locator(".SubmitButton").click()
    page.wait_for_url(re.compile(r"/success\?session_id="))
    order = order_on(page)
    house.wait_until_quiet()
    page.goto(f"{house.url}/orders/{order.token}/")

    expect(main).to_contain_text(f"Grußbotschaft: {MESSAGE}")
    if not User.objects.filter(email="ana@example.com").exists():
        User.objects.create_superuser("ana@example.com", PASSWORD, first_name="Ana")
    page.goto(f"{house.url}/admin/")
    page.fill("#id_username", "ana@example.com")
    page.fill("#id_password", PASSWORD)
    page.locator("#id_password").press("Enter")
    expect(page.locator("#user-tools")).to_contain_text("Ana")
    page.goto(f"{house.url}/admin/orders/order/{order.pk}/change/")
    packing = page.get_by_role("region", name="Pack and ship")
    expect(packing).to_contain_text(f"Grußbotschaft: {MESSAGE}")
    assert not order.is_held
