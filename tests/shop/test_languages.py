"""Each page in the visitor's language, and no sentence left behind. Check S60."""

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from django.test import Client
from django.utils import translation

from local import messages
from shop.catalog import search
from shop.money import Money
from shop.templatetags.money import money
from tests.factories import CategoryFactory, PriceFactory, ProductFactory, VariantFactory

GERMAN = {"headers": {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}}


def test_every_sentence_is_translated_and_compiled(capsys: pytest.CaptureFixture[str]) -> None:
    assert messages.main(["--check"]) == 0, capsys.readouterr().out


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    po = tmp_path / "locale" / "de" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text('msgid "Cart"\nmsgstr ""\n\nmsgid "Nobody says this"\nmsgstr "Niemand"\n')
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "words.py").write_text('_("Cart")\n_("Checkout")\n')
    monkeypatch.setattr(messages, "TEMPLATES", tmp_path / "templates")

    name = "locale/de/LC_MESSAGES/django.po"
    assert messages.faults_of(po) == [
        f"{name}: new: 'Checkout'",
        f"{name}: said nowhere: 'Nobody says this'",
        f"{name}: not translated: 'Cart'",
        f"{name}: not compiled. Run python -m local.messages",
    ]


@pytest.mark.django_db
def test_the_browser_is_answered_in_its_language(client: Client) -> None:
    PriceFactory(
        unit_amount=123456,
        variant__product__slug="lamp",
        variant__product__title="Lamp",
        variant__product__translations={"de": {"title": "Lampe"}},
    )

    english, german = client.get("/products/lamp/"), client.get("/products/lamp/", **GERMAN)

    html = german.content.decode()
    assert '<html lang="de">' in html
    assert "<h1>Lampe</h1>" in html
    assert "1.234,56\xa0€" in html
    assert "In den Warenkorb" in html
    assert '<html lang="en">' in english.content.decode()
    assert german["Content-Language"] == "de"
    assert {"Accept-Language", "Cookie"} <= {part.strip() for part in german["Vary"].split(",")}


@pytest.mark.django_db
def test_the_choice_in_the_footer_wins_and_keeps_the_page(client: Client) -> None:
    page = "http://testserver/help/?a=b"
    answer = client.post("/language/", {"language": "en"}, headers={"Referer": page})

    assert (answer.status_code, answer["Location"]) == (302, page)
    assert "<h1>Help</h1>" in client.get("/help/", **GERMAN).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example"])
def test_the_way_back_stays_in_the_shop(client: Client, back: str) -> None:
    answer = client.post("/language/", {"language": "de"}, headers={"Referer": back})

    assert answer["Location"] == "/"


@pytest.mark.django_db
def test_the_language_is_chosen_by_our_own_form_only(client: Client) -> None:
    foreign = client.post(
        "/language/", {"language": "de"}, headers={"Sec-Fetch-Site": "cross-site"}
    )

    assert foreign.status_code == 403
    assert client.get("/language/").status_code == 405
    assert client.cookies == {}


@pytest.mark.django_db
def test_staff_pages_speak_the_shops_own_language(client: Client) -> None:
    assert "Log in" in client.get("/admin/login/", **GERMAN).content.decode()


@pytest.mark.parametrize(("language", "shown"), [("en", "€1,234.50"), ("de", "1.234,50 €")])
def test_amounts_are_written_by_language(language: str, shown: str) -> None:
    with translation.override(language):
        assert money(Money(123450, "eur")).replace("\xa0", " ") == shown


# -- no bare English -------------------------------------------------------------------------------


@pytest.fixture
def pseudo(tmp_path: Path, settings: Any) -> None:
    """A language in which every sentence stands in marks; "eo" is as good a name as any."""
    catalog = Catalog(locale="eo")
    for one in messages.gathered():
        if not one.id:
            continue
        forms = one.id if isinstance(one.id, tuple) else (one.id,)
        marked = tuple(f"⟦{form}⟧" for form in forms)
        catalog.add(one.id, marked if len(marked) > 1 else marked[0])
    directory = tmp_path / "eo" / "LC_MESSAGES"
    directory.mkdir(parents=True)
    (directory / "django.mo").write_bytes(messages.compiled(catalog))
    settings.LANGUAGES = [("en", "English"), ("eo", "Esperanto")]
    settings.LOCALE_PATHS = [tmp_path]
    # Names of countries come from Babel, not from us.
    settings.SHIP_TO_COUNTRIES = []


# What is no sentence of ours: names, codes, and what a language calls itself.
NAMES = ["Holdfast", "EUR", "English", "Esperanto", "help@localhost", "SKU"]


def bare(html: str) -> list[str]:
    """The words of a page, in its text and in what is read out, that stand in no marks."""
    html = re.sub(r"(?s)<script.*?</script>|<svg.*?</svg>", "", html)
    told = re.findall(r'(?:aria-label|placeholder|alt)="([^"]*)"', html)
    told += re.findall(r'name="description"\s+content="([^"]*)"', html)
    text = re.sub(r"<[^>]+>", " ", html)
    marked = re.sub(r"⟦[^⟧]*⟧", " ", " | ".join([text, *told]))
    for name in NAMES:
        marked = marked.replace(name, " ")
    return re.findall(r"[A-Za-z]{3,}", marked)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/products/lamp/",
        "/products/shirt/",
        "/categories/things/",
        "/search/",
        "/categories/things/?vendor=%E2%98%80&available=yes&reduced=yes&price=0-2500&price=2500-9000",
        "/categories/things/?sort=price&o=%E2%91%A0:a",
        "/search/?q=%E2%98%83",
        "/search/?q=%E5%A4%A9",
        "/search/?q=%E5%A4%A9&category={category}&o=%E2%91%A0:a&available=yes",
        "/search/?q=%E5%A4%A9&category={category}&vendor=%E2%98%83",
        "/search/?q=%E5%A4%A9%E5%A4%A9%E5%A4%A9%E5%A4%A9%E5%A4%AB",
        "/help/",
        "/cart/",
        "/cancel",
        "/no/such/page/",
    ],
)
def test_no_page_has_bare_english(client: Client, pseudo: None, address: str) -> None:
    category = CategoryFactory(name="★", slug="things")
    CategoryFactory(name="☆", parent=category)
    lamp = PriceFactory(
        variant__product=ProductFactory(title="☂", slug="lamp", category=category, vendor="☀"),
        variant__sku="1001",
        regular_amount=2000,
        lowest_recent_amount=1900,
    )
    shirt = ProductFactory(
        title="天天天天", slug="shirt", category=category, option_names=["①", "②"], vendor="☃"
    )
    for number, values in enumerate([["a", "b"], ["a", "c"], ["d", "b"]]):
        variant = VariantFactory(product=shirt, sku=f"200{number}", option_values=values)
        PriceFactory(variant=variant, on_hand=3 - number)
    search.reindex()
    client.post("/language/", {"language": "eo"})
    client.post("/cart/add/", {"price": lamp.key, "quantity": "2"})

    html = client.get(address.format(category=category.pk)).content.decode()

    assert '<html lang="eo">' in html
    assert bare(re.sub(r"\b[0-9a-f]{32}\b", "", html)) == []


def test_error_pages_have_no_bare_english(pseudo: None) -> None:
    from django.template.loader import render_to_string

    with translation.override("eo"):
        for name in ("400", "403_csrf", "500", "503"):
            assert bare(render_to_string(f"{name}.html")) == []
