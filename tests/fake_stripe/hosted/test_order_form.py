"""The order on the payment page: codes, quantities, extras, questions, tax, and what is paid."""

from typing import Any

from playwright.sync_api import Browser, Page

from tests.fake_stripe.browser import fill, opened, session_for, violations
from tests.fake_stripe.rig import Fake

DATA = {"currency": "eur", "unit_amount": 1000, "product_data": {"name": "Kettle"}}


def promotion(fake: Fake, word: str, **params: Any) -> None:
    coupon = fake.v1.coupons.create({"percent_off": 25})
    fake.v1.promotion_codes.create(
        {"promotion": {"type": "coupon", "coupon": coupon.id}, "code": word, **params}
    )


def total(page: Page) -> str:
    return page.get_by_test_id("product-summary-total-amount").inner_text()


def test_code_is_applied_removed_and_paid(fake: Fake, chromium: Browser) -> None:
    promotion(fake, "QUARTER")
    session = session_for(fake, allow_promotion_codes=True)
    page = opened(chromium, script=False)
    page.goto(session.url)
    page.fill("#email", "kept@example.com")

    page.fill("#promotionCode", "nothing")
    page.get_by_role("button", name="Apply").click()
    refused = page.locator("#promotionCode-error").inner_text()
    page.fill("#promotionCode", "quarter")
    page.get_by_role("button", name="Apply").click()
    lowered = total(page)
    page.get_by_role("button", name="Remove promotion code QUARTER").click()
    raised = total(page)
    page.fill("#promotionCode", "QUARTER")
    page.locator("#promotionCode").press("Enter")
    email = page.input_value("#email")
    page.fill("#email", "")
    fill(page)
    page.locator(".SubmitButton").click()
    page.wait_for_url("**/_fake/health**")

    assert (refused, lowered, raised) == ("This code is invalid.", "€15.00", "€20.00")
    assert email == "kept@example.com"
    done = fake.v1.checkout.sessions.retrieve(session.id, {"expand": ["payment_intent"]})
    assert (done.amount_total, done.payment_intent.amount_received) == (1500, 1500)


def test_code_that_asks_for_more_says_so(fake: Fake, chromium: Browser) -> None:
    least = {"minimum_amount": 9000, "minimum_amount_currency": "eur"}
    promotion(fake, "BIG", restrictions=least)
    promotion(fake, "FIRST", restrictions={"first_time_transaction": True})
    page = opened(chromium, script=False)
    page.goto(session_for(fake, allow_promotion_codes=True).url)
    said = []

    for word in ("BIG", "FIRST"):
        page.fill("#promotionCode", word)
        page.get_by_role("button", name="Apply").click()
        said.append(page.locator("#promotionCode-error").inner_text())

    assert said == [
        "Your order does not reach the minimum amount of this code.",
        "This code is for a first purchase only.",
    ]


def test_quantity_and_extra_change_the_order(fake: Fake, chromium: Browser) -> None:
    wrap = fake.v1.products.create({"name": "Gift wrap"})
    price = fake.v1.prices.create({"product": wrap.id, "currency": "eur", "unit_amount": 300})
    bounds = {"enabled": True, "minimum": 1, "maximum": 3}
    session = session_for(
        fake,
        line_items=[{"price_data": DATA, "quantity": 1, "adjustable_quantity": bounds}],
        optional_items=[{"price": price.id, "quantity": 1}],
    )
    page = opened(chromium, script=False)
    page.goto(session.url)
    seen = []

    for button in ("One more of Kettle", "Add Gift wrap", "Remove Gift wrap"):
        page.get_by_role("button", name=button).click()
        seen.append(total(page))
    page.get_by_role("spinbutton", name="Quantity of Kettle").fill("9")
    page.get_by_role("button", name="Update the quantity of Kettle").click()

    assert seen == ["€20.00", "€23.00", "€20.00"]
    assert page.locator(".lines .error").inner_text() == "Choose a quantity from 1 to 3."
    lines = fake.v1.checkout.sessions.line_items.list(session.id).data
    assert [(line.description, line.quantity) for line in lines] == [("Kettle", 2)]


