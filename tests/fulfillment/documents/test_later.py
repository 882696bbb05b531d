"""What is owed beside an order has documents of its own, and leaves the order's as they are."""

from typing import Any

import pytest

from fulfillment.balance import balance_of
from fulfillment.documents.models import Document, Kind
from fulfillment.invariants import broken
from payments import stripe_requests
from payments.models import Payment
from shop.money import Money
from shop.orders.models import Order
from tests.support.later import agreed, charge, charged
from tests.support.purchases import do_what_waits
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def documents(order: Order) -> list[tuple[str, int, list[str]]]:
    found = Document.objects.filter(order=order).order_by("issued_at", "number")
    return [
        (row.kind, row.total, [line["title"] for line in row.content["lines"]]) for row in found
    ]


def refunded(payment: Payment, amount: int) -> None:
    stripe_requests.ask_refund(payment, Money(amount, payment.currency), reason="agreed")
    do_what_waits()
    do_what_waits()


def test_its_invoice_says_what_it_is_for(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    before = documents(order)

    charged(order, method)

    assert documents(order) == [
        *before,
        (Kind.INVOICE, 2500, ["Missed appointment: The fitting on 3 May"]),
    ]


def test_its_credit_note_is_of_its_invoice_alone(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    made = charged(order, method)

    refunded(Payment.objects.get(later_charge=made), 2500)

    note = Document.objects.get(order=order, kind=Kind.CREDIT_NOTE)
    invoice = Document.objects.get(order=order, kind=Kind.INVOICE, total=2500)
    assert (note.total, note.content["refers_to"]) == (2500, [invoice.number])


def test_the_order_s_own_refund_takes_nothing_of_it(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    charged(order, method)

    refunded(Payment.objects.get(order=order, purpose="checkout"), 9000)

    note = Document.objects.get(order=order, kind=Kind.CREDIT_NOTE)
    assert note.total == 9000
    assert "Missed appointment" not in str(note.content)


def test_the_order_s_balance_says_nothing_of_it(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    before = balance_of(order)
    made = charged(order, method)
    payment = Payment.objects.get(later_charge=made)

    stripe_requests.ask_refund(payment, payment.captured, reason="agreed")

    # Neither what came nor what is on its way back.
    assert balance_of(order) == before


def test_what_is_forgotten_or_taken_twice_is_named(stand_in: StandIn, settings: Any) -> None:
    order, method = agreed(stand_in, settings)
    made = charge(order, method)
    made.requests.update(status="done", outcome="carried out")
    forgotten = broken()["I4"]
    made.requests.update(status="ready", outcome="")
    do_what_waits()
    do_what_waits()
    well = broken()["I4"]
    type(made).objects.filter(pk=made.pk).update(amount=2400)

    assert forgotten == [f"{order.number} has a later charge that nobody makes"]
    assert well == []
    assert broken()["I4"] == [f"{order.number}: 2400 was charged later, and 2500 came"]


def test_the_order_s_own_invoice_is_whole_though_it_comes_after(
    stand_in: StandIn, settings: Any
) -> None:
    settings.CAPTURE_POLICY = "staff"
    order, method = agreed(stand_in, settings)
    charged(order, method)
    payment = Payment.objects.get(order=order, purpose="checkout")

    stripe_requests.ask_capture(payment, payment.capturable)
    do_what_waits()

    invoice = Document.objects.get(order=order, kind=Kind.INVOICE, payment=payment)
    assert (invoice.total, invoice.content["is_part"]) == (9000, False)
