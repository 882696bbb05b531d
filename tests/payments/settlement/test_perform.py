"""Calls to Stripe: carried out once, repeated under the same key, looked after before a new one."""

import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from django.utils import timezone

from payments import stripe_requests
from payments.models import CheckoutSession, Payment, StripeRequest
from shop import work
from shop.models import StripeAccount
from shop.money import Money
from shop.orders.models import Order
from shop.stripe_client import account
from shop.stripe_client.accounts import _fingerprint
from tests.support.factories import PriceFactory
from tests.support.purchases import captured_at_stripe, counted, held, perform, start
from tests.support.stand_in import StandIn

pytestmark = pytest.mark.django_db(transaction=True)

HOUR = timedelta(hours=1)


def capture_asked(stand_in: StandIn) -> tuple[Payment, StripeRequest]:
    order, payment = held(stand_in)
    return payment, stripe_requests.ask_capture(payment, order.due)


def first_sent(request: StripeRequest, *, ago: timedelta) -> None:
    StripeRequest.objects.filter(pk=request.pk).update(first_sent_at=timezone.now() - ago)


def test_a_capture_is_carried_out_and_settled_in_one(stand_in: StandIn) -> None:
    payment, request = capture_asked(stand_in)

    request = perform(request)
    again = perform(request)

    payment.refresh_from_db()
    assert (request.status, request.outcome, request.attempts, again.attempts) == (
        "done",
        "carried out",
        1,
        1,
    )
    assert request.stripe_request_id.startswith("req_")
    assert (payment.status, payment.captured_amount) == ("captured", 1800)
    assert len(stand_in.executed("/capture")) == 1


def test_an_answer_that_was_lost_is_fetched_under_the_same_key(stand_in: StandIn) -> None:
    """M05, A04. Guard: the key is stored with the row."""
    _, request = capture_asked(stand_in)
    stand_in.fail("/capture", when="after", reset=True)

    lost = perform(request)
    meanwhile = Payment.objects.get().open_request()
    repeated = perform(request)

    calls = stand_in.requests_made("/capture")
    assert (lost.status, lost.last_error.split(":")[:2]) == (
        "ready",
        ["OutcomeUnknown", " no answer"],
    )
    assert meanwhile == request
    assert (repeated.status, repeated.outcome, repeated.generation) == ("done", "carried out", 1)
    assert {call["idempotency_key"] for call in calls} == {request.key}
    assert [call["executed"] for call in calls].count(True) == 1


@pytest.mark.parametrize("status", [409, 429])
def test_try_later_is_tried_later_under_the_same_key(stand_in: StandIn, status: int) -> None:
    """A01, A07."""
    _, request = capture_asked(stand_in)
    stand_in.fail("/capture", status=status, times=4)

    states = [perform(request).status for _ in range(5)]

    request.refresh_from_db()
    assert states == ["ready"] * 4 + ["done"]
    assert (request.generation, len(stand_in.executed("/capture"))) == (1, 1)


@pytest.mark.parametrize("status", [401, 403])
def test_a_key_that_is_refused_stops_the_calls_for_minutes(stand_in: StandIn, status: int) -> None:
    """A08: a person must mend it; the row waits and loses nothing."""
    _, request = capture_asked(stand_in)
    stand_in.fail("/capture", status=status)

    request = perform(request)

    wait = request.run_at - timezone.now()
    assert (request.status, request.generation) == ("ready", 1)
    assert timedelta(minutes=4) < wait <= timedelta(minutes=5)
    assert perform(request).status == "done"


def test_a_stored_500_is_looked_behind_before_a_new_key(stand_in: StandIn) -> None:
    """A02: nothing was done, so the next generation may call. Guard: sending._must_look_first."""
    _, request = capture_asked(stand_in)
    stand_in.fail("/capture", status=500, times=3)

    states = [perform(request).status for _ in range(4)]

    request.refresh_from_db()
    payment = Payment.objects.get()
    assert states == ["ready"] * 3 + ["done"]
    assert (request.generation, request.key[-3:]) == (2, ":g2")
    assert (payment.status, payment.captured_amount) == ("captured", 1800)


