"""T1: about disputed money the bank decides, and nobody is promised or offered anything else."""

from typing import Any

import pytest
from django.core import mail
from django.test import Client

from payments import checkout
from payments.models import Payment
from shop.orders.models import Order
from tests.support.factories import PriceFactory, UserFactory
from tests.support.purchases import captured, do_the_work, order_of, settled
from tests.support.staff import messages_on, staff
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

MAY = ["view_order", "view_payment", "change_order", "release_payment", "refund_payment"]
WHY_NOT = "The payment is disputed; the bank decides about the money."


def disputed(stand_in: StandIn, **how: Any) -> tuple[Order, Payment]:
    payment = captured(stand_in, PriceFactory())
    stand_in.ask("disputes", {"payment_intent": payment.stripe_payment_intent_id, **how})
    mail.outbox.clear()
    return settled(payment)


def decided(stand_in: StandIn, payment: Payment, how: str) -> tuple[Order, Payment]:
    stand_in.ask(f"payment_intents/{payment.stripe_payment_intent_id}/{how}", {})
    done = settled(payment)
    do_the_work()
    return done


def text(client: Client, address: str) -> str:
    return " ".join(client.get(address).content.decode().split())


# T1
def test_a_disputed_payment_offers_no_refund_and_says_why(stand_in: StandIn) -> None:
    _, payment = disputed(stand_in)
    client = staff(*MAY)

    page = text(client, f"/admin/capture-queue/{payment.pk}/")
    confirm = text(client, f"/admin/capture-queue/{payment.pk}/refund/confirm/?amount=5&reason=x")

    assert ("can still be sent back" in page, WHY_NOT in page) == (False, True)
    assert ("Refund 5.00 EUR</button>" in confirm, WHY_NOT in confirm) == (False, True)


# T1
def test_what_the_bank_only_asks_about_may_be_refunded(stand_in: StandIn) -> None:
    _, payment = disputed(stand_in, inquiry=True)

    page = text(staff(*MAY), f"/admin/capture-queue/{payment.pk}/")

    assert ("18.00 EUR can still be sent back" in page, WHY_NOT in page) == (True, False)


# T1
def test_cancelling_a_disputed_order_is_refused_before_the_press(stand_in: StandIn) -> None:
    order, _ = disputed(stand_in)
    client = staff(*MAY)

    page = text(client, f"/admin/orders/order/{order.pk}/change/")
    answer = client.post(f"/admin/order/{order.pk}/cancel/", {"reason": "x"}, follow=True)

    assert ("Cancel the order" in page, WHY_NOT in page) == (False, True)
    assert messages_on(answer) == [f"{order} cannot be cancelled now: {WHY_NOT}"]
    assert Order.objects.get().cancel_requested_at is None


# T1
def test_a_wish_to_cancel_that_meets_a_dispute_says_that_it_waits(stand_in: StandIn) -> None:
    """What no person has pressed, as a stocktake's wish, is recorded and waits for the bank."""
    order, payment = disputed(stand_in)
    checkout.cancel(order, reason=Order.CancelReason.OUT_OF_STOCK, actor=UserFactory())

    waiting = text(staff(*MAY), f"/admin/orders/order/{order.pk}/change/")
    customers = text(Client(), f"/orders/{order.token}/")
    decided(stand_in, payment, "win")

    assert "It waits for the bank" in waiting
    assert "The order is cancelled once the bank has decided." in customers
    assert payment.requests.get(kind="refund").amount == 1800


# T1
def test_a_lost_dispute_tells_what_the_bank_did(stand_in: StandIn) -> None:
    order, payment = disputed(stand_in)

    order, payment = decided(stand_in, payment, "lose")

    letter: Any = mail.outbox[0]
    page = text(Client(), f"/orders/{order.token}/")
    staffs = text(staff(*MAY), f"/admin/orders/order/{order.pk}/change/")
    assert (order.status, order.cancel_reason) == ("cancelled", "lost")
    for told in (str(letter.body), str(letter.alternatives[0].content), page):
        words = " ".join(told.split())
        assert "The bank has given €18.00 back to you." in words
        assert "Your bank has taken the money back." in words
        assert "We are sending" not in words
        assert "on its way back" not in words
    assert "<dt>Taken back by the bank</dt> <dd> 18.00 EUR </dd>" in staffs
    assert order.transitions.get(after="cancelled").cause == "the bank has taken the money back"


# T1
def test_of_money_that_is_still_here_no_mail_says_that_it_is_sent(stand_in: StandIn) -> None:
    order, payment = disputed(stand_in)
    payment.disputes.update(status="won")
    payment.refunds.create(
        account=payment.account,
        stripe_refund_id="re_1",
        amount=1800,
        currency="eur",
        status="failed",
        created_at=order_of(payment).created_at,
    )

    order.cancel("test")
    do_the_work()

    letter: Any = mail.outbox[0]
    assert "€18.00 is still here, and belongs to you." in " ".join(str(letter.body).split())


# T1
def test_after_a_lost_dispute_nobody_is_sent_to_wait_for_the_bank(stand_in: StandIn) -> None:
    _, payment = disputed(stand_in)

    _, payment = decided(stand_in, payment, "lose")

    page = text(staff(*MAY), f"/admin/capture-queue/{payment.pk}/")
    assert WHY_NOT not in page
    assert "The payment was disputed, and the bank has given the money back." in page
    assert "<dt>Taken back by the bank</dt> <dd> 18.00 EUR </dd>" in page
    assert "can still be sent back" not in page


# K7
def test_a_refund_that_came_back_stands_beside_the_others(stand_in: StandIn) -> None:
    payment = captured(stand_in, PriceFactory())
    payment.refunds.create(
        account=payment.account,
        stripe_refund_id="re_1",
        amount=500,
        currency="eur",
        status="failed",
        created_at=payment.created_at,
    )

    page = text(staff(*MAY), f"/admin/capture-queue/{payment.pk}/")

    assert "<dt>Refunded</dt> <dd> 0.00 EUR </dd>" in page
    assert "<dt>Refunded, and came back</dt> <dd> 5.00 EUR </dd>" in page
