"""The payment page in a real browser: with script and without, on a phone, for everybody."""

import pytest
from playwright.sync_api import Browser, Page

from tests.fake_stripe.browser import TYPED, fill, opened, session_for, violations
from tests.fake_stripe.rig import Fake
from tests.support.browser import scroll_width

SAVING = {"payment_method_save": "enabled", "payment_method_remove": "enabled"}


@pytest.mark.parametrize("script", [True, False])
def test_buying_with_and_without_script(fake: Fake, chromium: Browser, script: bool) -> None:
    session = session_for(fake)
    page = opened(chromium, script=script)

    page.goto(session.url)
    fill(page)
    typed = page.locator("#cardNumber").input_value()
    page.click(".SubmitButton")

    assert typed == ("4242 4242 4242 4242" if script else "4242424242424242")
    assert page.url == f"{fake.url}/_fake/health?session_id={session.id}"
    page.close()


def test_challenge_in_the_browser(fake: Fake, chromium: Browser) -> None:
    session = session_for(fake)
    page = opened(chromium, width=360)
    page.goto(session.url)
    fill(page, cardNumber="4000002500003155")

    page.click(".SubmitButton")
    page.get_by_role("button", name="Fail").click()
    assert "unable to authenticate" in page.get_by_role("alert").inner_text()
    fill(page, cardNumber="4000002500003155")
    page.click(".SubmitButton")
    page.get_by_role("button", name="Complete").click()

    assert page.url.endswith(session.id)
    page.close()


def test_only_the_chosen_method_is_open(fake: Fake, chromium: Browser) -> None:
    page = opened(chromium)
    page.goto(session_for(fake).url)

    assert page.locator("#cardNumber").is_visible()
    assert not page.locator("#iban").is_visible()
    page.get_by_label("SEPA Direct Debit").check()
    assert page.locator("#iban").is_visible()
    assert not page.locator("#cardNumber").is_visible()
    page.close()


def test_pages_have_no_accessibility_violations_and_fit_a_phone(
    fake: Fake, chromium: Browser
) -> None:
    first = session_for(
        fake, customer_creation="always", saved_payment_method_options=SAVING
    )  # fmt: skip
    customer = fake.pay(first.id, save=True)["customer"]
    fixed = {"amount": 490, "currency": "eur"}
    rate = {"display_name": "Post", "type": "fixed_amount", "fixed_amount": fixed}
    full = session_for(
        fake,
        customer=customer,
        customer_update={"name": "auto"},
        cancel_url=f"{fake.url}/_fake/",
        saved_payment_method_options=SAVING,
        shipping_address_collection={"allowed_countries": ["AT", "DE"]},
        shipping_options=[{"shipping_rate_data": rate}],
        phone_number_collection={"enabled": True},
        tax_id_collection={"enabled": True},
        custom_text={"submit": {"message": "Our terms apply."}},
    )
    plain = session_for(fake)
    asking = session_for(fake)
    found: list[str] = []

    page = opened(chromium, width=320)

    def look(name: str) -> None:
        for width in (320, 1280):
            page.set_viewport_size({"width": width, "height": 900})
            # Only the long page looks different enough on a desk to be examined twice.
            if width == 320 or name == "full":
                found.extend(f"{name} at {width}: {one}" for one in violations(page))
            wide = scroll_width(page)
            if wide > width:
                found.append(f"{name} at {width}: {wide} wide")

    page.goto(plain.url)
    look("plain")
    page.click(".SubmitButton")
    page.locator("#cardNumber-error").wait_for()
    look("errors")
    page.goto(full.url)
    page.get_by_text("Test cards").click()
    look("full")
    page.goto(asking.url)
    fill(page, cardNumber="4000002500003155")
    page.click(".SubmitButton")
    page.get_by_role("button", name="Complete").wait_for()
    look("challenge")
    page.goto(f"{fake.url}/c/pay/{first.id}")
    look("complete")
    page.goto(f"{fake.url}/_fake/")
    look("control room")
    page.close()

    assert "\n".join(found) == ""


def reach(page: Page, field: str) -> None:
    """Go on with the Tab key until a field has the focus."""
    for _ in range(60):
        if page.evaluate("document.activeElement.id") == field:
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the Tab key does not lead to {field}")


