"""The payment page in the customer's language."""

import re
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Browser

from fake_stripe.hosted import forms, wording
from fake_stripe.methods.test_cards import DECLINES
from fake_stripe.payments.blik import SCENARIOS
from local.checks import translations
from tests.fake_stripe.browser import fill, opened, session_for, violations
from tests.fake_stripe.rig import Fake
from tests.support.waiting import PATIENCE

HOSTED = Path(wording.__file__).parent
# The customer's pages; portal, invoice and control room are in English.
TEMPLATES = (
    "challenge", "consent", "fields", "message", "methods", "order", "pay", "questions",
    "redirect", "voucher", "waiting",
)  # fmt: skip
CATALOG = wording.LOCALE / "de" / "LC_MESSAGES" / "stand_in.po"
GERMAN_BROWSER = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}


def spoken(page: str) -> str:
    found = re.search(r'<html lang="(\w+)">', page)
    assert found
    return found[1]


def shown(session: Any, headers: dict[str, str]) -> str:
    answer = requests.get(session.url, headers=headers, timeout=PATIENCE)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize(
    ("locale", "header", "language"),
    [
        (None, "de-AT,de;q=0.9,en;q=0.5", "de"),
        ("auto", "fr, de;q=0.8", "de"),
        ("auto", "de;q=0.3, en;q=0.9", "en"),
        ("auto", "de;q=0, fr", "en"),
        ("auto", ";;q=x,,-", "en"),
        ("auto", "", "en"),
        ("de", "en", "de"),
        ("en", "de", "en"),
        ("en-GB", "de", "en"),
        ("fi", "de", "en"),
    ],
)
def test_session_chooses_the_language_or_else_the_browser(
    fake: Fake, locale: str | None, header: str, language: str
) -> None:
    chosen: dict[str, Any] = {"locale": locale} if locale else {}
    session = fake.session(**chosen)

    page = shown(session, {"Accept-Language": header})

    assert spoken(page) == language
    assert ("Gesamtbetrag" in page) == (language == "de")
    assert ("Total due" in page) == (language == "en")
    assert "Pay by Bank" in page


def test_amounts_are_written_as_the_language_writes_them(fake: Fake) -> None:
    session = fake.session(
        locale="de",
        line_items=[
            {
                "quantity": 1,
                "price_data": {
                    "currency": "eur",
                    "unit_amount": 123450,
                    "product_data": {"name": "Pay 3 or Remove 4 €5.00"},
                },
            }
        ],
    )

    page = shown(session, {})

    assert "1.234,50\N{NO-BREAK SPACE}€" in page
    assert "Pay 3 or Remove 4 €5.00" in page
    assert "€1,234.50" not in page


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("€1,234.50", "1.234,50 €"),
        ("-€5.00", "-5,00 €"),
        ("12.00 CHF", "12,00 CHF"),
        ("zł 7.00", "7,00 zł"),
        ("¥1,200", "1.200 ¥"),
        ("Bar 7", "Bar 7"),
    ],
)
def test_german_amounts(english: str, german: str) -> None:
    wording.use_locale("de")

    assert wording.amount(english) == german.replace(" ", "\N{NO-BREAK SPACE}") or english == german


def test_every_sentence_of_the_page_is_translated_and_compiled() -> None:
    """Texts in templates, labels of fields, complaints of forms, what banks answer."""
    sentences = {message.id for message in translations.gathered(CATALOG) if message.id}

    assert translations.faults_of(CATALOG) == []
    assert len(sentences) > 200
    assert {*DECLINES.values(), *(scenario.message for scenario in SCENARIOS.values())} <= sentences


def test_no_text_of_the_page_escapes_translation() -> None:
    """Literals in front of a customer: labels of fields, words between tags, complaints."""
    label = r'fields\.(?:text|choice)\([^,(]+, "[^"]+"'
    bare = r">\s*[A-Z][a-z]+(?: [a-z]+)+[^{<]*<"
    complaint = r'errors\[[^\]]+\] = \(?\s*(?:\w+ if \w+ else )?f?"'
    # What a rehearsal reads about test data is English, and marked so.
    english = re.compile(r'<ul lang="en">.*?</ul>', re.DOTALL)
    left = []
    for template in TEMPLATES:
        source = english.sub("", (HOSTED / "templates" / f"{template}.html").read_text())
        left += [*re.findall(label, source), *re.findall(bare, source)]
    for module in HOSTED.glob("*.py"):
        if not module.name.startswith("portal"):
            left += re.findall(complaint, module.read_text())

    assert left == []


def test_a_brands_name_that_begins_with_a_verb_stays_whole(fake: Fake) -> None:
    session = fake.session(locale="de")
    fields = {forms.METHOD: "pay_by_bank", "email": "jane@example.com"}
    requests.post(session.url, data=fields, allow_redirects=False, timeout=PATIENCE)

    page = requests.get(f"{fake.url}/c/pay/{session.id}/authenticate", timeout=PATIENCE).text

    assert "Testseite von Pay by Bank" in page


def test_countries_are_named_and_sorted_in_the_language_of_the_page(fake: Fake) -> None:
    page = shown(fake.session(locale="de"), {})

    names = re.findall(r'<option value="[A-Z]{2}"[^>]*>([^<]+)</option>', page)
    at = names.index("Österreich")
    assert names[at - 1 : at + 2] == ["Oman", "Österreich", "Pakistan"]
    assert len(set(names)) == 245


def test_refusals_of_the_bank_are_said_in_german(fake: Fake, chromium: Browser) -> None:
    context = chromium.new_context(locale="de-DE")
    page = context.new_page()
    page.goto(session_for(fake).url)

    page.get_by_test_id("hosted-payment-submit-button").click()
    assert page.locator("#cardNumber-error").inner_text() == "Gib deine Kartennummer ein."
    fill(page, cardNumber="4000000000000002")
    page.get_by_test_id("hosted-payment-submit-button").click()
    page.get_by_text("Deine Karte wurde abgelehnt. Bitte versuche eine andere.").first.wait_for()

    assert page.locator("html").get_attribute("lang") == "de"
    assert page.locator("#billingCountry option[value=AT]").inner_text() == "Österreich"
    assert violations(page) == []
    page.goto(session_for(fake).url)
    fill(page, cardNumber="4000002500003155")
    page.get_by_test_id("hosted-payment-submit-button").click()
    page.get_by_role("button", name="Bestätigen").wait_for()
    assert violations(page) == []
    context.close()


def test_session_in_german_declines_in_german_whatever_the_browser_asks(
    fake: Fake, chromium: Browser
) -> None:
    page = opened(chromium)
    page.goto(session_for(fake, locale="de").url)
    fill(page, cardNumber="4000000000009995")
    page.get_by_test_id("hosted-payment-submit-button").click()

    error = page.locator("#cardNumber-error")
    error.wait_for()
    assert error.inner_text() == "Deine Karte ist nicht gedeckt. Bitte versuche eine andere."
    page.context.close()


def test_only_the_customers_pages_are_translated(fake: Fake) -> None:
    answer = requests.get(f"{fake.url}/_fake/", headers=GERMAN_BROWSER, timeout=PATIENCE)

    assert spoken(answer.text) == "en"
