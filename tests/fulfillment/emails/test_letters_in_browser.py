"""Mails as a mail program on a small telephone shows them, by day and by night. Check S59."""

from typing import Any

import pytest
from playwright.sync_api import Page

from fulfillment.emails import letters
from fulfillment.models import Email
from tests.fulfillment.emails.mails import written
from tests.support.browser import faults_in_all_ways

pytestmark = pytest.mark.django_db(transaction=True)

# A mail is no page: it needs no landmarks.
STANDARDS = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
LONG = "Donaudampfschifffahrtsgesellschaftslaterne mit Messingbeschlag"


@pytest.mark.parametrize("language", ["en", "de"])
def test_mails_are_for_everybody(page: Page, language: str) -> None:
    """No violation that axe knows, no scrolling sideways, nothing that is lost without pictures."""
    faults: list[Any] = []
    for template in Email.Template.values:
        page.set_content(html_of(template, language))
        faults += [(template, *fault) for fault in faults_in_all_ways(page, (320,), STANDARDS)]
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            background = page.evaluate("getComputedStyle(document.body).backgroundColor")
            assert (background == "rgb(14, 26, 28)") is (scheme == "dark")
        assert page.locator("img").count() == 0

    assert faults == []


def html_of(template: str, language: str) -> str:
    email = written(template, language=language)
    email.order.lines.update(title=LONG, choice="Meeresgrün, 24 cm", removed=1)
    email.order.reductions.create(amount=500, reason="one is gone")
    message: Any = letters.compose(email, email.order)
    return str(message.alternatives[0].content)
