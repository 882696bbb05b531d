"""Asking for money to be moved: once at a time, within what is there, written down with who."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from payments import stripe_requests
from payments.models import CheckoutSession, MoneyAction, Payment, StripeRequest
from payments.stripe_requests import NotPossible, ask_capture, ask_expiry, ask_refund, ask_release
from shop.models import Installation
from shop.money import Money
from shop.orders.models import Order, OrderHold, OrderReduction
from tests.support.concurrency import at_once, waiting_for_locks
from tests.support.factories import OrderFactory, UserFactory
from tests.support.purchases import captured_at_stripe, held, paid, perform_all, settled, start
from tests.support.stand_in import StandIn
from tests.support.waiting import eventually

pytestmark = pytest.mark.django_db(transaction=True)


def euros(amount: int) -> Money:
    return Money(amount, "eur")


def authorized(**fields: Any) -> Payment:
    """A held payment that Stripe is never asked about."""
    return Payment.objects.create(
        **{
            "account": "acct/test",
            "stripe_payment_intent_id": "pi_held",
            "order": OrderFactory(),
            "status": "authorized",
            "currency": "eur",
            "amount": 1800,
            "authorized_amount": 1800,
            **fields,
        }
    )


def test_a_capture_is_a_row_with_its_key_and_parameters_and_a_line_in_the_record() -> None:
    payment, actor = authorized(), UserFactory(email="ana@example.com")

    request = ask_capture(payment, euros(1800), actor=actor, address="192.0.2.7")

    assert (request.kind, request.status, request.parameters, request.generation) == (
        "capture",
        "ready",
        {"amount_to_capture": 1800},
        1,
    )
    assert request.key == f"{Installation.current()}:capture:{request.pk}:g1"
    assert list(
        MoneyAction.objects.values_list(
            "kind",
            "request",
            "payment",
            "amount",
            "currency",
            "actor_id",
            "actor_address",
            "before",
        )
    ) == [
        ("capture", request.pk, payment.pk, 1800, "eur", actor.pk, "192.0.2.7", "authorized"),
    ]
    assert MoneyAction.objects.get().actor_name == str(actor)


def test_what_the_shop_does_by_itself_is_recorded_as_the_shop() -> None:
    ask_release(authorized(), reason="out of stock")

    assert list(MoneyAction.objects.values_list("actor_id", "actor_name", "reason")) == [
        (None, "The shop", "out of stock")
    ]


@pytest.mark.parametrize(
    "second",
    [
        lambda payment: ask_capture(payment, euros(1800)),
        lambda payment: ask_release(payment, reason="never mind"),
        lambda payment: ask_refund(payment, euros(1800), reason="never mind"),
    ],
    ids=["capture", "release", "refund"],
)
def test_one_request_at_a_time(second: Any) -> None:
    """M01, M02. Guard: requests._refuse_while_open."""
    payment, ana = authorized(), UserFactory(email="ana@example.com")
    ask_capture(payment, euros(1800), actor=ana)

    with pytest.raises(NotPossible) as refusal:
        second(payment)

    assert str(refusal.value) == f"{ana} asked for a capture already; it is under way."
    assert StripeRequest.objects.count() == MoneyAction.objects.count() == 1


def test_eight_hands_at_once_ask_once() -> None:
    """Guard: the lock on the order in requests._locked."""
    payment = authorized()

    asked = at_once([partial(ask_capture, payment, euros(1800))] * 8)

    answers = [str(one) if isinstance(one, Exception) else one.kind for one in asked]
    assert sorted(answers, reverse=True) == [
        "capture",
        *["The shop asked for a capture already; it is under way."] * 7,
    ]
    assert StripeRequest.objects.count() == 1


def test_the_database_refuses_a_second_open_request_too() -> None:
    payment = authorized()
    ask_capture(payment, euros(1800))

    with pytest.raises(IntegrityError, match="one_open_capture_or_release"), transaction.atomic():
        StripeRequest.objects.create(kind="release", account="a", key="k", payment=payment)


@pytest.mark.parametrize(
    ("amount", "sentence"),
    [
        (euros(0), "The amount must be more than nothing."),
        (euros(-1), "The amount must be more than nothing."),
        (euros(1801), "At most 18.00 EUR can be taken; 18.01 EUR is more."),
        (Money(1800, "usd"), "The payment is in EUR."),
        (euros(1799), "Say why less than the full amount is captured."),
    ],
)
def test_no_capture_of_another_amount(amount: Money, sentence: str) -> None:
    payment = authorized()

    with pytest.raises(NotPossible) as refusal:
        ask_capture(payment, amount)

    assert str(refusal.value) == sentence
    assert not StripeRequest.objects.exists()
    assert not OrderReduction.objects.exists()


def test_asking_for_less_lowers_nothing_yet() -> None:
    """Stripe may refuse; what is due is lowered by the capture itself."""
    payment = authorized()

    request = ask_capture(payment, euros(1500), reason="scratched", actor=UserFactory())

    assert (request.amount, Order.objects.get().due) == (1500, euros(1800))
    assert OrderReduction.objects.count() == 0


@pytest.mark.parametrize("status", ["pending", "processing", "failed"])
def test_only_held_money_can_be_captured(status: str) -> None:
    payment = authorized(status=status)

    with pytest.raises(NotPossible, match=f"The payment is {status}; nothing is held"):
        ask_capture(payment, euros(1800))


def test_an_order_in_review_is_captured_only_by_the_deadline() -> None:
    """Guard: is_held in ask_capture."""
    payment = authorized()
    assert payment.order is not None
    payment.order.hold(OrderHold.Reason.STAFF, "look at this")

    with pytest.raises(NotPossible, match=r"in review\. Close the review first\."):
        ask_capture(payment, euros(1800))
    by_deadline = ask_capture(payment, euros(1800), despite_review=True)

    assert by_deadline.status == "ready"


@pytest.mark.parametrize("despite_review", [False, True])
def test_what_is_to_go_back_is_not_captured(despite_review: bool) -> None:
    called_off = authorized(order=OrderFactory(cancel_requested_at=timezone.now()))
    second = authorized(stripe_payment_intent_id="pi_second", purpose="extra")

    for payment, why in [(called_off, "being cancelled"), (second, "a second payment")]:
        with pytest.raises(NotPossible, match=why):
            ask_capture(payment, euros(1800), despite_review=despite_review)


def test_a_payment_of_no_order_is_left_alone() -> None:
    payment = authorized(order=None)

    with pytest.raises(NotPossible, match="belongs to no order"):
        ask_capture(payment, euros(1800))


def test_what_was_not_captured_is_released_and_not_refunded() -> None:
    with pytest.raises(NotPossible, match="Release the authorization instead"):
        ask_refund(authorized(), euros(1800), reason="x")


@pytest.mark.parametrize(("amount", "possible"), [(1300, True), (1301, False), (0, False)])
def test_refunds_never_exceed_what_was_captured(
    stand_in: StandIn, amount: int, possible: bool
) -> None:
    """M07, M08. Guard: _check_amount in ask_refund."""
    _, payment = captured_at_stripe(stand_in)
    ask_refund(payment, euros(500), reason="first")
    perform_all()

    try:
        request = ask_refund(payment, euros(amount), reason="second")
    except NotPossible:
        request = None

    assert (request is not None) is possible
    assert StripeRequest.objects.filter(kind="refund").count() == 1 + possible


def test_a_refund_carries_the_mark_by_which_it_is_found_again(stand_in: StandIn) -> None:
    order, payment = captured_at_stripe(stand_in)

    request = ask_refund(payment, euros(500), reason="late parcel", actor=UserFactory())
    perform_all()

    assert request.parameters == {
        "payment_intent": payment.stripe_payment_intent_id,
        "amount": 500,
        "reason": "requested_by_customer",
        "metadata": {"request": str(request.pk), "order": str(order.pk)},
    }
    made = stand_in.api("refunds")["data"]
    assert [(refund["amount"], refund["metadata"]["request"]) for refund in made] == [
        (500, str(request.pk))
    ]


def test_an_expiry_is_asked_for_once_and_only_of_an_open_page(stand_in: StandIn) -> None:
    session = start()

    first, second = ask_expiry(session), ask_expiry(session)
    perform_all()
    third = ask_expiry(session)
    complete = paid(stand_in, start())

    assert first is not None
    assert first == second
    assert (third, ask_expiry(complete)) == (None, None)


def test_what_is_asked_for_in_a_transaction_that_fails_is_not_asked_for() -> None:
    payment = authorized()

    with transaction.atomic():
        ask_capture(payment, euros(1800))
        transaction.set_rollback(True)

    assert not StripeRequest.objects.exists()
    assert not MoneyAction.objects.exists()


def test_a_capture_that_stripe_refuses_leaves_the_hold(stand_in: StandIn) -> None:
    order, payment = held(stand_in)
    stand_in.fail("/capture", status=400)
    stripe_requests.ask_capture(payment, order.due)

    done = perform_all()
    order, payment = settled(payment)

    assert done == ["capture: refused: The request was refused on demand."]
    assert (order.status, payment.status, payment.open_request()) == (
        "confirmed",
        "authorized",
        None,
    )


def test_an_expiry_waits_for_the_order_before_it_locks_the_page(stand_in: StandIn) -> None:
    """Guard: ask_expiry locks as settle does, order first; else the two block each other."""
    session = start()
    assert session.order_id

    with ThreadPoolExecutor(1) as aside:
        with transaction.atomic():
            Order.objects.select_for_update().get(pk=session.order_id)
            asking = aside.submit(lambda: at_once([partial(ask_expiry, session)]))
            eventually(waiting_for_locks)
            CheckoutSession.objects.select_for_update(nowait=True).get(pk=session.pk)
        (answer,) = asking.result()

    assert not isinstance(answer, Exception)
    assert StripeRequest.objects.filter(kind="expire_session").count() == 1


# K12
def test_a_refund_that_was_given_up_leaves_no_room_for_another(stand_in: StandIn) -> None:
    """It may have been carried out, or be: what is asked for beside it must fit."""
    _, payment = captured_at_stripe(stand_in)
    dead = ask_refund(payment, euros(1000), reason="damaged")
    StripeRequest.objects.filter(pk=dead.pk).update(status="dead")

    with pytest.raises(NotPossible, match=r"10\.00 EUR was given up"):
        ask_refund(payment, euros(1800), reason="again")
    second = ask_refund(payment, euros(800), reason="the rest")

    assert (second.amount, stripe_requests.refundable(payment)) == (800, euros(0))


# K12
def test_calling_off_asks_for_no_second_refund(stand_in: StandIn) -> None:
    _, payment = captured_at_stripe(stand_in)
    dead = ask_refund(payment, euros(1800), reason="damaged")
    StripeRequest.objects.filter(pk=dead.pk).update(status="dead")

    stripe_requests.send_back(payment, reason="called off")

    assert StripeRequest.objects.filter(kind="refund").count() == 1
