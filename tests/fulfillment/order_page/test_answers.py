"""What customers answered is read on the order page, by who packs, and in mails."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from fulfillment.emails import letters
from fulfillment.models import Email
from shop import work
from shop.orders.models import Order
from tests.fulfillment.emails.mails import written
from tests.support.factories import QuestionFactory
from tests.support.purchases import buy, do_the_work
from tests.support.staff import staff
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
MESSAGE = "For <Ana> & Bo"
ESCAPED = "<b>Gift message:</b> For &lt;Ana&gt; &amp; Bo"
ANSWERS = [{"key": "gift", "label": "Gift message", "answer": MESSAGE}]


def text_of(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


def bought_as_a_gift(stand_in: StandIn, client: Client) -> Order:
    QuestionFactory(key="gift", label="Gift message")
    return buy(stand_in, client=client, answers={"gift": MESSAGE})


def test_the_order_page_shows_it_to_who_ordered_alone(stand_in: StandIn) -> None:
    mine = Client()
    order = bought_as_a_gift(stand_in, mine)

    own = text_of(mine, f"/orders/{order.token}/")
    anybody = text_of(Client(), f"/orders/{order.token}/")

    assert ESCAPED in own
    assert "Ana" not in anybody


def test_who_packs_reads_it_beside_the_lines(stand_in: StandIn) -> None:
    order = bought_as_a_gift(stand_in, Client())
    do_the_work()

    page = text_of(staff("view_order", "ship_order"), f"/admin/orders/order/{order.pk}/change/")

    packing = page.partition("Pack and ship</h2>")[2].partition("</section>")[0]
    customer = page.partition("Customer</h2>")[2].partition("</section>")[0]
    assert ESCAPED in packing
    assert ESCAPED in customer


@pytest.mark.parametrize("template", ["confirmed", "received", "processing"])
def test_a_mail_says_what_was_answered(template: str) -> None:
    email = written(template, answers=ANSWERS)

    work.run(Email, email.pk, letters.send)

    message: Any = mail.outbox[0]
    html = " ".join(message.alternatives[0].content.split())
    assert f"\n  Gift message: {MESSAGE}\n" in message.body
    assert ESCAPED in html


def test_without_answers_a_mail_is_as_it_was() -> None:
    email = written("confirmed")

    work.run(Email, email.pk, letters.send)

    assert "Gift" not in mail.outbox[0].body
    assert "\n\n\n\n" not in mail.outbox[0].body