def test_tax_is_seen_before_it_is_paid(fake: Fake, chromium: Browser) -> None:
    data = {**DATA, "tax_behavior": "exclusive"}
    session = session_for(
        fake, line_items=[{"price_data": data, "quantity": 1}], automatic_tax={"enabled": True}
    )
    page = opened(chromium, script=False)
    page.goto(session.url)
    before = total(page)
    fill(page)

    page.locator(".SubmitButton").click()
    shown = (total(page), page.get_by_role("alert").inner_text())
    page.locator(".SubmitButton").click()
    page.wait_for_url("**/_fake/health**")

    assert before == "€10.00"
    assert shown == (
        "€12.00", "The total has changed with your choice. Please look and confirm.",
    )  # fmt: skip
    assert fake.v1.checkout.sessions.retrieve(session.id).amount_total == 1200


def test_questions_are_answered_and_kept(fake: Fake, chromium: Browser) -> None:
    session = session_for(
        fake,
        custom_fields=[
            {
                "key": "gift", "label": {"type": "custom", "custom": "Engraving"},
                "type": "text", "text": {"maximum_length": 5},
            }
        ],
        name_collection={"business": {"enabled": True}},
        consent_collection={"terms_of_service": "required"},
    )  # fmt: skip
    page = opened(chromium, script=False)
    page.goto(session.url)
    fill(page)
    page.fill("#custom-gift", "too long")

    page.locator(".SubmitButton").click()
    marked = page.locator(".form .error").all_inner_texts()
    page.fill("#custom-gift", "Jane")
    page.fill("#businessName", "Muster GmbH")
    page.check("#termsOfService")
    page.locator(".SubmitButton").click()
    page.wait_for_url("**/_fake/health**")

    assert marked == [
        "Enter a name.", "Use at most 5 characters.", "Agree to the terms to go on.",
    ]  # fmt: skip
    done = fake.v1.checkout.sessions.retrieve(session.id)
    assert done.custom_fields[0].text.value == "Jane"
    assert done.collected_information.business_name == "Muster GmbH"
    assert done.consent.terms_of_service == "accepted"


def test_expired_page_leads_to_a_fresh_copy(fake: Fake, chromium: Browser) -> None:
    session = session_for(fake, after_expiration={"recovery": {"enabled": True}})
    fake.v1.checkout.sessions.expire(session.id)
    page = opened(chromium)
    page.goto(f"{fake.url}/c/pay/{session.id}")

    page.get_by_role("link", name="Open the order again").click()

    assert total(page) == "€20.00"


def test_full_page_is_for_everybody(fake: Fake, chromium: Browser) -> None:
    promotion(fake, "QUARTER")
    wrap = fake.v1.products.create({"name": "Gift wrap", "images": ["http://127.0.0.1:9/no.png"]})
    price = fake.v1.prices.create({"product": wrap.id, "currency": "eur", "unit_amount": 300})
    line = {"price_data": DATA, "quantity": 2, "adjustable_quantity": {"enabled": True}}
    session = session_for(
        fake,
        line_items=[line],
        optional_items=[{"price": price.id, "quantity": 1}],
        allow_promotion_codes=True,
        consent_collection={"terms_of_service": "required"},
        branding_settings={"background_color": "#14213d", "button_color": "#fca311"},
    )
    found = {}

    for width in (360, 1280):
        page = opened(chromium, width=width)
        page.goto(session.url)
        page.wait_for_function("() => !document.querySelector('.picture img')")
        found[width] = violations(page)
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= width

    assert found == {360: [], 1280: []}


def test_typed_quantity_counts_at_once_with_script(fake: Fake, chromium: Browser) -> None:
    line = {"price_data": DATA, "quantity": 1, "adjustable_quantity": {"enabled": True}}
    page = opened(chromium)
    page.goto(session_for(fake, line_items=[line]).url)

    page.get_by_role("spinbutton", name="Quantity of Kettle").fill("4")
    page.locator("#email").focus()

    page.get_by_text("Qty 4").wait_for()
    assert total(page) == "€40.00"
