"""Each page in the visitor's language, and no sentence left behind. Check S60."""

import re
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from django.test import Client
from django.utils import timezone, translation

from fulfillment.emails import letters
from fulfillment.models import Email
from local.checks import translations
from payments import method_names
from payments.models import Payment
from shop.catalog.search import index
from shop.money import Money
from shop.orders.models import DeliveryMethod, Order, OrderHold
from shop.templatetags.money import money
from tests.fulfillment.emails.mails import paid, refunded, written
from tests.support.factories import (
    CategoryFactory,
    OrderFactory,
    PriceFactory,
    ProductFactory,
    UserFactory,
    VariantFactory,
)

GERMAN: dict[str, Any] = {"headers": {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}}


def test_every_sentence_is_translated_and_compiled(capsys: pytest.CaptureFixture[str]) -> None:
    assert translations.main(["--check"]) == 0, capsys.readouterr().out


def test_what_is_missing_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translations, "ROOT", tmp_path)
    po = tmp_path / "locale" / "de" / "LC_MESSAGES" / "django.po"
    po.parent.mkdir(parents=True)
    po.write_text('msgid "Cart"\nmsgstr ""\n\nmsgid "Nobody says this"\nmsgstr "Niemand"\n')
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "words.py").write_text('_("Cart")\n_("Checkout")\n')
    monkeypatch.setattr(translations, "TEMPLATES", tmp_path / "templates")

    name = "locale/de/LC_MESSAGES/django.po"
    assert translations.faults_of(po) == [
        f"{name}: new: 'Checkout'",
        f"{name}: said nowhere: 'Nobody says this'",
        f"{name}: not translated: 'Cart'",
        f"{name}: not compiled. Run python -m local.checks.translations",
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


@pytest.fixture(scope="module")
def marked_sentences(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A language in which every sentence stands in marks; "eo" is as good a name as any."""
    catalog = Catalog(locale="eo")
    for one in translations.gathered(translations.catalogs()[0]):
        if not one.id:
            continue
        forms = one.id if isinstance(one.id, tuple) else (one.id,)
        marked = tuple(f"⟦{form}⟧" for form in forms)
        catalog.add(one.id, marked if len(marked) > 1 else marked[0])
    locale = tmp_path_factory.mktemp("locale")
    directory = locale / "eo" / "LC_MESSAGES"
    directory.mkdir(parents=True)
    (directory / "django.mo").write_bytes(translations.compiled(catalog))
    return locale


@pytest.fixture
def pseudo(marked_sentences: Path, settings: Any, db: None) -> None:
    settings.LANGUAGES = [("en", "English"), ("eo", "Esperanto")]
    settings.LOCALE_PATHS = [marked_sentences]
    # Names of countries come from Babel, not from us.
    DeliveryMethod.objects.update(name="Holdfast", countries=[])


# What is no sentence of ours: names, codes, and what a language calls itself.
NAMES = ["Holdfast", "Stripe", "EUR", "English", "Esperanto", "help@localhost", "SKU"]


def bare(html: str) -> list[str]:
    """The words of a page, in its text and in what is read out, that stand in no marks."""
    html = re.sub(r"(?s)<(script|style|svg).*?</\1>|https?://[^\s\"<]+", "", html)
    told = re.findall(r'(?:aria-label|placeholder|alt)="([^"]*)"', html)
    told += re.findall(r'name="description"\s+content="([^"]*)"', html)
    text = re.sub(r"<[^>]+>", " ", html)
    marked, said = " | ".join([text, *told]), ""
    # What stands in a sentence may be one itself, so from the inside out.
    while marked != said:
        said, marked = marked, re.sub(r"⟦[^⟦⟧]*⟧", " ", marked)
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
        "/terms/",
        "/privacy/",
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
    index.reindex()
    client.post("/language/", {"language": "eo"})
    client.post("/cart/add/", {"price": lamp.key, "quantity": "2"})

    # Back from the payment page one is led to the cart.
    html = client.get(address.format(category=category.pk), follow=True).content.decode()

    assert '<html lang="eo">' in html
    assert bare(re.sub(r"\b[0-9a-f]{32}\b", "", html)) == []


def test_error_pages_have_no_bare_english(pseudo: None) -> None:
    from django.template.loader import render_to_string

    with translation.override("eo"):
        for name in ("400", "403_csrf", "500", "503"):
            assert bare(render_to_string(f"{name}.html")) == []


# Names, places and addresses are the customer's, and no words of ours.
SOMEBODY: dict[str, Any] = {"name": "★", "number": "1001", "language": "eo", "email": "1@2.at"}
WAYS = [
    "",
    "pay",
    "pay process",
    "pay hold confirm",
    "pay take confirm",
    "pay take confirm review",
    "pay take confirm complete",
    "pay take confirm pack",
    "pay take confirm ship",
    "pay take confirm part",
    "pay take confirm ship complete",
    "pay fail_payment",
    "expire",
    "wish",
    "cancel",
    "take cancel",
    "sell_out cancel",
]


@pytest.mark.django_db
@pytest.mark.parametrize("way", WAYS)
def test_no_page_of_an_order_has_bare_english(client: Client, pseudo: None, way: str) -> None:
    order = an_order(total=1800, discount=1, shipping=1, tax=1)
    for step in way.split():
        take(step, order)
    assert order.user
    client.force_login(order.user)
    client.post("/language/", {"language": "eo"})

    order_page = client.get("/orders/1/").content.decode()
    waiting = client.get("/checkout/1/").content.decode()
    success = client.get("/success?session_id=cs_1").content.decode()

    assert "1001" in order_page
    assert "1001" in success
    assert (bare(order_page), bare(waiting), bare(success)) == ([], [], [])


def an_order(**values: Any) -> Order:
    """One with everything that a page may tell of."""
    lamp = PriceFactory(
        variant__sku="1001", variant__product__title="☂", variant__product__category__name="★"
    )
    order: Order = OrderFactory(price=lamp, token="1", user=UserFactory(), **SOMEBODY, **values)
    order.lines.update(removed=1)
    order.reductions.create(amount=1, reason="scratched")
    now = timezone.now()
    order.checkout_sessions.create(
        stripe_session_id="cs_1", expires_at=now, due_at=now, read_at=now
    )
    return order


def take(step: str, order: Order) -> None:
    """Let the order go a step on its way."""
    match step:
        case "pay":
            order.checkout_sessions.update(status="complete")
        case "hold":
            paid(order, status="authorized", captured_amount=0)
        case "take":
            refunded(paid(order, method="card", last4="4242"), 500)
        case "review":
            order.hold(OrderHold.Reason.STAFF, "odd")
        case "wish":
            Order.objects.update(cancel_requested_at=timezone.now())
        case "sell_out":
            order.cancel_reason = Order.CancelReason.OUT_OF_STOCK
            order.save()
        case "pack":
            order.shipments.create(status="packed")
        case "ship" | "part":
            for carrier in ("", "★"):
                order.shipments.create(
                    status="shipped", shipped_at=timezone.now(), carrier=carrier, tracking_number=1
                )
            order.shipments.create()
            order.ship("test", partly=step == "part")
        case verb:
            getattr(order, verb)("test")


@pytest.mark.django_db
@pytest.mark.parametrize("template", Email.Template.values)
def test_no_mail_has_bare_english(pseudo: None, template: str) -> None:
    email = written(template, total=1800, discount=1, shipping=1, tax=1, **SOMEBODY)
    order = email.order
    order.lines.update(title="☂")
    order.shipments.update(carrier="★", tracking_number=1)

    found = [words_of(email)]
    order.reductions.create(amount=1, reason="scratched")
    order.shipments.update(carrier="")
    if not template.startswith(("refund", "voucher")):
        refunded(paid(order), 500)
    found.append(words_of(email))
    for change in ({"captured_amount": 500}, {"purpose": "extra"}):
        order.payments.update(**change)
        found.append(words_of(email))

    assert found == [[]] * 4


def words_of(email: Email) -> list[str]:
    message: Any = letters.compose(email, email.order)
    html = str(message.alternatives[0].content)
    assert '<html lang="eo">' in html
    return bare(f"{message.subject} | {message.body} | {html}")


@pytest.mark.parametrize("method", ["card", "sepa_debit", "us_bank_account"])
def test_how_it_was_paid_is_said_in_the_readers_language(pseudo: None, method: str) -> None:
    with translation.override("eo"):
        assert bare(method_names.name_of(Payment(method=method))) == []
