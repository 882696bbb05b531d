"""An invoice for each capture and a credit note for each refund: to the last unit, and once."""

from typing import Any

import pytest

from fulfillment.documents import content, making
from fulfillment.models import Document
from payments import stripe_requests
from payments.models import MoneyEntry
from shop.money import Money
from shop.orders.models import Order
from tests.fulfillment.documents.sales import again
from tests.support.factories import PriceFactory
from tests.support.purchases import (
    buy,
    captured_at_stripe,
    do_the_work,
    payment_of,
    settle_order,
)
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

TWO_LINES = [(1200, 2, "1"), (1055, 1, "2")]


def lines(document: Document) -> list[tuple[Any, ...]]:
    return [(line["title"], line["quantity"], line["amount"]) for line in document.content["lines"]]


def taxes(document: Document) -> list[tuple[str, int, int]]:
    return [(tax["percentage"], tax["base"], tax["amount"]) for tax in document.content["taxes"]]


def kinds(order: Order) -> list[tuple[str, int]]:
    return [(document.kind, document.total) for document in order.documents.all()]


# -- what makes them ------------------------------------------------------------------------------


def test_captured_money_has_an_invoice(stand_in: StandIn) -> None:
    order = buy(stand_in, price=PriceFactory(), quantity=2, name="Ada Byron")
    before = kinds(order)

    do_the_work()
    settle_order(order)

    document = order.documents.get()
    assert before == []
    assert (document.kind, document.total, document.currency) == ("invoice", 3600, "eur")
    assert document.number == f"{document.year}-000001"
    assert document.entry == MoneyEntry.objects.get(payment__order=order, kind="capture")
    assert [line[1:] for line in lines(document)] == [(2, 3600)]
    assert document.content["buyer"]["names"] == ["Ada Byron"]
    assert document.content["order"] == order.number
    assert document.content["paid_with"] == "Visa ending in 4242"


def test_units_left_out_are_not_on_the_invoice(stand_in: StandIn, settings: Any) -> None:
    settings.CAPTURE_POLICY = "staff"
    order = buy(stand_in, quantity=3)
    do_the_work()

    stripe_requests.ask_capture(
        payment_of(order), Money(3600, "eur"), reason="one broke", units_off={1: 1}
    )
    do_the_work()

    document = order.documents.get()
    assert (document.total, lines(document)[0][1:]) == (3600, (2, 3600))
    assert document.content["discount"] == 0


def test_everything_for_less_names_the_difference(stand_in: StandIn, settings: Any) -> None:
    settings.CAPTURE_POLICY = "staff"
    order = buy(stand_in)
    do_the_work()

    stripe_requests.ask_capture(payment_of(order), Money(1300, "eur"), reason="scratched")
    do_the_work()

    document = order.documents.get()
    assert (document.total, lines(document)[0][1:]) == (1300, (1, 1800))
    assert document.content["discount"] == 500


def test_what_was_captured_in_the_dashboard_has_one(stand_in: StandIn) -> None:
    order, _ = captured_at_stripe(stand_in)

    assert kinds(order) == [("invoice", 1800)]


def test_each_refund_has_a_credit_note_when_it_succeeded(stand_in: StandIn) -> None:
    order = buy(stand_in, card="4000000000007726")
    do_the_work()
    stripe_requests.ask_refund(payment_of(order), Money(500, "eur"), reason="scratched")
    do_the_work()
    while_pending = kinds(order)

    stand_in.advance(days=10)
    settle_order(order)
    settle_order(order)

    note = order.documents.get(kind="credit_note")
    assert while_pending == [("invoice", 1800)]
    assert (note.total, lines(note)) == (500, [("Refund of a part", None, 500)])
    assert note.number == f"C-{note.year}-000001"
    assert note.content["refers_to"] == [order.documents.get(kind="invoice").number]


def test_a_hold_that_was_let_go_has_none(stand_in: StandIn, settings: Any) -> None:
    settings.CAPTURE_POLICY = "staff"
    order = buy(stand_in)
    do_the_work()
    stripe_requests.ask_release(payment_of(order), reason="changed their mind")
    do_the_work()

    assert kinds(order) == []


def test_money_is_written_of_though_its_document_fails(
    stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault in what is only paper must not keep the shop from knowing what it has taken."""
    monkeypatch.setattr(content, "whole", None)

    order, payment = captured_at_stripe(stand_in)

    assert (payment.captured_amount, kinds(order)) == (1800, [])
    monkeypatch.undo()
    assert [document.total for document in making.make_missing(again(payment))] == [1800]
