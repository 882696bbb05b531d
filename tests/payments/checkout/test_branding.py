"""The payment page and mails look as the settings say."""

from typing import Any

import pytest
import requests

from fulfillment.emails import letters
from tests.fulfillment.emails.mails import written
from tests.support.purchases import start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
LOOKS = {
    "button_color": "#fca311",
    "background_color": "#14213d",
    "border_style": "pill",
    "font_family": "lora",
    "logo": {"type": "url", "url": "https://shop.example/logo.png"},
    "icon": {"type": "url", "url": "https://shop.example/icon.png"},
}


def html_of_a_mail() -> str:
    email = written("confirmed")
    message: Any = letters.compose(email, email.order)
    return " ".join(message.alternatives[0].content.split())


def test_page_and_mail_have_the_same_button(stand_in: StandIn, settings: Any) -> None:
    settings.BRANDING = LOOKS

    session = start()

    page = requests.get(session.url, timeout=30).text
    style = requests.get(f"{session.url}/style.css", timeout=30).text
    mail = html_of_a_mail()
    assert session.requests.get().parameters["branding_settings"] == {
        "display_name": "Holdfast",
        **LOOKS,
    }
    assert 'src="https://shop.example/logo.png"' in page
    assert "background: #fca311; color: #000000;" in style
    assert "background: #fca311; color: #000000; font-weight: 600;" in mail
    # On a dark ground the button keeps its color, and gets an edge.
    assert ".button { border: 1px solid #e9ece6 !important; }" in mail
    assert ".button { background" not in mail


def test_by_default_a_mail_is_as_it_was(stand_in: StandIn) -> None:
    mail = html_of_a_mail()

    assert start().requests.get().parameters["branding_settings"] == {"display_name": "Holdfast"}
    assert "background: #1d4b4a; color: #ffffff; font-weight: 600;" in mail
    assert ".button { background: #8fd0c4 !important; color: #0e1a1c !important; }" in mail
