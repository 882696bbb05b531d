"""Money moves once, whatever is pressed, lost or repeated."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from payments import stripe_requests, webhooks
from payments.models import MoneyAction, Payment, StripeRequest
from payments.settlement import perform
from payments.stripe_requests import NotPossible
from shop import work
from shop.accounts.models import User
from shop.catalog.models import Price
from shop.money import Money
from tests.support.books import assert_adds_up
from tests.support.clocks import move_clocks
from tests.support.concurrency import at_once
from tests.support.factories import PriceFactory, UserFactory
from tests.support.purchases import (
    authorized,
    captured,
    counted,
    do_the_work,
    order_of,
    start,
    try_now,
)
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

EUR_18 = Money(1800, "eur")


@pytest.fixture
def price() -> Price:
    return PriceFactory()


@pytest.fixture
def ana() -> User:
    return UserFactory()


@pytest.fixture
def held(stand_in: StandIn, price: Price, settings: Any) -> Payment:
    """A payment that waits for staff."""
    settings.CAPTURE_POLICY = "staff"
    payment = authorized(stand_in, price)
    do_the_work()
    return payment


# -- pressed more than once ------------------------------------------------------------------------


def test_ten_captures_at_once(stand_in: StandIn, held: Payment, ana: User) -> None:
    """Guards: the payment is locked, one open request per payment, then the status."""

    def press() -> str:
        request = stripe_requests.ask_capture(held, EUR_18, actor=ana)
        work.run(StripeRequest, request.pk, perform.perform)
        return "captured"

    answers = at_once([press] * 10)

    assert answers.count("captured") == 1
    assert {type(answer) for answer in answers} == {str, NotPossible}
    assert executed(stand_in, "/capture") == 1
    assert StripeRequest.objects.filter(kind="capture").count() == 1
    assert [action.actor_name for action in MoneyAction.objects.all()] == [str(ana)]
    assert now(held).status == "captured"
    assert_adds_up(stand_in, order_of(held))


def test_capture_and_release_at_once(stand_in: StandIn, held: Payment, ana: User) -> None:
    """Guard: one open capture or release per payment; the second one is told who was first."""
    answers = at_once(
        [
            lambda: stripe_requests.ask_capture(held, EUR_18, actor=ana),
            lambda: stripe_requests.ask_release(held, reason="too late", actor=ana),
        ]
    )
    do_the_work()

    refused = [str(answer) for answer in answers if isinstance(answer, NotPossible)]
    assert len(refused) == 1
    assert refused[0].startswith(f"{ana} asked for a ")
    assert executed(stand_in, "/capture") + executed(stand_in, "/cancel") == 1
    assert_adds_up(stand_in, order_of(held))


def test_ten_refunds_at_once(stand_in: StandIn, price: Price, ana: User) -> None:
    """Guards: the payment is locked, a request under way, then what is left of the money."""
    payment = captured(stand_in, price)

    def press() -> str:
        request = stripe_requests.ask_refund(payment, EUR_18, reason="broken", actor=ana)
        work.run(StripeRequest, request.pk, perform.perform)
        return "refunded"

    answers = at_once([press] * 10)

    assert answers.count("refunded") == 1
    assert {type(answer) for answer in answers} == {str, NotPossible}
    assert executed(stand_in, "/v1/refunds") == 1
    assert now(payment).refunded == EUR_18
    assert_adds_up(stand_in, order_of(payment))


def test_parts_are_refunded_up_to_what_was_taken(
    stand_in: StandIn, price: Price, ana: User
) -> None:
    """Guard: what was refunded is summed up under the payment's lock. 5 × 5.00 of 18.00 is 15."""
    payment = captured(stand_in, price)

    def press() -> None:
        while True:
            try:
                request = stripe_requests.ask_refund(
                    payment, Money(500, "eur"), reason="late", actor=ana
                )
            except NotPossible as error:
                if "under way" in str(error):
                    continue
                raise
            work.run(StripeRequest, request.pk, perform.perform)
            return

    answers = at_once([press] * 5)

    assert [answer for answer in answers if answer is None] == [None] * 3
    assert now(payment).refunded == Money(1500, "eur")
    assert_adds_up(stand_in, order_of(payment))


def test_refunded_in_the_dashboard_meanwhile(stand_in: StandIn, price: Price, ana: User) -> None:
    """Guard: what is left is read before anything is sent; what was found comes into the books."""
    payment = captured(stand_in, price)
    stand_in.call("refunds", payment_intent=payment.stripe_payment_intent_id)

    request = stripe_requests.ask_refund(payment, EUR_18, reason="broken", actor=ana)
    try_now(request)
    do_the_work()

    assert (request.status, request.outcome) == ("done", "overtaken")
    assert executed(stand_in, "/v1/refunds") == 1
    assert now(payment).refunded == EUR_18
    assert order_of(payment).status == "cancelled"
    assert counted(price) == (10, 0)
    assert_adds_up(stand_in, order_of(payment))


# -- answers that were lost ------------------------------------------------------------------------