# U1
def test_the_status_decides_and_not_the_words_of_an_error(stand_in: StandIn) -> None:
    """The look itself went wrong in other words; what the call was answered still stands."""
    _, request = capture_asked(stand_in)
    stand_in.fail("/capture", status=500, times=3)
    for _ in range(3):
        request = perform(request)
    assert (request.status, request.last_status) == ("ready", 500)
    StripeRequest.objects.filter(pk=request.pk).update(last_error="OutcomeUnknown: no answer")

    request = perform(request)

    assert (request.status, request.generation, request.last_status) == ("done", 2, 200)


# U1
def test_a_call_without_an_answer_has_no_status(stand_in: StandIn) -> None:
    """A word that begins like a status is none: the key is kept, for the call may be on its way."""
    _, request = capture_asked(stand_in)
    stand_in.fail("/capture", when="before", reset=True)
    request = perform(request)
    StripeRequest.objects.filter(pk=request.pk).update(
        attempts=5, last_error="OutcomeUnknown: 5 seconds were not enough"
    )

    lost, request = request, perform(request)

    assert (lost.status, lost.last_status) == ("ready", None)
    assert (request.status, request.generation, request.last_status) == ("done", 1, 200)


def test_a_stored_500_of_a_call_that_was_carried_out_is_seen(stand_in: StandIn) -> None:
    """Guard: _done_after_all; a blind new key would be refused, or be a second refund."""
    _, payment = captured_at_stripe(stand_in)
    request = stripe_requests.ask_refund(payment, payment.captured, reason="late")
    stand_in.fail("/v1/refunds", method="POST", status=500, when="after", times=3)

    states = [perform(request).status for _ in range(4)]

    request.refresh_from_db()
    payment.refresh_from_db()
    assert states == ["ready"] * 3 + ["done"]
    assert (request.outcome, request.generation) == ("seen", 1)
    assert payment.refunded.amount == 1800
    assert len(stand_in.api("refunds")["data"]) == 1


def test_below_three_attempts_the_key_is_kept(stand_in: StandIn) -> None:
    _, request = capture_asked(stand_in)
    stand_in.fail("/capture", status=503, times=2)

    perform(request)
    request = perform(request)

    assert (request.generation, request.last_error[:19]) == (1, "OutcomeUnknown: 503")


@pytest.mark.parametrize(
    ("when", "generation", "outcome"), [("before", 2, "carried out"), ("after", 1, "seen")]
)
def test_a_key_that_may_be_forgotten_is_not_used_blindly(
    stand_in: StandIn, when: str, generation: int, outcome: str
) -> None:
    """A06. Guard: KEY_LIFE."""
    _, request = capture_asked(stand_in)
    stand_in.fail("/capture", when=when, reset=True)
    perform(request)
    first_sent(request, ago=24 * HOUR)

    request = perform(request)

    assert (request.status, request.generation, request.outcome) == ("done", generation, outcome)
    assert len(stand_in.executed("/capture")) == 1


def test_within_its_life_the_key_is_trusted(stand_in: StandIn) -> None:
    _, request = capture_asked(stand_in)
    stand_in.fail("/capture", when="before", reset=True)
    perform(request)
    first_sent(request, ago=22 * HOUR)

    assert (perform(request).generation, request.key[-3:]) == (1, ":g1")


@pytest.mark.parametrize(("when", "generation"), [("before", 2), ("after", 1)])
def test_a_page_that_was_made_long_ago_is_found_again(
    stand_in: StandIn, when: str, generation: int
) -> None:
    stand_in.fail("/v1/checkout/sessions$", method="POST", when=when, reset=True)
    session = start()
    request = session.requests.get()
    first_sent(request, ago=24 * HOUR)

    request = perform(request)

    session.refresh_from_db()
    assert (request.status, request.generation, session.url != "") == ("done", generation, True)
    assert len(stand_in.executed("/v1/checkout/sessions")) == 1


def test_a_refusal_ends_the_request(stand_in: StandIn) -> None:
    _, request = capture_asked(stand_in)
    stand_in.fail("/capture", status=400)

    request = perform(request)

    assert (request.status, request.outcome, request.detail, request.attempts) == (
        "done",
        "refused",
        "The request was refused on demand.",
        1,
    )
    assert request.last_status == 400
    assert Payment.objects.get().status == "authorized"


