"""What the browser tests of the stand-in's pages share: a page, a customer's typing, axe's eye."""

from typing import Any

from playwright.sync_api import Browser, Page

import tests.support.browser
from tests.fake_stripe.rig import Fake

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TYPED = {
    "#email": "jane@example.com",
    "#cardNumber": "4242424242424242",
    "#cardExpiry": "1240",
    "#cardCvc": "123",
    "#billingName": "Jane Doe",
}


def opened(browser: Browser, *, width: int = 1280, script: bool = True) -> Page:
    page = browser.new_page(
        viewport={"width": width, "height": 900}, java_script_enabled=script
    )  # fmt: skip
    page.set_default_timeout(tests.support.browser.PATIENCE)
    return page


def fill(page: Page, **changed: str) -> None:
    for field, text in {**TYPED, **{f"#{name}": text for name, text in changed.items()}}.items():
        if page.locator(field).get_attribute("readonly") is None:
            page.locator(field).fill("")
            page.locator(field).press_sequentially(text)


def session_for(fake: Fake, **params: Any) -> Any:
    """A session that leads back to a page that is there."""
    back = f"{fake.url}/_fake/health?session_id={{CHECKOUT_SESSION_ID}}"
    return fake.session(success_url=back, **params)


def violations(page: Page) -> list[str]:
    """What axe finds wrong with a page."""
    return [
        f"{rule} {[html[:120] for html in places]}"
        for rule, places in tests.support.browser.violations(page, TAGS)
    ]