def test_answer_to_a_capture_is_lost(stand_in: StandIn, held: Payment, ana: User) -> None:
    """Guard: an unknown outcome is no failure; the same key is sent again."""
    stand_in.fail("/capture$", when="after", reset=True)

    request = stripe_requests.ask_capture(held, EUR_18, actor=ana)
    try_now(request)
    meanwhile = (request.status, now(held).status, now(held).open_request())
    try_now(request)

    calls = stand_in.requests_made("/capture")
    assert meanwhile == ("ready", "authorized", request)
    assert [(call["executed"], call["replayed"]) for call in calls] == [
        (True, False),
        (False, True),
    ]
    assert {call["idempotency_key"] for call in calls} == {request.key}
    assert (request.status, now(held).status) == ("done", "captured")
    assert_adds_up(stand_in, order_of(held))


def test_a_500_that_stripe_repeats_for_ever(stand_in: StandIn, held: Payment, ana: User) -> None:
    """Guard: after three answers of 5xx the payment is read before anything is sent again."""
    stand_in.fail("/capture$", when="after", status=500)

    request = stripe_requests.ask_capture(held, EUR_18, actor=ana)
    attempts = attempts_until_done(request)

    assert (request.outcome, attempts) == ("seen", 4)
    assert executed(stand_in, "/capture") == 1
    assert len(stand_in.requests_made("/capture")) == 3
    assert now(held).status == "captured"
    assert_adds_up(stand_in, order_of(held))


def test_a_500_that_did_nothing(stand_in: StandIn, held: Payment, ana: User) -> None:
    """Guard: only after a read that shows nothing the next key is taken."""
    stand_in.fail("/capture$", when="before", status=500, times=3)

    request = stripe_requests.ask_capture(held, EUR_18, actor=ana)
    first_key = request.key
    attempts_until_done(request)

    assert request.outcome == "carried out"
    assert request.key == first_key.replace(":g1", ":g2")
    assert executed(stand_in, "/capture") == 1
    assert now(held).captured == EUR_18


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_refund_older_than_its_key(stand_in: StandIn, price: Price, ana: User, when: str) -> None:
    """Guard: after 23 h Stripe may have forgotten the key, so its refunds are read first."""
    payment = captured(stand_in, price)
    stand_in.fail("/v1/refunds$", method="POST", when=when, reset=True)
    request = stripe_requests.ask_refund(payment, Money(500, "eur"), reason="late", actor=ana)
    try_now(request)

    a_day_later(stand_in, request)
    try_now(request)
    if when == "before":
        the_list_was_empty_for_a_while(request)
        try_now(request)

    assert request.outcome == {"before": "carried out", "after": "seen"}[when]
    assert request.generation == {"before": 2, "after": 1}[when]
    assert executed(stand_in, "/v1/refunds") == 1
    assert now(payment).refunded == Money(500, "eur")
    assert_adds_up(stand_in, order_of(payment))


def test_a_session_older_than_its_key(stand_in: StandIn, price: Price) -> None:
    """Guard: as above; a session that was made is found by what we wrote on it."""
    stand_in.fail("/v1/checkout/sessions$", method="POST", when="after", reset=True)
    session = start(price)
    request = session.requests.get()

    a_day_later(stand_in, request)
    try_now(request)

    assert executed(stand_in, "/v1/checkout/sessions") == 1
    session.refresh_from_db()
    assert session.order
    assert (session.status, session.order.status) == ("expired", "expired")
    assert counted(price) == (10, 0)
    assert_adds_up(stand_in, session.order)


def test_a_customer_pays_before_the_answer_is_known(stand_in: StandIn, price: Price) -> None:
    """Guard: the order stands before the call, and is found by what we wrote on the session."""
    stand_in.fail("/v1/checkout/sessions$", method="POST", when="after", reset=True)
    session = start(price)
    made = stand_in.api("checkout/sessions")["data"]
    stand_in.pay(made[0]["id"])

    webhooks.pull(livemode=False)
    do_the_work()

    session.refresh_from_db()
    assert (session.stripe_session_id, session.status) == (made[0]["id"], "complete")
    assert session.order
    assert session.order.status == "confirmed"
    try_now(session.requests.get())
    do_the_work()
    assert executed(stand_in, "/v1/checkout/sessions") == 1
    assert session.payments.get().captured == EUR_18
    assert_adds_up(stand_in, session.order)


# -- helpers, in the order they are called ---------------------------------------------------------


def executed(stand_in: StandIn, path: str) -> int:
    return len(stand_in.executed(path))


def now(payment: Payment) -> Payment:
    payment.refresh_from_db()
    return payment


def attempts_until_done(request: StripeRequest) -> int:
    for attempt in range(1, 8):
        try_now(request)
        if not request.is_open:
            return attempt
    raise AssertionError(f"{request} is not done: {request.last_error}")


def the_list_was_empty_for_a_while(request: StripeRequest) -> None:
    """So long that Stripe would show the refund by now if it had been made."""
    assert request.status == "ready"
    assert request.empty_since is not None
    request.empty_since -= perform.LISTS_LAG
    request.save(update_fields=["empty_since"])


def a_day_later(stand_in: StandIn, request: StripeRequest) -> None:
    """So long after the first call that Stripe has forgotten its key."""
    move_clocks(stand_in, hours=25)
    request.first_sent_at = timezone.now() - timedelta(hours=25)
    request.save(update_fields=["first_sent_at"])
