"""A page in each language has an address of its own, which search engines find. Check S60."""

import re
from typing import Any

import pytest
from django.test import Client

from tests.support.factories import CategoryFactory, PriceFactory, ProductFactory

pytestmark = pytest.mark.django_db

GERMAN: dict[str, Any] = {"HTTP_ACCEPT_LANGUAGE": "de"}
SITE = "http://localhost:4242"


@pytest.fixture
def lamps() -> None:
    """A category of two pages."""
    category = CategoryFactory(slug="lamps", translations={"de": {"name": "Lampen"}})
    for number in range(25):
        product = ProductFactory(slug=f"lamp-{number}", category=category)
        PriceFactory(variant__product=product)


def links(client: Client, address: str) -> dict[str, str]:
    """The page's canonical address and its alternates, by language."""
    html = client.get(address).content.decode()
    own = re.findall(r'<link rel="canonical" href="([^"]*)">', html)
    found = dict(re.findall(r'<link rel="alternate" hreflang="([^"]*)" href="([^"]*)">', html))
    return {"canonical": own[0].replace("&amp;", "&") if own else ""} | {
        code: there.replace("&amp;", "&") for code, there in found.items()
    }


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/", ""),
        ("/help/", ""),
        ("/products/lamp-1/", ""),
        ("/categories/lamps/", ""),
        ("/categories/lamps/", "page=2"),
    ],
)
@pytest.mark.parametrize("language", ["", "en", "de"])
def test_each_language_of_a_page_has_its_address(
    client: Client, lamps: None, path: str, page: str, language: str
) -> None:
    def address(code: str) -> str:
        query = "&".join(filter(None, [page, f"language={code}" if code else ""]))
        return f"{path}?{query}" if query else path

    assert links(client, address(language)) == {
        "canonical": SITE + address(language),
        "en": SITE + address("en"),
        "de": SITE + address("de"),
        "x-default": SITE + address(""),
    }


@pytest.mark.parametrize("address", ["/categories/lamps/?available=yes", "/search/", "/cart/"])
def test_what_is_not_indexed_has_no_other_languages(
    client: Client, lamps: None, address: str
) -> None:
    assert links(client, address).keys() == {"canonical"}


def test_a_shop_of_one_language_names_no_others(client: Client, settings: Any) -> None:
    settings.LANGUAGES = [("en", "English")]

    assert links(client, "/help/") == {"canonical": f"{SITE}/help/"}


def test_the_address_wins_and_is_forgotten(lamps: None) -> None:
    english, german = Client(), Client(**GERMAN)

    shared = english.get("/categories/lamps/?language=de")
    back = german.get("/categories/lamps/?language=en")

    assert "<h1>Lampen</h1>" in shared.content.decode()
    assert (shared["Content-Language"], back["Content-Language"]) == ("de", "en")
    assert english.cookies == german.cookies == {}
    assert english.get("/categories/lamps/")["Content-Language"] == "en"
    assert {"Accept-Language", "Cookie"} <= {part.strip() for part in shared["Vary"].split(",")}


@pytest.mark.parametrize("language", ["", "fr", "DE", "de-AT", "\x00", "../de"])
def test_a_language_that_is_not_ours_is_ignored(client: Client, language: str) -> None:
    answer = client.get("/help/", {"language": language}, **GERMAN)

    assert answer["Content-Language"] == "de"
    assert links(client, f"/help/?language={language}")["canonical"] == f"{SITE}/help/"


def test_staff_pages_take_no_language_from_the_address(client: Client) -> None:
    assert "Log in" in client.get("/admin/login/?language=de").content.decode()


def test_the_choice_in_the_footer_wins_over_the_page_it_was_made_on(client: Client) -> None:
    page = "http://testserver/categories/lamps/?page=2&language=de"

    answer = client.post("/language/", {"language": "en"}, headers={"Referer": page})

    assert answer["Location"] == "http://testserver/categories/lamps/?page=2"
