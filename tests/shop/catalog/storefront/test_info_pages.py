"""Help, terms and privacy: found from everywhere, and true of this shop. Check S20."""

import re

import pytest
from django.test import Client
from pytest_django import Settings

pytestmark = pytest.mark.django_db

LINKS = ["/help/#shipping", "/help/#returns", "/help/#payment", "/terms/", "/privacy/", "/imprint/"]
PAGES = [
    *["/", "/cart/", "/help/", "/terms/", "/privacy/", "/imprint/"],
    *["/contact/", "/cancel", "/no/such/page/"],
]


def said(client: Client, address: str, **more: object) -> str:
    html = client.get(address, **more).content.decode()  # type: ignore[arg-type]
    return re.sub(r"\s+", " ", html)


@pytest.mark.parametrize("address", PAGES)
def test_foot_of_every_page_leads_to_help_and_contact(client: Client, address: str) -> None:
    foot = said(client, address).split("<footer")[1]

    for link in (*LINKS, "/contact/"):
        assert f'href="{link}"' in foot
    assert 'href="mailto:help@localhost"' in foot


@pytest.mark.parametrize("address", ["/terms/", "/privacy/"])
def test_seller_is_named_and_the_text_called_a_sample(
    client: Client, settings: Settings, address: str
) -> None:
    settings.SELLER_NAME = "Harbour Goods Ltd."
    settings.SELLER_ADDRESS = "1 Harbour Street, Dublin"

    html = said(client, address)

    assert "Harbour Goods Ltd." in html
    assert "1 Harbour Street, Dublin" in html
    assert "This is a sample text." in html


# S-5
def test_the_imprint_says_who_and_where(client: Client, settings: Settings) -> None:
    settings.SELLER_NAME = "Harbour Goods Ltd."
    settings.SELLER_ADDRESS = "1 Harbour Street, Dublin"
    settings.SELLER_TAX_NUMBER = "IE1234567X"

    html = said(client, "/imprint/")

    for words in ("Harbour Goods Ltd.", "1 Harbour Street, Dublin", "Tax number: IE1234567X"):
        assert words in html
    assert "mailto:help@localhost" in html
    in_german = said(client, "/imprint/", headers={"Accept-Language": "de"})
    assert "<h1>Impressum</h1>" in in_german
    assert "Steuernummer: IE1234567X" in in_german


def test_missing_address_is_said_to_be_missing(client: Client) -> None:
    assert "(The seller's address has not been set.)" in said(client, "/terms/")


def test_terms_name_the_statutory_and_the_longer_time(client: Client) -> None:
    html = said(client, "/terms/")

    assert "within fourteen days, without giving a reason" in html
    assert "we take everything back for thirty days, unused" in html


@pytest.mark.parametrize(
    ("policy", "recovery", "held"),
    [("automatic", "off", False), ("stock_check", "off", True), ("automatic", "stripe", True)],
)
def test_terms_tell_how_money_is_taken_here(
    client: Client, settings: Settings, policy: str, recovery: str, held: bool
) -> None:
    settings.CAPTURE_POLICY, settings.CHECKOUT_RECOVERY = policy, recovery

    assert ("only checked for the amount" in said(client, "/terms/")) is held


def test_privacy_tells_how_long_the_cart_is_kept(client: Client, settings: Settings) -> None:
    settings.SESSION_COOKIE_AGE = 7 * 24 * 60 * 60

    assert "The cart's cookie lives for 7 days." in said(client, "/privacy/")


@pytest.mark.parametrize(("address", "heading"), [("/terms/", "AGB"), ("/privacy/", "Datenschutz")])
def test_they_speak_german(client: Client, address: str, heading: str) -> None:
    html = said(client, address, headers={"Accept-Language": "de"})

    assert f"<h1>{heading}</h1>" in html
    assert "Dies ist ein Mustertext." in html