def test_captured_by_somebody_else_meanwhile(stand_in: StandIn) -> None:
    """M06: the Dashboard was faster; our request is refused and the fact is taken over."""
    payment, request = capture_asked(stand_in)
    stand_in.call(f"payment_intents/{payment.stripe_payment_intent_id}/capture")

    request = perform(request)

    payment.refresh_from_db()
    assert request.outcome == "refused"
    assert "(payment_intent_unexpected_state)" in request.detail
    assert request.stripe_request_id.startswith("req_")
    assert (payment.status, payment.captured_amount) == ("captured", 1800)


def test_the_parameters_are_those_of_the_day_it_was_asked(stand_in: StandIn, settings: Any) -> None:
    """A05. Guard: parameters stored in the row."""
    stand_in.fail("/v1/checkout/sessions$", method="POST", when="after", reset=True)
    session = start()
    request = session.requests.get()
    settings.SITE_URL, settings.CAPTURE_POLICY = "https://moved.example", "automatic"
    Order.objects.update(subtotal=1)

    request = perform(request)

    # With other parameters under the same key Stripe refuses.
    calls = stand_in.requests_made("/v1/checkout/sessions")
    assert (request.status, request.outcome) == ("done", "opened")
    assert [(call["executed"], call["replayed"]) for call in calls] == [
        (True, False),
        (False, True),
    ]


# -- refunds that could be made twice --------------------------------------------------------------


def refunded_at_stripe(stand_in: StandIn) -> list[int]:
    return sorted(refund["amount"] for refund in stand_in.api("refunds")["data"])


def given_up(stand_in: StandIn, payment: Payment, amount: int) -> StripeRequest:
    """A refund whose call never got an answer, until it was given up."""
    request = stripe_requests.ask_refund(payment, Money(amount, "eur"), reason="damaged")
    stand_in.fail("/v1/refunds", method="POST", when="before", reset=True)
    perform(request)
    StripeRequest.objects.filter(pk=request.pk).update(status="dead")
    request.refresh_from_db()
    return request


def revived(request: StripeRequest) -> StripeRequest:
    """The same after a person gave it a new life, and the list was empty for a while."""
    work.revive(StripeRequest.objects.filter(pk=request.pk))
    believe_the_list(perform(request))
    return perform(request)


def believe_the_list(request: StripeRequest) -> None:
    """Some time goes by, in which the list has shown nothing."""
    assert (request.status, request.empty_since is not None) == ("ready", True)
    StripeRequest.objects.filter(pk=request.pk).update(empty_since=timezone.now() - HOUR)


# K12
def test_a_lagging_list_makes_no_second_refund(stand_in: StandIn) -> None:
    """It was carried out under three stored 500s, and Stripe's list does not show it yet."""
    _, payment = captured_at_stripe(stand_in)
    request = stripe_requests.ask_refund(payment, Money(700, "eur"), reason="damaged")
    stand_in.fail("/v1/refunds", method="POST", status=500, when="after", times=3)
    stand_in.ask("lag", {"seconds": 3600})

    for _ in range(4):
        lagging = perform(request)
    StripeRequest.objects.update(empty_since=timezone.now() - HOUR)
    still_lagging = perform(request)
    stand_in.ask("lag", {"seconds": 0})
    seen = perform(request)

    assert (lagging.status, still_lagging.status) == ("ready", "ready")
    assert (seen.status, seen.outcome) == ("done", "seen")
    assert len(stand_in.executed("/v1/refunds")) == 1
    assert refunded_at_stripe(stand_in) == [700]


# K3
def test_a_page_that_is_not_listed_yet_keeps_no_buyer_waiting(stand_in: StandIn) -> None:
    """It was made under a 500, and nobody was told its address: nobody can pay it."""
    stand_in.fail("/v1/checkout/sessions$", method="POST", status=500, when="after", times=1)
    stand_in.ask("lag", {"seconds": 3600})
    request = start().requests.get()

    for _ in range(2):
        opened = perform(request)

    assert (opened.status, opened.outcome, opened.generation) == ("done", "opened", 2)
    assert len(stand_in.executed("/v1/checkout/sessions")) == 2


# K12
def test_a_revived_refund_asks_for_what_is_left(stand_in: StandIn) -> None:
    """Somebody refunded a part in the Dashboard meanwhile."""
    _, payment = captured_at_stripe(stand_in)
    request = given_up(stand_in, payment, 1800)
    stand_in.call("refunds", payment_intent=payment.stripe_payment_intent_id, amount=500)

    request = revived(request)

    assert (request.status, request.outcome, request.generation) == ("done", "carried out", 2)
    assert refunded_at_stripe(stand_in) == [500, 1300]


