"""Whoever waits for a thing is told once, when it is back, and no more when they say so."""

import re
from datetime import timedelta
from typing import Any
from urllib.parse import unquote

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from fulfillment.models import BackInStock, StockAlert
from fulfillment.restock import alerts
from shop.catalog.models import Price, Product, Stock
from tests.support.concurrency import at_once
from tests.support.factories import PriceFactory
from tests.support.purchases import do_the_work
from tests.support.retention import pruned

pytestmark = pytest.mark.django_db(transaction=True)
WHO = "ada@example.com"


def sold_out(**more: Any) -> Price:
    price: Price = PriceFactory(on_hand=0, variant__product__title="Storm Lantern", **more)
    return price


def ask(client: Client, price: Price, email: str = WHO, **more: Any) -> Any:
    return client.post("/stock-alerts/", {"sku": price.variant.sku, "email": email}, **more)


def is_back(price: Price, units: int = 1) -> None:
    Stock.objects.filter(variant=price.variant).update(on_hand=units)


def look() -> None:
    alerts.tell()
    do_the_work()


def page(client: Client, price: Price) -> str:
    address = f"{price.variant.product.get_absolute_url()}?variant={price.variant.sku}"
    return " ".join(client.get(address).content.decode().split())


# S-7
def test_one_field_where_the_button_is_off_and_one_mail_when_it_is_back(client: Client) -> None:
    price = sold_out()
    before = page(client, price)

    answer = ask(client, price)
    look()
    while_sold_out = list(mail.outbox)
    is_back(price)
    look()
    look()

    assert 'name="email"' in before
    assert answer.status_code == 302
    assert "We write to ada@example.com once, when Storm Lantern is back." in page(client, price)
    assert while_sold_out == []
    (told,) = mail.outbox
    assert (told.subject, told.to) == ("Storm Lantern is back", [WHO])
    assert f"/products/{price.variant.product.slug}/?variant={price.variant.sku}" in told.body
    assert 'name="email"' not in page(client, price)
    assert BackInStock.objects.get().outcome == "sent"


def test_the_mail_is_in_the_language_of_the_page(client: Client) -> None:
    price = sold_out()
    price.variant.product.translate("de", "title", "Sturmlaterne")
    price.variant.product.save()

    ask(client, price, headers={"accept-language": "de"})
    is_back(price)
    look()

    message: Any = mail.outbox[0]
    assert message.subject == "Sturmlaterne ist wieder da"
    assert 'lang="de"' in message.alternatives[0].content
    assert "language=de" in message.body


@pytest.mark.parametrize("email", ["", "ada", "ada@", "a@b.c\x00", "x" * 250 + "@example.com"])
def test_an_odd_address_is_told_and_nothing_is_kept(client: Client, email: str) -> None:
    answer = ask(client, sold_out(), email)

    assert answer.status_code == 400
    assert "Please write an e-mail address" in answer.content.decode()
    assert not StockAlert.objects.exists()


def archived() -> Price:
    return sold_out(variant__product__status=Product.Status.ARCHIVED)


def without_a_price() -> Price:
    price = sold_out()
    Price.objects.filter(pk=price.pk).update(is_active=False)
    return price


@pytest.mark.parametrize("price", [archived, without_a_price])
def test_what_is_not_sold_is_not_waited_for(client: Client, price: Any) -> None:
    answer = ask(client, price())

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert "We do not sell this any more." in client.get("/").content.decode()
    assert not StockAlert.objects.exists()


def test_what_is_there_is_not_waited_for(client: Client) -> None:
    price = PriceFactory(variant__product__title="Mug")

    answer = ask(client, price)

    assert answer["Location"].startswith(price.variant.product.get_absolute_url())
    assert "Mug is back already." in page(client, price)
    assert not StockAlert.objects.exists()


@pytest.mark.parametrize("sku", ["", "no such thing", "\x00", "x" * 10_000])
def test_an_odd_sku_is_no_error(client: Client, sku: str) -> None:
    assert client.post("/stock-alerts/", {"sku": sku, "email": WHO}).status_code == 302


