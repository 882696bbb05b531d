"""Money that goes back is told by mail: each refund once, when it succeeded, in one mail."""

from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from fulfillment import shipping
from fulfillment.balance import balance_of
from fulfillment.emails import letters, refunds
from fulfillment.models import Email
from payments import checkout, stripe_requests
from payments.models import Payment, Refund
from shop import work
from shop.money import Money
from shop.orders.models import Order
from tests.support.purchases import (
    buy,
    do_the_work,
    do_what_waits,
    payment_of,
    settle_order,
)
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)


def shipped(stand_in: StandIn, **paid: Any) -> Order:
    """An order that left the house; its mails so far are forgotten."""
    order = buy(stand_in, email="ada@example.com", **paid)
    do_the_work()
    shipping.ship(order.shipments.get(), carrier="Post")
    do_the_work()
    mail.outbox.clear()
    return order


def send_back(order: Order, amount: int) -> None:
    stripe_requests.ask_refund(payment_of(order), Money(amount, "eur"), reason="scratched")
    do_the_work()


def refund(stripe_refund_id: str, amount: int) -> dict[str, Any]:
    """One that succeeded."""
    return {
        "stripe_refund_id": stripe_refund_id,
        "amount": amount,
        "currency": "eur",
        "status": "succeeded",
        "created_at": timezone.now(),
    }


def subjects(order: Order) -> list[str]:
    """What was mailed, without the order's number that each begins with."""
    return [message.subject.removeprefix(f"Order {order.number}: ") for message in mail.outbox]


def test_each_refund_after_the_sale_is_told_once(stand_in: StandIn) -> None:
    order = shipped(stand_in)

    send_back(order, 500)
    send_back(order, 300)
    settle_order(order)
    do_the_work()

    assert subjects(order) == ["money back", "money back"]
    assert "We have sent €5.00 back to you" in mail.outbox[0].body
    assert "we keep €13.00" in mail.outbox[0].body
    assert "We have sent €3.00 back to you" in mail.outbox[1].body
    assert "we keep €10.00" in mail.outbox[1].body
    assert "scratched" not in mail.outbox[0].body


def test_refunds_made_together_are_told_in_one_mail(stand_in: StandIn) -> None:
    # S-6
    order = shipped(stand_in)
    for amount in (500, 300):
        stand_in.call(
            "refunds",
            payment_intent=payment_of(order).stripe_payment_intent_id,
            amount=amount,
        )

    settle_order(order)
    do_the_work()
    settle_order(order)
    do_what_waits()

    body = " ".join(mail.outbox[0].body.split())
    assert subjects(order) == ["money back"]
    assert "We have sent €8.00 back to you" in body
    assert "It comes in parts: €5.00, €3.00." in body or "parts: €3.00, €5.00." in body
    assert "we keep €10.00" in body
    told = Email.objects.filter(template="refunded").values_list("status", "outcome")
    assert sorted(told) == [("done", "sent"), ("done", "told")]


def test_refunds_of_two_payments_made_together_are_told_in_one_mail(stand_in: StandIn) -> None:
    order = shipped(stand_in)
    first = payment_of(order)
    first.refunds.create(account=first.account, **refund("re_1", 500))
    second = Payment.objects.create(
        order=order,
        account=first.account,
        stripe_payment_intent_id="pi_second",
        purpose=Payment.Purpose.EXTRA,
        status=Payment.Status.CAPTURED,
        amount=1800,
        currency="eur",
        captured_amount=1800,
        captured_at=timezone.now(),
    )
    second.refunds.create(account=first.account, **refund("re_2", 1800))
    for made in Refund.objects.order_by("stripe_refund_id"):
        letters.queue(Email.Template.REFUNDED, order, about=refunds.occasion(made))

    do_what_waits()

    assert subjects(order) == ["money back"]
    body = " ".join(mail.outbox[0].body.split())
    assert "We have sent €23.00 back to you" in body
    assert "It comes in parts: €5.00, €18.00." in body
    assert "The order was paid twice; €18.00 of it was the second payment." in body
    assert "we keep €13.00" in body
    told = Email.objects.filter(template="refunded").values_list("status", "outcome")
    assert sorted(told) == [("done", "sent"), ("done", "told")]


def test_what_the_mail_of_the_order_s_end_tells_is_in_no_other_mail(stand_in: StandIn) -> None:
    """The second payment's money has a mail of its own, which says nothing of the first's."""
    order = buy(stand_in, email="ada@example.com")
    do_the_work()
    checkout.cancel(order, reason=Order.CancelReason.STAFF, note="changed their mind")
    do_the_work()
    mail.outbox.clear()
    first = payment_of(order)
    second = Payment.objects.create(
        order=order,
        account=first.account,
        stripe_payment_intent_id="pi_second",
        purpose=Payment.Purpose.EXTRA,
        status=Payment.Status.CAPTURED,
        amount=1800,
        currency="eur",
        captured_amount=1800,
        captured_at=timezone.now(),
    )
    second.refunds.create(account=first.account, **refund("re_2", 1800))
    for made in Refund.objects.filter(payment__order=order):
        letters.queue(Email.Template.REFUNDED, order, about=refunds.occasion(made))

    do_what_waits()

    assert subjects(order) == ["money back"]
    body = " ".join(mail.outbox[0].body.split())
    assert "We have sent €18.00 back to you" in body
    assert "It comes in parts" not in body
    assert "The order was paid twice; this was the second payment." in body