# K12
def test_a_revived_refund_of_what_went_back_already_is_overtaken(stand_in: StandIn) -> None:
    _, payment = captured_at_stripe(stand_in)
    request = given_up(stand_in, payment, 1800)
    stand_in.call("refunds", payment_intent=payment.stripe_payment_intent_id)

    request = revived(request)

    assert (request.status, request.outcome) == ("done", "overtaken")
    assert refunded_at_stripe(stand_in) == [1800]


# K12
def test_refunds_that_were_given_up_leave_each_other_room(stand_in: StandIn) -> None:
    """Both may be carried out yet: together they never send more than was taken."""
    _, payment = captured_at_stripe(stand_in)
    first = given_up(stand_in, payment, 1000)
    second = given_up(stand_in, payment, 800)
    StripeRequest.objects.filter(pk=second.pk).update(amount=1500)

    first = revived(first)

    assert (first.status, first.amount) == ("done", 300)
    assert refunded_at_stripe(stand_in) == [300]


# K12
def test_what_was_revived_and_had_been_made_is_seen(stand_in: StandIn) -> None:
    _, payment = captured_at_stripe(stand_in)
    request = stripe_requests.ask_refund(payment, Money(500, "eur"), reason="damaged")
    stand_in.fail("/v1/refunds", method="POST", when="after", reset=True)
    perform(request)
    StripeRequest.objects.filter(pk=request.pk).update(status="dead")
    work.revive(StripeRequest.objects.all())

    request = perform(request)

    assert (request.status, request.outcome, refunded_at_stripe(stand_in)) == (
        "done",
        "seen",
        [500],
    )


# -- answers that are none -------------------------------------------------------------------------