def test_asked_twice_it_is_one_wish_and_nobody_can_tell(client: Client) -> None:
    price = sold_out()

    answers = [ask(client, price, email) for email in (WHO, "Ada@Example.com")]

    assert {answer.status_code for answer in answers} == {302}
    assert StockAlert.objects.count() == 1


def test_another_wish_may_follow_the_mail(client: Client) -> None:
    price = sold_out()
    ask(client, price)
    is_back(price)
    look()
    is_back(price, 0)

    ask(client, price)
    is_back(price)
    look()

    assert len(mail.outbox) == 2


def test_so_many_at_once_and_no_more(client: Client) -> None:
    prices = [sold_out() for _ in range(6)]

    answers = [ask(client, price) for price in prices]

    assert [answer.status_code for answer in answers] == [302] * 5 + [429]
    assert "Please wait a while" in answers[-1].content.decode()
    assert StockAlert.objects.count() == 5


def test_no_page_of_another_site_signs_anybody_up(client: Client) -> None:
    answer = ask(client, sold_out(), headers={"sec-fetch-site": "cross-site"})

    assert answer.status_code == 403
    assert not StockAlert.objects.exists()


def test_gone_again_before_the_mail_it_waits_on(client: Client) -> None:
    price = sold_out()
    ask(client, price)
    is_back(price)
    alerts.tell()
    is_back(price, 0)
    do_the_work()
    gone = (list(mail.outbox), BackInStock.objects.get().outcome)

    is_back(price)
    look()

    assert gone == ([], "overtaken")
    assert len(mail.outbox) == 1


def test_two_looks_at_once_write_one_mail(client: Client) -> None:
    price = sold_out()
    for number in range(4):
        ask(client, price, f"{number}@example.com")
    is_back(price)

    at_once([alerts.tell] * 4)
    do_the_work()

    assert sorted(message.to[0] for message in mail.outbox) == [
        f"{number}@example.com" for number in range(4)
    ]


# -- No more -----------------------------------------------------------------------------------


def off_address(client: Client, price: Price) -> str:
    is_back(price)
    look()
    found = re.search(r"/stock-alerts/\S+/off/", str(mail.outbox[0].body))
    assert found
    return found.group()


def test_one_click_ends_all_that_an_address_waits_for(client: Client) -> None:
    price, other = sold_out(), sold_out()
    ask(client, price)
    ask(client, other)
    ask(client, other, "bob@example.com")
    address = off_address(client, price)

    looked = client.get(address, headers={"sec-fetch-site": "cross-site"})
    kept = StockAlert.objects.filter(email=WHO, told_at=None).count()
    posted = client.post(address, {"List-Unsubscribe": "One-Click"})

    message: Any = mail.outbox[0]
    assert message.extra_headers["List-Unsubscribe"].endswith(f"{address}>")
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert (looked.status_code, kept) == (200, 1)
    assert "We write to you no more" in posted.content.decode()
    assert "We write to you no more" in client.get(address).content.decode()
    assert WHO not in unquote(address)
    assert list(StockAlert.objects.values_list("email", flat=True)) == ["bob@example.com"]


def test_a_key_that_is_not_ours_opens_nothing(client: Client) -> None:
    ask(client, sold_out())

    answer = client.post(f"/stock-alerts/{StockAlert.objects.get().pk.hex}.forged/off/")

    assert answer.status_code == 404
    assert StockAlert.objects.count() == 1


def test_what_was_told_or_waited_too_long_is_forgotten(client: Client) -> None:
    price, other, third = sold_out(), sold_out(), sold_out()
    for one in (price, other, third):
        ask(client, one)
    long_ago = timezone.now() - timedelta(days=366)
    StockAlert.objects.filter(variant=price.variant).update(told_at=long_ago)
    StockAlert.objects.filter(variant=other.variant).update(created_at=long_ago)

    pruned("alerts", "alerts_sent")

    assert StockAlert.objects.get().variant == third.variant
