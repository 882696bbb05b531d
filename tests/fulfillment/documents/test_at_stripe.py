"""Where Stripe makes the invoice the shop makes none, and shows Stripe's."""

from datetime import timedelta
from typing import Any

import pytest
import requests
from django.core import mail
from django.test import Client

from fulfillment.doctor import documents as doctor
from fulfillment.doctor.amiss import Amiss
from fulfillment.documents import missing
from payments import stripe_requests
from payments.models import CheckoutSession
from payments.settlement import next_look
from shop import clock
from shop.money import Money
from tests.support.purchases import (
    buy,
    do_the_work,
    order_of,
    paid,
    payment_of,
    read,
    settle_order,
    start,
)
from tests.support.staff import staff
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)
SEPA_PAYS = {"method": "sepa_debit", "iban": "AT321904300235473204"}


@pytest.fixture
def on(settings: Any) -> None:
    settings.INVOICE_CREATION = True
    settings.CAPTURE_POLICY = "automatic"


def sent(session: CheckoutSession) -> dict[str, Any]:
    """The frozen parameters; Stripe took them, or the session would have no page."""
    assert session.url
    return dict(session.requests.get(kind="create_session").parameters)


def test_it_is_asked_for_in_the_orders_language(stand_in: StandIn, settings: Any, on: None) -> None:
    settings.SELLER_ADDRESS, settings.SELLER_TAX_NUMBER = "1 Harbour Street", "IE1"
    session = start(language="de")
    order = order_of(session)

    assert sent(session)["invoice_creation"] == {
        "enabled": True,
        "invoice_data": {
            "description": f"Bestellung {order.number}",
            "footer": "Holdfast · 1 Harbour Street · Steuernummer: IE1",
            "metadata": sent(session)["metadata"],
        },
    }


@pytest.mark.parametrize(
    ("policy", "limit"), [("stock_check", {}), ("staff", {}), ("automatic", {"eur": 1000})]
)
def test_of_what_is_held_the_shop_makes_its_own(
    stand_in: StandIn, settings: Any, on: None, policy: str, limit: dict[str, int]
) -> None:
    settings.CAPTURE_POLICY, settings.CAPTURE_REVIEW_ABOVE = policy, limit
    session = start()

    assert "invoice_creation" not in sent(session)
    assert session.stripe_invoice == {}


def test_stripes_invoice_is_shown_and_the_shop_makes_none(stand_in: StandIn, on: None) -> None:
    mine = Client()
    order = buy(stand_in, client=mine, email="ada@example.com")
    do_the_work()
    session = order.checkout_sessions.get()
    told = session.stripe_invoice

    at_stripe = stand_in.api(f"invoices/{told['id']}")
    assert (told["number"], told["url"], told["pdf"]) == (
        at_stripe["number"], at_stripe["hosted_invoice_url"], at_stripe["invoice_pdf"],
    )  # fmt: skip
    assert list(order.documents.all()) == []
    assert missing.lacking().count() == 0
    written: list[Any] = mail.outbox
    page = mine.get(f"/orders/{order.token}/").content.decode()
    thanks = mine.get("/success", {"session_id": str(session.stripe_session_id)}).content.decode()
    theirs = staff("view_order").get(f"/admin/orders/order/{order.pk}/change/").content.decode()
    for text in (page, thanks, theirs, str(written[0].alternatives[0].content)):
        assert f'href="{told["url"]}"' in text
        assert f'href="{told["pdf"]}"' in text
        assert f"Invoice {told['number']}" in text
    assert told["url"] in written[0].body
    file = requests.get(told["pdf"], timeout=30)
    assert (file.headers["Content-Type"], file.content[:5]) == ("application/pdf", b"%PDF-")
    assert told["number"].encode() in file.content


def test_a_refund_has_the_shops_credit_note_that_names_stripes_invoice(
    stand_in: StandIn, on: None
) -> None:
    order = buy(stand_in, quantity=2)
    do_the_work()
    number = order.checkout_sessions.get().stripe_invoice["number"]

    for amount in (500, 3100):
        stripe_requests.ask_refund(payment_of(order), Money(amount, "eur"), reason="scratched")
        do_the_work()

    notes = order.documents.all()
    assert [(note.kind, note.total) for note in notes] == [
        ("credit_note", 500), ("credit_note", 3100),
    ]  # fmt: skip
    assert [note.content["refers_to"] for note in notes] == [[number], [number]]


def test_an_invoice_that_comes_later_is_waited_for(stand_in: StandIn, on: None) -> None:
    """A debit's comes with its money, and Stripe may take its time."""
    session = paid(stand_in, start(), **SEPA_PAYS)
    order = order_of(session)
    assert session.waits_for_invoice

    stand_in.advance(minutes=4)
    settle_order(order)

    session.refresh_from_db()
    assert session.stripe_invoice["number"]
    assert session.next_look_at is None
    CheckoutSession.objects.filter(pk=session.pk).update(stripe_invoice={"asked": True})
    session.refresh_from_db()
    assert read(session).stripe_invoice["number"]


def test_until_it_is_there_it_is_looked_for(stand_in: StandIn, on: None) -> None:
    session = paid(stand_in, start())
    session.stripe_invoice = {"asked": True}

    next_look.note(session, None)

    session.refresh_from_db()
    assert session.next_look_at is not None
    assert session.next_look_at > clock.now()


def test_one_that_never_came_is_named(stand_in: StandIn, settings: Any, on: None) -> None:
    settings.SELLER_ADDRESS, settings.SELLER_TAX_NUMBER = "1 Harbour Street", "IE1"
    session = paid(stand_in, start())
    CheckoutSession.objects.update(stripe_invoice={"asked": True})
    soon = doctor.made()

    CheckoutSession.objects.update(created_at=session.created_at - timedelta(days=3))

    assert soon == "invoices name the seller, and each capture has one"
    with pytest.raises(Amiss, match="For 1 payments Stripe was asked"):
        doctor.made()


def test_the_contradiction_is_named(settings: Any) -> None:
    settings.SELLER_ADDRESS, settings.SELLER_TAX_NUMBER = "1 Harbour Street", "IE1"
    settings.INVOICE_CREATION = True

    with pytest.raises(Amiss, match="CAPTURE_POLICY=stock_check has every page ask for a hold"):
        doctor.made()
    assert [message.id for message in doctor.check_documents()] == ["fulfillment.W004"]
    settings.CAPTURE_POLICY = "automatic"
    assert doctor.check_documents() == []
