"""A form to write to the shop: what is sent is kept, and mailed to who answers."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from fulfillment.models import ContactMessage
from tests.support.factories import OrderFactory
from tests.support.purchases import do_the_work
from tests.support.retention import pruned

pytestmark = pytest.mark.django_db(transaction=True)
FILLED = {"email": "ada@example.com", "order_number": "", "text": "Is the mug dishwasher safe?"}


def write(client: Client, **more: Any) -> Any:
    return client.post("/contact/", {**FILLED, **more})


# S-7
def test_what_is_written_is_mailed_to_who_answers(client: Client, settings: Any) -> None:
    settings.SUPPORT_EMAIL = "Holdfast <help@example.com>"

    answer = write(client)
    do_the_work()

    assert (answer.status_code, answer["Location"]) == (302, "/contact/sent/")
    assert "Your message is on its way" in client.get("/contact/sent/").content.decode()
    message: Any = mail.outbox[0]
    assert (message.to, message.reply_to) == (["help@example.com"], ["ada@example.com"])
    assert "Is the mug dishwasher safe?" in message.body
    assert ContactMessage.objects.get().outcome == "sent"


@pytest.mark.parametrize(
    ("email", "said"),
    [("ADA@example.com", "paid for from this address"), ("eve@example.com", "No order")],
)
def test_an_order_is_linked_for_its_buyer_alone(client: Client, email: str, said: str) -> None:
    """Whoever names another's order learns nothing, and staff are not led to take them for them."""
    order = OrderFactory(email="ada@example.com", status="confirmed")

    answer = write(client, email=email, order_number=order.number)
    do_the_work()

    assert answer.status_code == 302
    assert said in mail.outbox[0].body
    assert (str(order.pk) in mail.outbox[0].body) == (said != "No order")


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("email", "", "Please write where we may answer."),
        ("email", "ada", "Please write an e-mail address"),
        ("email", "a@example.com\nBcc: b@example.com", "Please write an e-mail address"),
        ("order_number", "x" * 41, "No order number is as long as this."),
        ("text", "  ", "Please write what it is about."),
        ("text", "x" * 5001, "Please write at most 5,000 characters."),
        ("text", "a\x00b", "Null characters are not allowed."),
    ],
)
def test_odd_input_is_told_at_its_field_and_what_was_typed_stays(
    client: Client, field: str, value: str, sentence: str
) -> None:
    answer = write(client, **{field: value})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert sentence in page
    assert f'href="#id_{field}"' in page
    assert ("dishwasher" in page) == (field != "text")
    assert not ContactMessage.objects.exists()


def test_lines_in_an_order_number_add_no_header(client: Client) -> None:
    write(client, order_number="HF-1\r\nBcc: eve@example.com")
    do_the_work()

    message = mail.outbox[0].message()
    assert message["Bcc"] is None
    assert "\n" not in message["Subject"]


def test_so_many_and_no_more(client: Client) -> None:
    answers = [write(client) for _ in range(6)]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "dishwasher" in answers[-1].content.decode()
    assert ContactMessage.objects.count() == 5


def test_no_page_of_another_site_writes_for_anybody(client: Client) -> None:
    answer = client.post("/contact/", FILLED, headers={"sec-fetch-site": "cross-site"})

    assert (answer.status_code, ContactMessage.objects.count()) == (403, 0)


def test_it_is_found_and_read_from_elsewhere(client: Client) -> None:
    home = client.get("/").content.decode()
    page = client.get("/contact/?order=HF-1", headers={"sec-fetch-site": "cross-site"})

    assert 'href="/contact/"' in home
    assert page.status_code == 200
    assert 'value="HF-1"' in page.content.decode()


def test_what_was_sent_on_a_year_ago_is_forgotten(client: Client) -> None:
    for _ in range(3):
        write(client)
    sent, waiting, _kept = ContactMessage.objects.all()
    do_the_work()
    long_ago = timezone.now() - timedelta(days=366)
    ContactMessage.objects.filter(pk__in=[sent.pk, waiting.pk]).update(created_at=long_ago)
    ContactMessage.objects.filter(pk=waiting.pk).update(status="dead")

    pruned("messages")

    assert not ContactMessage.objects.filter(pk=sent.pk).exists()
    assert ContactMessage.objects.count() == 2