def test_a_mail_that_an_earlier_one_speaks_for_waits(stand_in: StandIn) -> None:
    # S-6
    order = shipped(stand_in)
    for amount in (500, 300):
        stand_in.call(
            "refunds",
            payment_intent=payment_of(order).stripe_payment_intent_id,
            amount=amount,
        )
    settle_order(order)
    first, second = Email.objects.filter(template="refunded").order_by("created_at")

    work.run(Email, second.pk, letters.send)
    before = subjects(order)
    do_what_waits()

    assert before == []
    assert subjects(order) == ["money back"]
    assert Email.objects.get(pk=first.pk).outcome == "sent"


def test_a_refund_under_way_is_told_when_it_succeeded(stand_in: StandIn) -> None:
    order = shipped(stand_in, card="4000000000007726")
    send_back(order, 500)
    while_pending = subjects(order)

    stand_in.advance(days=10)
    settle_order(order)
    do_the_work()

    assert while_pending == []
    assert subjects(order) == ["money back"]


def test_a_refund_that_ends_the_order_is_told_by_the_mail_that_says_so(stand_in: StandIn) -> None:
    order = buy(stand_in, email="ada@example.com")
    do_the_work()
    mail.outbox.clear()

    send_back(order, 1800)

    assert subjects(order) == ["cancelled"]
    assert "We have sent €18.00 back to you" in mail.outbox[0].body


def test_a_hold_that_was_let_go_is_no_refund(stand_in: StandIn, settings: Any) -> None:
    settings.CAPTURE_POLICY = "staff"
    order = buy(stand_in, email="ada@example.com")
    checkout.cancel(order, reason=Order.CancelReason.STAFF, note="changed their mind")
    do_the_work()

    assert not Email.objects.filter(template="refunded").exists()
    assert subjects(order)[-1] == "cancelled"
    assert "Nothing was charged" in mail.outbox[-1].body


def test_what_a_capture_in_part_lets_go_is_no_refund(stand_in: StandIn, settings: Any) -> None:
    settings.CAPTURE_POLICY = "staff"
    order = buy(stand_in, email="ada@example.com")
    do_the_work()
    mail.outbox.clear()

    stripe_requests.ask_capture(payment_of(order), Money(1300, "eur"), reason="one is scratched")
    do_the_work()
    send_back(order, 300)

    # The release stands among the refunds, and the refund brings no mail of it.
    assert subjects(order) == ["confirmed", "money back"]
    assert "Your payment of €13.00 is charged." in mail.outbox[0].body
    assert "€5.00 of what was authorized goes back to you" in mail.outbox[0].body.replace("\n", " ")


REFUND_FAILS = "4000000000005126"


# K7
@pytest.mark.parametrize(
    ("language", "subject", "sentence"),
    [
        ("en", "about your refund", "We will reach you to find another way."),
        ("de", "zu Ihrer Rückzahlung", "Wir melden uns bei Ihnen, um einen anderen Weg zu finden."),
    ],
)
def test_a_refund_that_came_back_is_told_and_looked_after(
    stand_in: StandIn, language: str, subject: str, sentence: str
) -> None:
    """The customer's bank did not take it, days after it had succeeded."""
    order = shipped(stand_in, card=REFUND_FAILS)
    Order.objects.filter(pk=order.pk).update(language=language)
    send_back(order, 500)
    stand_in.advance(days=10)
    mail.outbox.clear()

    settle_order(order)
    do_the_work()
    settle_order(order)
    do_the_work()

    told = mail.outbox[0]
    body = " ".join(told.body.split())
    assert (len(mail.outbox), subject in told.subject, sentence in body) == (1, True, True)
    assert [(hold.reason, hold.closed_at) for hold in order.holds.all()] == [
        ("refund_failed", None)
    ]
    assert "5.00 EUR" in order.holds.get().note
    assert balance_of(order).refunded == Money(0, "eur")
    entries = payment_of(order).entries.order_by("id").values_list("kind", "amount")
    assert list(entries) == [("capture", 1800), ("refund", -500), ("refund_failed", 500)]


# K7
def test_a_refund_that_had_failed_before_we_looked_is_told_too(stand_in: StandIn) -> None:
    order = shipped(stand_in, card=REFUND_FAILS)
    stand_in.call("refunds", payment_intent=payment_of(order).stripe_payment_intent_id, amount=500)
    stand_in.advance(days=10)

    settle_order(order)
    do_the_work()

    assert subjects(order) == ["about your refund"]
    assert list(payment_of(order).entries.values_list("kind", flat=True)) == ["capture"]
    assert order.is_held


# K7
def test_an_order_whose_refund_failed_waits_for_staff(stand_in: StandIn) -> None:
    """Its parcel stays, and so does the money, until somebody has looked."""
    order = buy(stand_in, card=REFUND_FAILS)
    do_the_work()
    send_back(order, 500)
    stand_in.advance(days=10)
    settle_order(order)

    with pytest.raises(shipping.CannotShip, match="in review"):
        shipping.pack(order.shipments.get())

    assert Order.objects.in_review().get() == order
