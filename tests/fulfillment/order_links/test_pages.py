"""Who bought without an account finds the order by a mail, and nobody else learns anything."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from fulfillment.models import OrderLink
from fulfillment.order_links import links
from shop.orders.models import Order
from tests.support.factories import OrderFactory
from tests.support.purchases import do_the_work

pytestmark = pytest.mark.django_db(transaction=True)

PERSON = {
    "name": "Grace Hopper",
    "shipping_address": {"line1": "Ring 1", "postal_code": "1070", "city": "Wien", "country": "AT"},
}


@pytest.fixture
def order() -> Order:
    return OrderFactory(email="grace.hopper@example.com", status="confirmed", **PERSON)


def ask(client: Client, number: str, email: str = "grace.hopper@example.com") -> Any:
    return client.post("/orders/find/", {"number": number, "email": email})


def link_in(message: Any) -> str:
    """The address in the mail, without the host."""
    words = str(message.body).split()
    return next(word for word in words if "key=" in word).partition("/orders/")[2]


# AC-2
def test_a_link_is_sent_to_who_knows_number_and_address(client: Client, order: Order) -> None:
    answer = ask(client, order.number)
    do_the_work()

    assert (answer.status_code, answer["Location"]) == (302, "/orders/find/asked/")
    assert [message.to for message in mail.outbox] == [["grace.hopper@example.com"]]
    page = Client().get(f"/orders/{link_in(mail.outbox[0])}")
    assert page.status_code == 200
    assert "Grace Hopper" in page.content.decode()
    assert OrderLink.objects.get().outcome == "sent"


@pytest.mark.parametrize(
    ("typed", "email"),
    [
        ("{}", "GRACE.Hopper@Example.com"),
        (" {} ", "grace.hopper@example.com"),
        ("lower", "grace.hopper@example.com"),
        ("bare", "grace.hopper@example.com"),
    ],
)
def test_it_is_found_however_it_is_typed(
    client: Client, order: Order, typed: str, email: str
) -> None:
    spelled = {"lower": order.number.lower().replace("-", " "), "bare": order.number[3:]}
    number = spelled.get(typed, typed.format(order.number))

    ask(client, number, email)
    do_the_work()

    assert [message.to for message in mail.outbox] == [[order.email]]


@pytest.mark.parametrize("whose", ["another's number", "no number", "another's address"])
def test_whoever_guesses_hears_the_same_and_nobody_is_written_to(
    client: Client, order: Order, whose: str
) -> None:
    other = OrderFactory(email="ada@example.com", status="confirmed")
    number, email = {
        "another's number": (other.number, order.email),
        "no number": ("HF-22222222", order.email),
        "another's address": (order.number, other.email),
    }[whose]
    right = ask(Client(), order.number)
    with CaptureQueriesContext(connection) as for_right:
        ask(Client(), order.number)
    with CaptureQueriesContext(connection) as for_wrong:
        wrong = ask(client, number, email)
    OrderLink.objects.filter(number=order.number, email=order.email).delete()
    do_the_work()

    assert (wrong.status_code, wrong["Location"]) == (right.status_code, right["Location"])
    assert len(for_right) == len(for_wrong)
    assert mail.outbox == []
    assert OrderLink.objects.get().outcome == "ignored"


def test_the_request_reads_no_order(client: Client, order: Order) -> None:
    """Guard: whether it exists shows in no answer's time either."""
    with CaptureQueriesContext(connection) as queries:
        ask(client, order.number)

    assert [one["sql"] for one in queries if "orders_order" in one["sql"]] == []
    # Three allowances, each with what is free again; the row.
    assert len([one for one in queries if "shop_pace" in one["sql"]]) == 6
    assert len([one for one in queries if "fulfillment_orderlink" in one["sql"]]) == 1


