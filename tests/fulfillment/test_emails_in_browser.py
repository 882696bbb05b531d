"""Mails as a mail program on a small telephone shows them, by day and by night. Check S59."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from fulfillment import emails
from fulfillment.models import Email
from tests.fulfillment.mails import written

pytestmark = pytest.mark.django_db(transaction=True)

# A mail is no page: it needs no landmarks.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
LONG = "Donaudampfschifffahrtsgesellschaftslaterne mit Messingbeschlag"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_mails_are_for_everybody(
    chromium: Browser, theme: Literal["light", "dark"], language: str
) -> None:
    """No violation that axe knows, no scrolling sideways, nothing that is lost without pictures."""
    context = chromium.new_context(viewport={"width": 320, "height": 640}, color_scheme=theme)
    page = context.new_page()
    found, wide = [], []
    for template in Email.Template.values:
        page.set_content(html_of(template, language))
        violations = Axe().run(page, options={"runOnly": STANDARDS}).response["violations"]
        found += [(template, one["id"], one["nodes"][0]["html"]) for one in violations]
        if page.evaluate("document.documentElement.scrollWidth") > 320:
            wide.append(template)
        background = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (background == "rgb(14, 26, 28)") is (theme == "dark")
        assert page.locator("img").count() == 0
    context.close()

    assert (found, wide) == ([], [])


def html_of(template: str, language: str) -> str:
    email = written(template, language=language)
    email.order.lines.update(title=LONG, choice="Meeresgrün, 24 cm", removed=1)
    email.order.reductions.create(amount=500, reason="one is gone")
    return str(emails.compose(email, email.order).alternatives[0].content)
