"""What is paid with, in a real browser: kept by a tick, offered again, another added, removed."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from payments.models import SavedMethod
from shop.configuration.security import content_policy
from tests.support.customers import code_for, new_address
from tests.support.factories import PriceFactory
from tests.support.payment_page import fill_card, fill_contact, press_pay
from tests.support.purchases import do_the_work, do_what_waits
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

ON_STRIPES_PAGE = re.compile(r"/c/pay/cs_test_")


@pytest.fixture(autouse=True)
def here(settings: Any, live_server: Any, stand_in: StandIn) -> None:
    settings.SITE_URL = live_server.url
    settings.PAYMENT_METHOD_SAVE = True
    settings.CONTENT_SECURITY_POLICY = content_policy([stand_in.url])


def log_in(page: Page, url: str, email: str) -> None:
    page.goto(f"{url}/account/login/")
    page.get_by_label("Your e-mail address").fill(email)
    page.get_by_role("button", name="Send me a code").click()
    expect(page.get_by_label("Code")).to_be_visible()
    page.get_by_label("Code").fill(code_for(email))
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("h1")).to_have_text("Your account")


def go_to_payment(page: Page, url: str) -> None:
    product = PriceFactory().variant.product
    page.goto(f"{url}{product.get_absolute_url()}")
    page.get_by_role("button", name="Add to cart").click()
    page.goto(f"{url}/cart/")
    page.get_by_role("button", name="Continue to secure payment").click()
    page.wait_for_url(ON_STRIPES_PAGE)


def test_a_card_is_kept_offered_again_another_added_and_both_removed(
    live_server: Any, page: Page
) -> None:
    url, email = live_server.url, new_address()
    log_in(page, url, email)
    go_to_payment(page, url)
    fill_contact(page, email)
    fill_card(page)
    page.get_by_label("Save this card").check()
    press_pay(page)
    page.wait_for_url(re.compile(r"/success\?session_id="))
    do_what_waits()

    go_to_payment(page, url)
    saved = page.get_by_test_id("saved-card")
    expect(saved).to_contain_text("4242")
    expect(saved.get_by_role("radio")).to_be_checked()
    expect(page.locator("#shippingName")).to_have_value("Ada Lovelace")
    expect(page.locator("#shippingAddressLine1")).to_have_value("1 Harbour Street")
    expect(page.locator("#shippingCountry")).to_have_value("IE")
    press_pay(page)
    page.wait_for_url(re.compile(r"/success\?session_id="))
    do_what_waits()

    page.goto(f"{url}/account/payment-methods/")
    page.get_by_role("link", name="Add a payment method").click()
    page.get_by_role("button", name="Continue to Stripe").click()
    page.wait_for_url(ON_STRIPES_PAGE)
    page.get_by_label("New card").check()
    fill_card(page, "5555 5555 5555 4444")
    page.locator(".SubmitButton").click()
    page.wait_for_url(re.compile(r"/account/payment-methods/$"))
    expect(page.locator("main")).to_contain_text("4444")
    do_the_work()

    for digits in ("4444", "4242"):
        page.goto(f"{url}/account/payment-methods/")
        page.get_by_role("link", name=re.compile(f"Remove.*{digits}")).click()
        page.locator(".account-page form button").click()
        expect(page.locator(".messages")).to_contain_text("The payment method is removed.")
    expect(page.locator("main")).to_contain_text("You have not saved a payment method yet.")
    assert set(SavedMethod.objects.values_list("status", flat=True)) == {"detached"}