class Oddity(BaseHTTPRequestHandler):
    status, body = 200, b""

    def do_GET(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    do_POST = do_GET  # noqa: N815 - the library's name

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@pytest.fixture
def oddity() -> Iterator[str]:
    """Answers with `Oddity.status` and `Oddity.body`, as a captive portal or a proxy does."""
    server = HTTPServer(("127.0.0.1", 0), Oddity)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("body", [b"<html>Please log in</html>", b"", b"{}", b"[]", b"null", b"{"])
def test_an_answer_that_makes_no_sense_is_no_answer(
    stand_in: StandIn, settings: Any, oddity: str, body: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A11."""
    payment, request = capture_asked(stand_in)
    real = settings.STRIPE_API_BASE
    monkeypatch.setattr(Oddity, "body", body)
    settings.STRIPE_API_BASE = oddity

    lost = perform(request)
    settings.STRIPE_API_BASE = real
    repeated = perform(request)

    payment.refresh_from_db()
    assert (lost.status, repeated.status, repeated.generation) == ("ready", "done", 1)
    assert payment.captured_amount == 1800


NOT_STRIPES = [
    (400, b"<html><h1>400 Bad Request</h1></html>"),
    (402, b"<html>Your plan has run out</html>"),
    (404, b"<html><h1>404 Not Found</h1></html>"),
    (405, b""),
    (408, b"<html>Request Time-out</html>"),
    (413, b"<html>Too large</html>"),
    (421, b"<html>Misdirected Request</html>"),
    (400, b'{"message": "no route"}'),
    (404, b'{"error": {"message": "no such upstream"}}'),
    (400, b'{"error": {"type": "proxy_error", "message": "no"}}'),
    (408, b'{"error": {"type": "invalid_request_error", "message": "took too long"}}'),
    (400, b'{"error": {"type": "idempotency_error", "message": "Keys for idempotent requests"}}'),
]


# K11
@pytest.mark.parametrize(("status", "body"), NOT_STRIPES)
def test_a_4xx_from_something_in_between_is_not_stripes_no(
    stand_in: StandIn,
    settings: Any,
    oddity: str,
    status: int,
    body: bytes,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Neither the page nor the capture is given up: the same call goes out again."""
    payment, capture = capture_asked(stand_in)
    known = account()
    real = settings.STRIPE_API_BASE
    monkeypatch.setattr(Oddity, "status", status)
    monkeypatch.setattr(Oddity, "body", body)
    settings.STRIPE_API_BASE = oddity
    StripeAccount.objects.create(key_fingerprint=_fingerprint(), account=known)
    session = start()
    page = session.requests.get()
    lost = perform(capture)
    waiting = (Order.objects.get(checkout_sessions=session).status, page.status, lost.status)
    settings.STRIPE_API_BASE = real

    perform(page)
    perform(capture)

    session.refresh_from_db()
    payment.refresh_from_db()
    assert waiting == ("pending", "ready", "ready")
    assert session.url.startswith(stand_in.url)
    assert payment.captured_amount == 1800


# K11
def test_a_key_that_stripe_takes_for_another_calls_is_looked_after(stand_in: StandIn) -> None:
    """The page of that other call is the page of this request."""
    stand_in.fail("/v1/checkout/sessions$", status=429)
    session = start()
    request = session.requests.get()
    StripeRequest.objects.update(parameters={**request.parameters, "locale": "de"})
    stand_in.fail("/v1/checkout/sessions$", reset=True, when="after")
    perform(request)
    StripeRequest.objects.update(parameters=request.parameters)

    states = [perform(request).status for _ in range(3)]

    session.refresh_from_db()
    assert (states[0], states[-1], session.status) == ("ready", "done", "open")
    assert session.url.startswith(stand_in.url)
    assert len(stand_in.executed("/v1/checkout/sessions")) == 1


def test_nobody_there(stand_in: StandIn, settings: Any) -> None:
    """A13: refused connections; the order waits, and its page is made later."""
    known = account()
    real, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://127.0.0.1:9"
    StripeAccount.objects.create(key_fingerprint=_fingerprint(), account=known)
    session = start()
    request = session.requests.get()
    waiting = (session.url, request.status)
    settings.STRIPE_API_BASE = real

    perform(request)

    session.refresh_from_db()
    assert waiting == ("", "ready")
    assert session.url.startswith(stand_in.url)


# -- another account (K1) --------------------------------------------------------------------------


def of_another_account(session_or_payment: CheckoutSession | Payment) -> StripeRequest:
    """Its request, as it is once a key of another account is set."""
    request = session_or_payment.requests.get()
    type(session_or_payment).objects.update(account="acct_other/test")
    StripeRequest.objects.update(account="acct_other/test")
    return request


# K1
def test_a_request_of_another_account_is_never_sent_with_the_present_key(
    stand_in: StandIn,
) -> None:
    payment, _ = capture_asked(stand_in)
    request = of_another_account(payment)

    waiting = perform(request)
    calls = stand_in.requests_made("/capture")
    StripeRequest.objects.update(account=account())
    Payment.objects.update(account=account())
    done = perform(request)

    assert (waiting.status, calls) == ("ready", [])
    assert waiting.last_error == (
        "OfAnotherAccount: It belongs to the Stripe account acct_other/test; the present key is of"
        f" {account()}."
    )
    assert (done.status, done.outcome) == ("done", "carried out")


# K1
def test_a_page_that_was_to_be_made_in_another_account_is_given_up(stand_in: StandIn) -> None:
    stand_in.fail("/v1/checkout/sessions$", status=500, times=9)
    price = PriceFactory()
    session = start(price)
    request = of_another_account(session)
    StripeRequest.objects.update(first_sent_at=None)

    closed = perform(request)

    session.refresh_from_db()
    order = Order.objects.get()
    assert (closed.status, closed.result) == (
        "done",
        "refused: it was to be made in another Stripe account, acct_other/test",
    )
    assert (session.status, order.status, order.cancel_reason) == (
        "expired",
        "cancelled",
        "refused",
    )
    assert counted(price) == (10, 0)


# K1
def test_a_page_that_may_have_been_made_in_another_account_is_waited_out(
    stand_in: StandIn,
) -> None:
    """Nobody learned its address; once it has run out, nobody ever can."""
    stand_in.fail("/v1/checkout/sessions$", status=500, times=9)
    price = PriceFactory()
    session = start(price)
    request = of_another_account(session)

    waiting = perform(request).status
    CheckoutSession.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    closed = perform(request)

    assert (waiting, closed.status, closed.outcome) == ("ready", "done", "refused")
    assert counted(price) == (10, 0)
