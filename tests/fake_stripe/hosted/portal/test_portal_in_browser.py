"""The billing portal in a real browser: without script, on a phone, by keyboard, for everybody."""

from typing import Any

from playwright.sync_api import Browser

from tests.fake_stripe.billing.test_portal import customer_of, portal, saved_card
from tests.fake_stripe.browser import TAGS, opened
from tests.fake_stripe.rig import Fake
from tests.support.browser import faults_in_all_ways

WIDTHS = (360, 1280)


def session_with_cards(fake: Fake) -> Any:
    customer = customer_of(fake)
    for brand in ("visa", "mastercard"):
        saved_card(fake, customer, brand)
    return portal(fake, customer, return_url=f"{fake.url}/_fake/health")


def test_looking_after_cards_and_details_without_script(fake: Fake, chromium: Browser) -> None:
    page = opened(chromium, width=360, script=False)

    page.goto(session_with_cards(fake).url)
    page.get_by_role("button", name="Make default: Visa ending in 4242").press("Enter")
    page.get_by_role("button", name="Remove: Mastercard").press("Enter")
    page.get_by_label("Name", exact=True).fill("Jane Roe")
    page.get_by_label("Name", exact=True).press("Enter")

    assert page.get_by_role("status").inner_text() == "Your details are saved."
    assert page.get_by_label("Name", exact=True).input_value() == "Jane Roe"
    assert page.locator(".cards li").all_inner_texts()[0].split("\n")[0] == "Visa ending in 4242"
    assert page.locator(".cards li").count() == 1
    page.get_by_role("link", name="Back to the shop").click()
    assert page.url == f"{fake.url}/_fake/health"
    page.close()


def test_the_portal_is_usable_for_everybody(fake: Fake, chromium: Browser) -> None:
    page = opened(chromium, width=360)

    page.goto(session_with_cards(fake).url)
    page.get_by_role("button", name="Make default: Visa ending in 4242").click()
    page.get_by_role("status").wait_for()
    as_it_is = faults_in_all_ways(page, WIDTHS, TAGS)
    page.get_by_label("E-mail").fill("no address")
    page.get_by_role("button", name="Save details").click()
    page.locator(".error").wait_for()

    assert as_it_is == []
    assert faults_in_all_ways(page, WIDTHS, TAGS) == []
    assert page.locator(".error").inner_text().startswith("Enter an e-mail address")
    page.close()


def test_an_expired_portal_is_readable(fake: Fake, chromium: Browser) -> None:
    session = session_with_cards(fake)
    fake.control("clock", {"advance": 301})
    page = opened(chromium, width=360)

    page.goto(session.url)

    assert page.locator("h1").inner_text() == "This page has expired"
    assert faults_in_all_ways(page, (360,), TAGS) == []
    page.close()
