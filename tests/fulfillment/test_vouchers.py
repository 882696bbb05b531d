"""Vouchers through the shop: what is to be done by when, the reminder, and how it ends."""

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from fulfillment.models import Email
from payments.models import Payment
from payments.settlement import next_look
from shop import clock
from shop.orders.models import Order
from tests.support.clocks import move_clocks
from tests.support.factories import PriceFactory
from tests.support.purchases import buy as buy_in
from tests.support.purchases import do_the_work, payment_of, settle_order
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

WAYS = {
    "oxxo": ("mxn", 30_000),
    "boleto": ("brl", 10_000),
    "konbini": ("jpy", 1800),
    "pix": ("brl", 10_000),
}


@pytest.fixture(autouse=True)
def currencies(settings: Any) -> None:
    settings.CURRENCIES_OFFERED = ["eur", "mxn", "brl", "jpy"]


def buy(stand_in: StandIn, method: str = "oxxo", *, language: str = "en") -> Order:
    """An order whose voucher nobody pays."""
    currency, amount = WAYS[method]
    order = buy_in(
        stand_in,
        price=PriceFactory(currency=currency, unit_amount=amount),
        client=Client(headers={"Accept-Language": language}),
        method=method,
        email="ada+fill_never@example.com",
    )
    do_the_work()
    return order


def read(order: Order, language: str = "en") -> str:
    client = Client(headers={"Accept-Language": language})
    return " ".join(client.get(f"/orders/{order.token}/").content.decode().split())


@pytest.mark.parametrize("method", WAYS)
def test_the_page_says_what_to_pay_with_and_until_when(stand_in: StandIn, method: str) -> None:
    order = buy(stand_in, method)
    voucher = payment_of(order).voucher

    page = read(order)

    assert voucher["numbers"]
    assert "Please pay your voucher" in page
    assert "It can be paid until" in page
    assert [number for _, number in voucher["numbers"] if number not in page] == []
    assert f'href="{voucher["url"]}"' in page
    assert ("remind_at" in voucher) is (method != "pix")


def test_strangers_with_the_session_see_no_number(stand_in: StandIn) -> None:
    order = buy(stand_in)
    payment = payment_of(order)
    assert payment.session

    page = Client().get(f"/success?session_id={payment.session.stripe_session_id}")

    text = page.content.decode()
    assert "Please pay your voucher" in text
    assert payment.voucher["numbers"][0][1] not in text


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Please pay your voucher"), ("de", "Bitte bezahlen Sie Ihren Beleg")],
)
def test_a_mail_has_it_at_once(stand_in: StandIn, language: str, words: str) -> None:
    order = buy(stand_in, language=language)

    outbox: list[Any] = mail.outbox
    [message] = outbox
    html = str(message.alternatives[0].content)

    [(_, number)] = payment_of(order).voucher["numbers"]
    assert words.lower() in message.subject.lower()
    assert [number in text.replace("\n", "") for text in (str(message.body), html)] == [True] * 2
    assert list(order.emails.values_list("template", "outcome")) == [("voucher", "sent")]


def test_who_forgets_is_reminded_once_a_day_before(stand_in: StandIn) -> None:
    order = buy(stand_in)
    payment = payment_of(order)
    assert payment.voucher_remind_at
    assert payment.voucher_ends_at == payment.voucher_remind_at + timedelta(days=1)

    move_clocks(stand_in, days=1, hours=20)
    settle_order(order)
    early = Email.objects.filter(template="voucher_ends").exists()
    look_ahead = Payment.objects.get(pk=payment.pk).next_look_at
    move_clocks(stand_in, hours=5)
    for _ in range(2):
        settle_order(order)
    do_the_work()

    assert not early
    assert look_ahead == payment.voucher_remind_at
    assert order.emails.filter(template="voucher_ends", outcome="sent").count() == 1
    assert "your voucher ends soon" in mail.outbox[-1].subject


def test_nobody_is_reminded_of_what_is_paid(stand_in: StandIn) -> None:
    order = buy(stand_in)
    Payment.objects.update(
        voucher={**payment_of(order).voucher, "remind_at": clock.now().isoformat()}
    )
    payment = payment_of(order)
    Email.objects.create(template="voucher_ends", order=order, about=payment.pk)
    Payment.objects.update(status="processing")

    do_the_work()

    assert Email.objects.get(template="voucher_ends").outcome == "overtaken"


def test_one_that_is_not_paid_ends_and_can_be_paid_again(stand_in: StandIn) -> None:
    order = buy(stand_in)

    move_clocks(stand_in, days=4)
    order = settle_order(order)
    do_the_work()

    page = read(order)
    assert order.status == "payment_failed"
    assert "The payment did not go through" in page
    assert "Show the voucher" not in page
    assert "Pay MX$300.00 again" in page
    assert next_look.UNDER_WAY.isdisjoint({payment_of(order).status})