def test_an_order_without_an_address_is_found_by_nobody(client: Client) -> None:
    order = OrderFactory(email="")

    answer = ask(client, order.number, "")

    assert answer.status_code == 400
    assert not OrderLink.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("number", "", "Please write the number of the order."),
        ("number", "x" * 41, "No order number is as long as this."),
        ("number", "a\x00b", "Null characters are not allowed."),
        ("email", "", "Please write the e-mail address that you ordered with."),
        ("email", "grace", "Please write an e-mail address"),
        ("email", "a@example.com\nBcc: b@example.com", "Please write an e-mail address"),
        ("email", "a" * 250 + "@example.com", "This address is too long."),
    ],
)
def test_odd_input_is_told_at_its_field_and_what_was_typed_stays(
    client: Client, field: str, value: str, sentence: str
) -> None:
    typed = {"number": "HF-7K3M9QTD", "email": "grace@example.com", field: value}

    answer = client.post("/orders/find/", typed)

    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page
    assert f'href="#id_{field}"' in page
    assert ("grace@example.com" if field == "number" else "HF-7K3M9QTD") in page
    assert not OrderLink.objects.exists()


def test_a_mailbox_is_not_filled(client: Client, order: Order) -> None:
    answers = [ask(client, order.number) for _ in range(4)]

    assert [answer.status_code for answer in answers] == [302] * 3 + [429]
    assert "Please wait a few minutes." in answers[-1].content.decode()
    assert OrderLink.objects.count() == 3


def test_a_number_is_not_tried_with_many_addresses(client: Client, order: Order) -> None:
    spellings = [order.number, order.number.lower(), order.number[3:]] * 2
    answers = [ask(client, typed, f"a{i}@example.com") for i, typed in enumerate(spellings)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]


def test_a_network_does_not_try_many_numbers(client: Client) -> None:
    answers = [ask(client, f"HF-{i:08}", f"a{i}@example.com") for i in range(21)]

    assert [answer.status_code for answer in answers] == [302] * 20 + [429]


def test_no_page_of_another_site_asks_for_anybody(client: Client, order: Order) -> None:
    typed = {"number": order.number, "email": order.email}
    answer = client.post("/orders/find/", typed, headers={"sec-fetch-site": "cross-site"})

    assert (answer.status_code, OrderLink.objects.count()) == (403, 0)


def test_the_link_shows_everything_for_a_day(client: Client, order: Order) -> None:
    address = links.address_in_full(order).partition("/orders/")[2]

    with time_machine.travel(timezone.now() + timedelta(hours=23)):
        today = client.get(f"/orders/{address}").content.decode()
    with time_machine.travel(timezone.now() + timedelta(hours=25)):
        tomorrow = client.get(f"/orders/{address}")

    assert "Grace Hopper" in today
    assert tomorrow.status_code == 200
    assert "Grace Hopper" not in tomorrow.content.decode()
    assert "Have a link sent that shows them" in tomorrow.content.decode()


@pytest.mark.parametrize("key", ["", "x", "x.y", ".", "\x00", "é.é", "a" * 3000])
def test_a_key_that_is_none_opens_nothing(client: Client, order: Order, key: str) -> None:
    page = client.get(f"/orders/{order.token}/", {"key": key})

    assert page.status_code == 200
    assert "Grace Hopper" not in page.content.decode()


def test_a_key_opens_its_own_order_alone(client: Client, order: Order) -> None:
    other = OrderFactory(email="ada@example.com", status="confirmed")
    key = links.address_in_full(other).partition("key=")[2]

    page = client.get(f"/orders/{order.token}/?key={key}")

    assert "Grace Hopper" not in page.content.decode()


def test_the_mail_is_in_the_language_of_the_page(client: Client, order: Order) -> None:
    address = "/orders/find/?language=de"
    client.post(address, {"number": order.number, "email": order.email})
    do_the_work()

    assert "Ihr Link zur Bestellung" in mail.outbox[0].subject
    assert mail.outbox[0].message()["Content-Language"] == "de"


def test_it_is_found_from_everywhere(client: Client) -> None:
    pages = ["/", "/contact/", "/help/", "/orders/there-never-was-such-an-order/"]

    links_there = ['href="/orders/find/"' in client.get(page).content.decode() for page in pages]

    assert links_there == [True] * 4
