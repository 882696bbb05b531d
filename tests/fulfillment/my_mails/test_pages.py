"""Which mails a customer gets, and in which language: a link in one says what the account does."""

import re
import uuid
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from fulfillment.models import StockAlert
from fulfillment.restock import alerts
from shop.accounts.models import User
from shop.catalog.models import Stock
from shop.orders.models import Order
from tests.support.carts import with_cart
from tests.support.customers import log_in, new_address
from tests.support.factories import PriceFactory
from tests.support.purchases import buy, do_the_work, unpaid
from tests.support.stand_in import StandIn, session_id_in

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/account/mails/"


@pytest.fixture(autouse=True)
def by_the_shop(settings: Any) -> None:
    settings.CHECKOUT_RECOVERY = "shop"


@pytest.fixture
def email() -> str:
    return new_address()


@pytest.fixture
def ada(email: str) -> Client:
    return log_in(email)


def text(client: Client, path: str = PAGE) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer
    return " ".join(answer.content.decode().split())


def wish(client: Client, **fields: str) -> None:
    answer = client.post(PAGE, {"language": "", **fields})
    assert (answer.status_code, answer["Location"]) == (302, PAGE)


def box(client: Client) -> bool:
    """Whether the cart's box for a reminder is ticked."""
    page = text(client, "/cart/")
    found = re.search(r'<input type="checkbox" name="remind"[^>]*>', page)
    assert found is not None
    return "checked" in found.group()


def left(stand_in: StandIn, client: Client, **posted: str) -> Order:
    """An order that was left on the payment page."""
    cart = with_cart(client)
    answer = client.post("/create-checkout-session", {"cart": str(cart.version), **posted})
    assert answer.status_code == 303, answer.content
    session = Order.objects.get().checkout_sessions.get(
        stripe_session_id=session_id_in(answer["Location"])
    )
    return unpaid(stand_in, session)


# -- what is told ----------------------------------------------------------------------------------


def test_who_is_not_logged_in_is_sent_to_the_log_in(client: Client) -> None:
    assert client.get(PAGE)["Location"] == f"/account/login/?next={PAGE}"


def test_mails_about_orders_are_no_matter_of_choice(ada: Client) -> None:
    page = text(ada)

    assert "Mails about your orders" in page
    assert "always come" in page


def test_without_reminders_in_the_shop_nothing_is_asked_of_them(ada: Client, settings: Any) -> None:
    settings.CHECKOUT_RECOVERY = "off"
    User.objects.update(wants_reminders=True)

    assert "wants_reminders" not in text(ada)
    wish(ada)
    assert User.objects.get().wants_reminders


# -- reminders -------------------------------------------------------------------------------------


def test_who_wants_reminders_finds_the_box_ticked_until_they_untick_it(ada: Client) -> None:
    with_cart(ada)
    before = box(ada)

    wish(ada, wants_reminders="on")
    then = box(ada)
    ada.post("/create-checkout-session", {"cart": "99"})

    assert (before, then, box(ada)) == (False, True, False)


def test_a_reminder_can_be_ended_by_its_link_which_the_account_knows_of(
    ada: Client, email: str, stand_in: StandIn
) -> None:
    wish(ada, wants_reminders="on")
    left(stand_in, ada, remind="1")
    do_the_work()
    letter = mail.outbox[-1]
    link = re.search(r"/reminders/\S+/off/", str(letter.body))
    assert link is not None

    looked_at = text(Client(), link.group())
    still = User.objects.get(email=email).wants_reminders
    ended = Client().post(link.group())

    assert email in looked_at
    assert still
    assert "We remind you no more" in " ".join(ended.content.decode().split())
    assert not User.objects.get(email=email).wants_reminders
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert letter.extra_headers["List-Unsubscribe"].endswith(f"{link.group()}>")
    assert "We remind you no more" in text(Client(), link.group())


