"""The payment page and mails look as the settings say."""

from typing import Any

import pytest
import requests

from fulfillment.emails import letters
from shop.catalog.models import Image, Price
from shop.catalog.stripe_plan.pictures import addresses
from tests.fulfillment.emails.mails import written
from tests.support.factories import DiscountFactory, PriceFactory
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
    address = f"{stand_in.url}/c/pay/{session.stripe_session_id}"
    style = requests.get(f"{address}/style.css", timeout=30).text
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


def test_a_logo_may_be_a_file_at_stripe(stand_in: StandIn, settings: Any) -> None:
    logo = {"type": "file", "file": "file_1Mx2YzLkdIwHu7ixJf0Ki4nC"}
    settings.BRANDING = {"logo": logo}

    session = start()

    assert session.requests.get().parameters["branding_settings"]["logo"] == logo
    kept = stand_in.api(f"checkout/sessions/{session.stripe_session_id}")["branding_settings"]
    assert kept["logo"] == logo
    assert 'class="logo"' not in requests.get(session.url, timeout=30).text


def pictured() -> Price:
    """A thing with a picture that was uploaded."""
    price = PriceFactory()
    product = price.variant.product
    Image.objects.create(product=product, source="upload:1", name="kelp-1", widths=[320])
    return price


def test_the_page_shows_what_is_bought(stand_in: StandIn, settings: Any) -> None:
    settings.SITE_URL = "http://localhost:4242"

    session = start(pictured())

    [item] = session.requests.get().parameters["line_items"]
    (address,) = item["price_data"]["product_data"]["images"]
    assert address.startswith("http://localhost:4242/media/")
    answer = requests.get(session.url, timeout=30)
    assert f'<img src="{address}"' in answer.text
    assert "img-src *" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("site", "is_sent"),
    [
        ("https://shop.example", True),
        ("http://shop.example", False),
        ("http://localhost:4242", False),
        ("http://127.0.0.1:4242", False),
        ("https://192.168.1.7", False),
    ],
)
def test_stripe_itself_gets_only_what_it_can_fetch(
    settings: Any, site: str, *, is_sent: bool
) -> None:
    settings.STRIPE_API_BASE = settings.STRIPE_API
    settings.SITE_URL = site

    found = addresses(None, pictured().variant.product.images.all())

    assert [address.startswith(site) for address in found] == ([True] if is_sent else [])


def test_what_is_reduced_shows_its_picture_too(stand_in: StandIn, settings: Any) -> None:
    settings.SITE_URL = "https://shop.example"
    DiscountFactory(is_automatic=True)

    [item] = start(pictured()).requests.get().parameters["line_items"]

    assert len(item["price_data"]["product_data"]["images"]) == 1
