"""The billing portal in a real browser: without script, on a phone, by keyboard, for everybody."""

from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Page

from tests.fake_stripe.rig import Fake
from tests.fake_stripe.test_hosted_page_in_browser import opened, violations
from tests.fake_stripe.test_portal import customer_of, portal, saved_card


def session_with_cards(fake: Fake) -> Any:
    customer = customer_of(fake)
    for brand in ("visa", "mastercard"):
        saved_card(fake, customer, brand)
    return portal(fake, customer, return_url=f"{fake.url}/_fake/health")


def widest(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


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


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_the_portal_is_usable_for_everybody(
    fake: Fake, chromium: Browser, width: int, scheme: Literal["light", "dark"]
) -> None:
    page = opened(chromium, width=width)
    page.emulate_media(color_scheme=scheme)

    page.goto(session_with_cards(fake).url)
    page.get_by_role("button", name="Make default: Visa ending in 4242").click()
    as_it_is = violations(page)
    page.get_by_label("E-mail").fill("no address")
    page.get_by_role("button", name="Save details").click()

    assert as_it_is == []
    assert violations(page) == []
    assert page.locator(".error").inner_text().startswith("Enter an e-mail address")
    assert widest(page) <= width
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_expired_portal_is_readable(
    fake: Fake, chromium: Browser, scheme: Literal["light", "dark"]
) -> None:
    session = session_with_cards(fake)
    fake.control("clock", {"advance": 301})
    page = opened(chromium, width=360)
    page.emulate_media(color_scheme=scheme)

    page.goto(session.url)

    assert page.locator("h1").inner_text() == "This page has expired"
    assert violations(page) == []
    page.close()
