"""Pay what you want in a browser, with and without script."""

import pytest
from playwright.sync_api import Browser

from tests.fake_stripe.browser import TAGS, fill, opened
from tests.fake_stripe.pricing.test_custom_amounts import gift, session_of
from tests.fake_stripe.rig import Fake
from tests.support.browser import faults_in_all_ways


@pytest.mark.parametrize("script", [True, False])
def test_choosing_what_to_pay(fake: Fake, chromium: Browser, script: bool) -> None:
    success = f"{fake.url}/_fake/health"
    session = session_of(fake, gift(fake, minimum=500, maximum=9000), success_url=success)
    page = opened(chromium, width=360, script=script)
    page.goto(session.url)

    amount = page.get_by_label("Choose what you pay")
    amount.fill("25")
    if script:
        amount.press("Tab")
    else:
        page.get_by_role("button", name="Update amount").press("Enter")
    page.get_by_role("button", name="Pay €25.00").wait_for()
    fill(page)
    page.click(".SubmitButton")

    page.wait_for_url(success)
    assert fake.v1.checkout.sessions.retrieve(session.id).amount_total == 2500
    page.close()


def test_the_field_for_an_amount_is_usable_for_everybody(fake: Fake, chromium: Browser) -> None:
    session = session_of(fake, gift(fake, minimum=500, maximum=9000))
    page = opened(chromium, width=360)
    page.goto(session.url)
    as_it_is = faults_in_all_ways(page, (360,), TAGS)

    page.get_by_label("Choose what you pay").fill("1")
    page.get_by_label("Choose what you pay").press("Tab")
    page.locator(".error").wait_for()

    assert as_it_is == []
    assert faults_in_all_ways(page, (360,), TAGS) == []
    assert page.locator(".error").inner_text() == "Enter at least €5.00."
    page.close()