def test_a_tick_taken_away_stops_what_waits(ada: Client, stand_in: StandIn) -> None:
    wish(ada, wants_reminders="on")
    order = left(stand_in, ada, remind="1")
    sent = len(mail.outbox)

    wish(ada)
    do_the_work()

    order.refresh_from_db()
    assert order.recovery_email == ""
    assert len(mail.outbox) == sent


def test_keeping_the_language_alone_stops_nothing_that_a_cart_asked_for(
    ada: Client, stand_in: StandIn, email: str
) -> None:
    left(stand_in, ada, remind="1")

    wish(ada, language="de")
    do_the_work()

    assert mail.outbox[-1].to == [email]
    assert "noch nicht bezahlt" in mail.outbox[-1].subject


def test_a_key_of_nobody_opens_nothing() -> None:
    answer = Client().get("/reminders/x.y/off/")

    assert answer.status_code == 404


# -- what is back ----------------------------------------------------------------------------------


def test_what_one_waits_for_is_listed_and_ended_one_by_one(ada: Client, email: str) -> None:
    lantern = PriceFactory(on_hand=0, variant__product__title="Lantern").variant
    kettle = PriceFactory(on_hand=0, variant__product__title="Kettle").variant
    alerts.wait(lantern, email, "en")
    alerts.wait(kettle, email.upper(), "en")
    alerts.wait(kettle, "bo@example.com", "en")
    page = text(ada)
    mine = StockAlert.objects.get(variant=lantern)

    ended = ada.post(f"{PAGE}{mine.pk}/off/")

    assert "Write no more about Lantern" in page
    assert page.count("Write no more about") == 2
    assert ended["Location"] == PAGE
    assert sorted(StockAlert.objects.values_list("variant", "email")) == sorted(
        [(kettle.pk, email.upper()), (kettle.pk, "bo@example.com")]
    )


def test_what_the_mails_link_ends_is_gone_from_the_account(ada: Client, email: str) -> None:
    alerts.wait(PriceFactory(on_hand=0).variant, email, "en")
    key = alerts.key_of(StockAlert.objects.get())

    Client().post(f"/stock-alerts/{key}/off/")

    assert "You wait for nothing." in text(ada)


def test_of_others_nothing_can_be_ended_or_told(ada: Client) -> None:
    alerts.wait(PriceFactory(on_hand=0).variant, "bo@example.com", "en")
    others = StockAlert.objects.get()

    theirs = ada.post(f"{PAGE}{others.pk}/off/")
    nobodys = ada.post(f"{PAGE}{uuid.uuid4()}/off/")

    assert (theirs.status_code, nobodys.status_code) == (404, 404)
    assert StockAlert.objects.exists()
    assert "You wait for nothing." in text(ada)


# -- the language ----------------------------------------------------------------------------------


def test_mails_about_orders_and_codes_are_in_the_accounts_language(
    ada: Client, email: str, stand_in: StandIn
) -> None:
    wish(ada, language="de")

    buy(stand_in, client=ada, email=email)
    do_the_work()
    order_mail = mail.outbox[-1]
    ada.post("/account/confirm/")
    do_the_work()

    assert order_mail.extra_headers["Content-Language"] == "de"
    assert "Code" in mail.outbox[-1].subject
    assert "Minuten" in str(mail.outbox[-1].body)


def test_so_is_the_mail_of_what_is_back(ada: Client, email: str) -> None:
    variant = PriceFactory(on_hand=0).variant
    alerts.wait(variant, email, "en")
    wish(ada, language="de")
    Stock.objects.filter(variant=variant).update(on_hand=1)

    alerts.tell()
    do_the_work()

    assert mail.outbox[-1].extra_headers["Content-Language"] == "de"


def test_a_language_that_the_shop_does_not_speak_is_refused(ada: Client) -> None:
    assert ada.post(PAGE, {"language": "xx"}).status_code == 400


def test_one_that_it_speaks_no_more_says_nothing(ada: Client, stand_in: StandIn) -> None:
    User.objects.update(language="xx")

    buy(stand_in, client=ada)
    do_the_work()

    assert mail.outbox[-1].extra_headers["Content-Language"] == "en"