@pytest.mark.parametrize("script", [True, False])
def test_buying_by_keys_only(fake: Fake, chromium: Browser, script: bool) -> None:
    session = session_for(
        fake,
        consent_collection={"terms_of_service": "required"},
        shipping_address_collection={"allowed_countries": ["AT", "DE"]},
    )
    page = opened(chromium, script=script)
    page.goto(session.url)

    for field, text in TYPED.items():
        reach(page, field.removeprefix("#"))
        page.keyboard.type(text)
    reach(page, "termsOfService")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**session_id=cs_test_*")
    assert fake.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    page.close()


def test_authenticating_by_keys_only(fake: Fake, chromium: Browser) -> None:
    session = session_for(fake)
    page = opened(chromium)
    page.goto(session.url)

    for field, text in {**TYPED, "#cardNumber": "4000002500003155"}.items():
        reach(page, field.removeprefix("#"))
        page.keyboard.type(text)
    page.keyboard.press("Enter")
    page.wait_for_url("**/authenticate")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    page.wait_for_url("**session_id=cs_test_*")
    assert fake.v1.checkout.sessions.retrieve(session.id).payment_status == "paid"
    page.close()


def test_x7_the_first_button_of_the_page_or_a_form_never_pays_by_wallet(
    fake: Fake, chromium: Browser
) -> None:
    session = session_for(fake)
    page = opened(chromium)
    page.goto(session.url)
    fill(page)

    first = page.evaluate("document.querySelector('#pay button[type=submit]').className")
    page.evaluate("document.querySelector('button').click()")
    page.wait_for_url("**/_fake/health?*")

    intent = fake.intent(fake.v1.checkout.sessions.retrieve(session.id).payment_intent)
    assert first == "SubmitButton"
    assert intent.latest_charge.payment_method_details.card.wallet is None
    page.close()


def test_x7_one_button_pays_and_says_so(fake: Fake, chromium: Browser) -> None:
    page = opened(chromium)
    page.goto(session_for(fake).url)

    names = page.get_by_role("button", name="Pay", include_hidden=True).all_inner_texts()

    assert [name for name in names if " with " not in name] == ["Pay €20.00"]
    page.close()


def test_x7_a_wallet_brings_an_address_and_takes_along_what_was_typed(
    fake: Fake, chromium: Browser
) -> None:
    session = session_for(
        fake,
        shipping_address_collection={"allowed_countries": ["AT"]},
        custom_fields=[
            {"key": "note", "label": {"type": "custom", "custom": "Note"}, "type": "text"}
        ],
    )
    page = opened(chromium)
    page.goto(session.url)
    page.get_by_label("Note").fill("Ring twice")

    page.get_by_test_id("apple_pay-button").click()
    page.wait_for_url("**/_fake/health?*")

    paid = fake.v1.checkout.sessions.retrieve(session.id)
    assert paid.custom_fields[0].text.value == "Ring twice"
    assert paid.collected_information.shipping_details.address.country == "AT"
    page.close()


def test_x7_the_test_card_is_filled_in_and_the_last_address_typed_counts(
    fake: Fake, chromium: Browser
) -> None:
    session = session_for(fake)
    page = opened(chromium)
    page.goto(session.url)
    fill(page, cardNumber="4000000000000002", email="first@example.com")
    page.click(".SubmitButton")
    page.get_by_role("alert").wait_for()
    focused = page.evaluate("document.activeElement.getAttribute('aria-invalid')")

    page.locator("#email").fill("last@example.com")
    page.get_by_role("button", name="Fill in the test card").click()
    page.click(".SubmitButton")
    page.wait_for_url("**/_fake/health?*")

    assert focused == "true"
    paid = fake.v1.checkout.sessions.retrieve(session.id)
    assert paid.customer_details.email == "last@example.com"
    page.close()


def test_x7_the_box_is_named_by_its_label_and_the_button_says_what_it_does(
    fake: Fake, chromium: Browser
) -> None:
    session = session_for(fake, customer_creation="always", saved_payment_method_options=SAVING)
    page = opened(chromium)
    page.goto(session.url)
    label = page.locator("label[for=enableStripePass]")

    page.evaluate(
        "document.getElementById('pay').addEventListener('submit', e => e.preventDefault())"
    )
    page.click(".SubmitButton")

    assert label.count() == 1
    assert page.locator(".SubmitButton").inner_text() == "Processing…"
    page.close()
