"""The inbox: what is stored, what is refused, and what becomes of an event."""

import contextlib
import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import requests
import time_machine
from django.db import DataError, connection
from django.db.models.signals import post_init
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from fulfillment.documents.models import Document, DocumentCounter
from payments import webhooks
from payments.models import CheckoutSession, MoneyEntry, Payment, StripeRequest, WebhookEvent
from payments.webhook_view import WEBHOOK_LIMIT
from shop import work
from shop.models import Installation
from shop.orders.models import Order
from tests.payments.deliveries import deliver, digest, event, signature
from tests.support.properties import examples
from tests.support.purchases import captured_at_stripe, held, paid, perform, process, start
from tests.support.stand_in import StandIn
from tests.support.web_server import sent_raw, web_server

pytestmark = pytest.mark.django_db(transaction=True)

PLAIN = json.dumps(event()).encode()


def stored() -> list[str]:
    return list(WebhookEvent.objects.values_list("stripe_event_id", flat=True))


# -- stored ----------------------------------------------------------------------------------------


def test_a_signed_event_is_stored_as_it_came(client: Client) -> None:
    delivered = event(
        "payment_intent.succeeded",
        id="pi_1",
        object="payment_intent",
        metadata={"shop": "abc", "order": "o1"},
    )

    answer = deliver(client, delivered)

    row = WebhookEvent.objects.get()
    assert answer.status_code == 200
    assert row.payload == delivered
    assert (row.stripe_event_id, row.type, row.api_version, row.livemode) == (
        delivered["id"],
        "payment_intent.succeeded",
        "2026-10-28.endive",
        False,
    )
    assert (row.object_id, row.payment_intent_id, row.metadata_shop, row.metadata_order) == (
        "pi_1",
        "pi_1",
        "abc",
        "o1",
    )
    assert (row.status, row.outcome, row.attempts) == ("ready", "", 0)


def test_the_same_event_again_is_stored_once(client: Client) -> None:
    delivered = event()

    answers = [deliver(client, delivered).status_code for _ in range(5)]

    assert answers == [200] * 5
    assert stored() == [delivered["id"]]


def test_a_replay_within_the_tolerance_changes_nothing(client: Client) -> None:
    now = int(time.time())
    header = signature(PLAIN, at=now - 300)

    with time_machine.travel(now, tick=False):
        answers = [deliver(client, PLAIN, header).status_code for _ in range(2)]

    assert answers == [200, 200]
    assert len(stored()) == 1


def test_a_clock_a_little_ahead_is_no_forgery(client: Client) -> None:
    assert deliver(client, PLAIN, signature(PLAIN, at=int(time.time()) + 290)).status_code == 200


def test_while_a_secret_is_rolled_either_is_good(client: Client, settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRETS = ["whsec_new", "whsec_old"]
    bodies = [json.dumps(event()).encode() for _ in range(4)]
    now = int(time.time())
    signed = [digest(bodies[2], now, secret) for secret in ("whsec_other", "whsec_old")]
    both = f"t={now},v1={signed[0]},v1={signed[1]}"

    answers = [
        deliver(client, bodies[0], signature(bodies[0], secret="whsec_new")).status_code,
        deliver(client, bodies[1], signature(bodies[1], secret="whsec_old")).status_code,
        deliver(client, bodies[2], both).status_code,
        deliver(client, bodies[3]).status_code,
    ]

    assert answers == [200, 200, 200, 400]
    assert len(stored()) == 3


def test_the_content_type_does_not_matter(client: Client) -> None:
    answer = client.post(
        "/webhook", PLAIN, content_type="text/plain", headers={"stripe-signature": signature(PLAIN)}
    )

    assert answer.status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        (r"a\u0000b", "ab"),
        (r"\\u0000", r"\u0000"),
        (r"\ud800!", "!"),
        (r"\ud83d\ude00", "\N{GRINNING FACE}"),
    ],
    ids=["NUL", "the letters of NUL", "half a pair", "a whole pair"],
)
def test_text_that_the_database_cannot_hold_is_left_out(
    client: Client, sent: str, kept: str
) -> None:
    body = PLAIN.replace(b"cs_test_nobody", sent.encode())

    answer = deliver(client, body)

    row = WebhookEvent.objects.get()
    assert answer.status_code == 200
    assert (row.object_id, row.payload["data"]["object"]["id"]) == (kept, kept)


@pytest.mark.django_db
@pytest.mark.parametrize("metadata", [None, [], ["shop"], "shop", 7, {"shop": ["x"], "order": 1}])
def test_odd_metadata_is_no_reason_to_refuse(client: Client, metadata: Any) -> None:
    answer = deliver(client, event(metadata=metadata))

    row = WebhookEvent.objects.get()
    assert answer.status_code == 200
    assert (row.metadata_shop, row.metadata_order) == ("", "")


def test_other_mode_is_parked_and_never_acted_on(client: Client, stand_in: StandIn) -> None:
    session = start()
    stand_in.pay(str(session.stripe_session_id))
    real = next(
        made
        for made in stand_in.api("events")["data"]
        if made["type"] == "checkout.session.completed"
    )

    answer = deliver(client, {**real, "livemode": True})
    row = process(WebhookEvent.objects.get())

    assert answer.status_code == 200
    assert (row.status, row.outcome, row.attempts) == ("done", "wrong_mode", 0)
    assert Order.objects.get().status == "pending"


# -- refused ---------------------------------------------------------------------------------------


def headers() -> dict[str, str]:
    """What is refused, as of now: a run may take longer than a signature is good for."""
    now = int(time.time())
    return {
        "none": "",
        "not ours": signature(PLAIN, secret="whsec_somebody_else"),
        "of another body": signature(PLAIN + b" "),
        "v0 only": f"t={now},v0={digest(PLAIN, now)}",
        "no moment": f"v1={digest(PLAIN, now)}",
        "moment is no number": f"t=now,v1={digest(PLAIN, now)}",
        "moment was changed": f"t={now + 1},v1={digest(PLAIN, now)}",
        "empty signature": f"t={now},v1=",
        "upper case": f"t={now},v1={digest(PLAIN, now).upper()}",
        "not ASCII": f"t={now},v1=é{digest(PLAIN, now)}",
        "commas": ",,,",
        "long": "t=1," * 5000,
        "older than five minutes": signature(PLAIN, at=now - 600),
        "ten minutes ahead": signature(PLAIN, at=now + 600),
        "a century ahead": signature(PLAIN, at=now + 3_155_760_000),
        "ahead behind another t": f"xt=1,{signature(PLAIN, at=now + 600)}",
        "negative": signature(PLAIN, at=-1),
    }


@pytest.mark.django_db
@pytest.mark.parametrize("name", headers())
def test_without_our_signature_nothing_is_stored(client: Client, name: str) -> None:
    """Guard: gateway._verify."""
    answer = deliver(client, PLAIN, headers()[name])

    assert (answer.status_code, answer.content) == (400, b"Not signed by Stripe.\n")
    assert stored() == []


def changed(**changes: Any) -> bytes:
    return json.dumps({**event(), **changes}).encode()


def without(name: str) -> bytes:
    delivered = event()
    del delivered[name]
    return json.dumps(delivered).encode()


BODIES = {
    "empty": b"",
    "not UTF-8": b"\xff\xfe" + PLAIN,
    "truncated": PLAIN[:-20],
    "no JSON": b"id=evt_1&object=event",
    "HTML": b"<html></html>",
    "deep list": b"[" * 100_000,
    "deep list, closed": b"[" * 100_000 + b"]" * 100_000,
    "deep object": b'{"data":' * 25_000,
    "list": b"[1]",
    "number": b"7",
    "text": b'"event"',
    "null": b"null",
    "true": b"true",
    "huge number": b"1" + b"0" * 5000,
    "empty object": b"{}",
    "thin event": json.dumps(
        {"id": "evt_1", "object": "v2.core.event", "type": "v1.billing.meter.no_meter_found"}
    ).encode(),
    "no data": without("data"),
    "data is null": changed(data=None),
    "data is a list": changed(data=[1]),
    "object is null": changed(data={"object": None}),
    "object is text": changed(data={"object": "cs_test_1"}),
    "no id": without("id"),
    "no type": without("type"),
    "no mode": without("livemode"),
    "no moment": without("created"),
    "moment is text": changed(created="soon"),
    "moment is null": changed(created=None),
    "moment beyond the calendar": changed(created=10**12),
    "moment beyond the platform": changed(created=2**62),
    "moment beyond measure": changed(created=10**40),
    "no number": PLAIN.replace(b"false", b"NaN"),
    "infinite": PLAIN.replace(b"false", b"1e999"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_what_is_no_event_is_refused_though_signed(client: Client, body: bytes) -> None:
    answer = deliver(client, body)

    assert (answer.status_code, stored()) == (400, [])


@examples(150)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    ),
    st.sampled_from(["id", "object", "type", "created", "livemode", "api_version", "data", "in"]),
)
def test_a_signed_event_with_anything_in_it_is_stored_or_refused(value: Any, name: str) -> None:
    delivered = event()
    if name == "in":
        delivered["data"]["object"] = {"id": value, "metadata": value, "payment_intent": value}
    else:
        delivered[name] = value
    before = WebhookEvent.objects.count()

    answer = deliver(Client(), delivered)

    assert answer.status_code in {200, 400}
    if answer.status_code == 400:
        assert WebhookEvent.objects.count() == before


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["get", "head", "put", "patch", "delete", "options"])
def test_only_post_is_taken(client: Client, method: str) -> None:
    answer = getattr(client, method)("/webhook", headers={"stripe-signature": signature(b"")})

    assert (answer.status_code, answer["Allow"]) == (405, "POST")


def padded(size: int) -> bytes:
    return PLAIN + b" " * (size - len(PLAIN))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("size", "status", "rows"),
    [(WEBHOOK_LIMIT, 200, 1), (WEBHOOK_LIMIT + 1, 413, 0), (300_000, 413, 0), (10_000_000, 413, 0)],
)
def test_a_body_has_a_limit(client: Client, size: int, status: int, rows: int) -> None:
    """Guard: views._too_large."""
    answer = deliver(client, padded(size))

    assert answer.status_code == status
    assert len(stored()) == rows


def test_a_length_that_is_no_number_is_too_large(client: Client) -> None:
    answer = client.generic(
        "POST", "/webhook", PLAIN, CONTENT_LENGTH="many", HTTP_STRIPE_SIGNATURE=signature(PLAIN)
    )

    assert (answer.status_code, stored()) == (413, [])


def test_without_the_database_the_sender_is_asked_to_try_again(client: Client) -> None:
    address: dict[str, Any] = connection.settings_dict
    port = address["PORT"]
    connection.close()
    address["PORT"] = "9"
    try:
        answer = deliver(client, PLAIN)
    finally:
        connection.close()
        address["PORT"] = port

    assert (answer.status_code, answer.content) == (503, b"Try again.\n")
    assert stored() == []


@pytest.mark.parametrize(
    "bug", [KeyError, TypeError, ValueError, OverflowError, OSError, DataError]
)
def test_a_bug_of_ours_is_logged_and_the_sender_tries_again(
    bug: type[Exception], caplog: pytest.LogCaptureFixture
) -> None:
    # U7, C5
    def break_down(**_: Any) -> None:
        raise bug("broken here")

    post_init.connect(break_down, sender=WebhookEvent)
    try:
        answer = deliver(Client(raise_request_exception=False), PLAIN)
    finally:
        post_init.disconnect(break_down, sender=WebhookEvent)

    assert (answer.status_code, stored()) == (500, [])
    (line,) = [record for record in caplog.records if record.levelname == "ERROR"]
    assert line.exc_info is not None
    assert isinstance(line.exc_info[1], bug)


def test_a_secret_of_ours_that_is_broken_is_no_bad_signature(
    settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    # C5
    settings.STRIPE_WEBHOOK_SECRETS = [7]

    answer = deliver(Client(raise_request_exception=False), PLAIN)

    assert (answer.status_code, stored()) == (500, [])
    assert [record.levelname for record in caplog.records if record.exc_info] == ["ERROR"]


def test_what_our_columns_cannot_hold_is_a_bug_of_ours() -> None:
    # U7, C5
    column = "ALTER TABLE payments_webhookevent ALTER COLUMN type TYPE varchar(%s)"
    with connection.cursor() as cursor:
        cursor.execute(column, [5])
        answer = deliver(Client(raise_request_exception=False), PLAIN)
        cursor.execute(column, [100])

    assert (answer.status_code, stored()) == (500, [])


@pytest.fixture(scope="module")
def web_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """The web server that production runs; it is asked for nothing that needs the database."""
    with web_server(tmp_path_factory.mktemp("web")) as port:
        yield port


@pytest.mark.parametrize("size", [300_000, 3_000_000])
def test_the_sender_of_too_much_sees_the_answer_and_no_reset(web_port: int, size: int) -> None:
    """Guard: the reading in views._too_large."""
    answer = sent_raw(web_port, f"Content-Length: {size}", b" " * size)

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_more_than_is_thrown_away_is_cut_off_and_the_next_one_served(web_port: int) -> None:
    with contextlib.suppress(ConnectionError):
        assert sent_raw(web_port, "Content-Length: 10000000", b" " * 10_000_000)[9:12] == b"413"

    assert sent_raw(web_port, "Content-Length: 2", b"{}").startswith(b"HTTP/1.1 400 ")


def test_a_body_shorter_than_it_says_is_refused(web_port: int) -> None:
    answer = sent_raw(web_port, "Content-Length: 500", b"{", cut=True)

    assert answer.startswith(b"HTTP/1.1 400 ")


# -- processed -------------------------------------------------------------------------------------


def delivered(client: Client, stand_in: StandIn, event_type: str) -> WebhookEvent:
    """The stand-in's newest event of a type, in the inbox."""
    real = next(made for made in stand_in.api("events")["data"] if made["type"] == event_type)
    assert deliver(client, real).status_code == 200
    return WebhookEvent.objects.get(stripe_event_id=real["id"])


def test_a_completed_session_confirms_its_order(client: Client, stand_in: StandIn) -> None:
    stand_in.pay(str(start().stripe_session_id))

    row = process(delivered(client, stand_in, "checkout.session.completed"))

    assert (row.status, row.outcome) == ("done", "settled")
    assert Order.objects.get().status == "confirmed"


def test_an_unknown_type_is_ignored(client: Client, stand_in: StandIn) -> None:
    answer = deliver(client, event("made.up.event"))
    row = process(WebhookEvent.objects.get())

    assert answer.status_code == 200
    assert (row.status, row.result) == ("done", "ignored: not handled")


@pytest.mark.parametrize("metadata", [{}, {"shop": "another", "order": "1"}, {"order": "17"}])
def test_an_event_of_another_installation_is_ignored(
    client: Client, stand_in: StandIn, metadata: dict[str, str]
) -> None:
    deliver(client, event(metadata=metadata))

    row = process(WebhookEvent.objects.get())

    assert (row.status, row.result) == ("done", "ignored: not of this installation")


@pytest.mark.parametrize("order", ["8a2b6f0e-5d5c-4f0e-9f43-0a1c5e1b2a11", "no uuid", ""])
def test_ours_but_unknown_is_tried_again_and_then_left_to_a_person(
    client: Client, stand_in: StandIn, order: str
) -> None:
    marks = {"shop": Installation.current(), "order": order, "session": order}
    deliver(client, event(metadata=marks))
    row = WebhookEvent.objects.get()

    first = process(row).status
    WebhookEvent.objects.update(attempts=row.MAX_ATTEMPTS - 1)
    last = process(row)

    assert first == "ready"
    assert (last.status, last.last_error) == (
        "dead",
        f"TryLater: The order {order} is not known.",
    )


@pytest.mark.parametrize("status", [401, 403, 429, 503])
def test_an_outage_of_days_kills_no_event(client: Client, stand_in: StandIn, status: int) -> None:
    """A10, K15: a weekend of a refused key or of no answers says nothing about the event."""
    stand_in.pay(str(start().stripe_session_id))
    row = delivered(client, stand_in, "checkout.session.completed")
    WebhookEvent.objects.update(attempts=row.MAX_ATTEMPTS)
    stand_in.fail("/v1/checkout/sessions", method="GET", status=status)

    tried = process(row)

    assert (tried.status, tried.attempts, tried.last_error[:19]) == (
        "ready",
        row.MAX_ATTEMPTS + 1,
        f"OutcomeUnknown: {status}",
    )


def test_an_event_of_a_twin_of_the_page_ends_with_its_subject(
    client: Client, stand_in: StandIn
) -> None:
    # K15: a call repeated under a new key may have made two; nobody has the address of the other.
    session = start()
    marks = {
        "shop": Installation.current(), "order": str(session.order_id), "session": str(session.pk),
    }  # fmt: skip
    deliver(client, event("checkout.session.expired", id="cs_test_twin", metadata=marks))

    row = process(WebhookEvent.objects.get())

    assert (row.status, row.result, Order.objects.get().status) == ("done", "settled", "pending")


@pytest.mark.parametrize(
    ("card", "payments", "held_for"),
    [("pm_card_chargeDeclined", 0, []), ("pm_card_visa", 1, ["second_payment"])],
)
def test_an_event_of_another_payment_of_the_order_ends_and_no_money_is_lost(
    client: Client, stand_in: StandIn, card: str, payments: int, held_for: list[str]
) -> None:
    # K15: of a declined attempt nothing follows; money is the order's, and goes back.
    session = paid(stand_in, start())
    marks = {
        "shop": Installation.current(), "order": str(session.order_id), "session": str(session.pk),
    }  # fmt: skip
    other = stand_in.call("payment_intents", amount=1800, currency="eur")["id"]
    with contextlib.suppress(requests.HTTPError):
        stand_in.call(
            f"payment_intents/{other}/confirm", payment_method=card, return_url="https://shop.test/"
        )
    deliver(
        client, event("payment_intent.created", id=other, object="payment_intent", metadata=marks)
    )
    WebhookEvent.objects.update(type="payment_intent.payment_failed")

    row = process(WebhookEvent.objects.get())

    order = Order.objects.get()
    assert (row.status, row.result) == ("done", "settled")
    assert order.payments.filter(purpose="extra").count() == payments
    assert [hold.reason for hold in order.holds.all()] == held_for


def test_dead_events_can_be_brought_back(client: Client, stand_in: StandIn) -> None:
    stand_in.pay(str(start().stripe_session_id))
    row = delivered(client, stand_in, "checkout.session.completed")
    WebhookEvent.objects.update(status="dead", attempts=30)

    revived = work.revive(WebhookEvent.objects.all())
    row = process(row)

    assert (revived, row.status, row.attempts) == (1, "done", 1)


def test_what_stripe_says_now_counts_and_not_what_the_event_says(
    client: Client, stand_in: StandIn
) -> None:
    """W18. Guard: settle reads, it never takes a payload's word."""
    session = start()
    lie = event(
        id=session.stripe_session_id, status="complete", payment_status="paid", amount_total=1
    )
    deliver(client, lie)

    row = process(WebhookEvent.objects.get())

    order = Order.objects.get()
    assert (row.status, row.outcome) == ("done", "settled")
    assert (order.status, order.total) == ("pending", None)


def test_an_event_may_come_before_the_answer_to_the_call(client: Client, stand_in: StandIn) -> None:
    """W06. Guard: the order is committed before Stripe is called, and its marks name it."""
    stand_in.fail("/v1/checkout/sessions$", method="POST", when="after", reset=True)
    session = start()
    stripe_id = stand_in.api("checkout/sessions")["data"][0]["id"]
    stand_in.pay(stripe_id)
    unknown_so_far = session.stripe_session_id

    row = process(delivered(client, stand_in, "checkout.session.completed"))
    request = perform(StripeRequest.objects.get(kind="create_session"))

    session.refresh_from_db()
    assert unknown_so_far is None
    assert (row.status, session.stripe_session_id, session.status) == (
        "done",
        stripe_id,
        "complete",
    )
    assert (Order.objects.get().status, request.status) == ("confirmed", "done")
    assert len(stand_in.executed("/v1/checkout/sessions")) == 1


def test_a_payments_own_event_finds_a_session_whose_answer_was_lost(
    client: Client, stand_in: StandIn
) -> None:
    stand_in.fail("/v1/checkout/sessions$", method="POST", when="after", reset=True)
    start()
    stand_in.pay(stand_in.api("checkout/sessions")["data"][0]["id"])

    row = process(delivered(client, stand_in, "payment_intent.amount_capturable_updated"))

    assert (row.status, Order.objects.get().status) == ("done", "confirmed")


def test_a_refunds_event_is_found_through_its_payment(client: Client, stand_in: StandIn) -> None:
    _order, payment = held(stand_in)
    intent = payment.stripe_payment_intent_id
    stand_in.call(f"payment_intents/{intent}/capture")
    stand_in.call("refunds", payment_intent=intent, amount=300)

    row = process(delivered(client, stand_in, "refund.created"))

    payment.refresh_from_db()
    assert (row.status, row.metadata_shop) == ("done", "")
    assert (payment.captured_amount, payment.refunded.amount) == (1800, 300)


def disputed(stand_in: StandIn) -> Payment:
    """A captured payment whose customer disputes it; the shop has not been told."""
    _, payment = captured_at_stripe(stand_in)
    stand_in.ask("disputes", {"payment_intent": payment.stripe_payment_intent_id})
    return payment


# K21h
def test_an_event_that_names_only_the_charge_is_found_through_it(
    client: Client, stand_in: StandIn
) -> None:
    payment = disputed(stand_in)
    real = next(
        made for made in stand_in.api("events")["data"] if made["type"] == "charge.dispute.created"
    )
    real["data"]["object"]["payment_intent"] = None
    deliver(client, real)

    row = process(WebhookEvent.objects.get(stripe_event_id=real["id"]))

    assert (row.status, row.outcome, row.metadata_shop) == ("done", "settled", "")
    assert payment.disputes.get().status == "needs_response"


# K21h
@pytest.mark.parametrize("names", ["payment_intent", "charge"])
def test_after_a_restore_a_dispute_is_found_through_its_payments_session(
    client: Client, stand_in: StandIn, names: str
) -> None:
    """The backup is from before the payment: Stripe's session still says whose it is."""
    payment = disputed(stand_in)
    order_id = payment.order_id
    restore_to_before_the_payment()
    real = next(
        made for made in stand_in.api("events")["data"] if made["type"] == "charge.dispute.created"
    )
    if names == "charge":
        real["data"]["object"]["payment_intent"] = None
    deliver(client, real)

    row = process(WebhookEvent.objects.get(stripe_event_id=real["id"]))

    found = Payment.objects.get()
    assert (row.status, row.metadata_order) == ("done", str(order_id))
    assert (found.order_id, found.captured_amount, found.disputes.count()) == (order_id, 1800, 1)


# K21h
def test_a_dispute_of_an_order_that_a_restore_has_lost_is_left_to_a_person(
    client: Client, stand_in: StandIn
) -> None:
    """It is ours, so it is tried again and then dead; never ignored."""
    payment = disputed(stand_in)
    order_id = payment.order_id
    restore_to_before_the_payment()
    CheckoutSession.objects.all().delete()

    row = process(delivered(client, stand_in, "charge.dispute.created"))

    assert (row.status, row.metadata_order) == ("ready", str(order_id))
    assert f"The order {order_id} is not known" in row.last_error


@contextlib.contextmanager
def replica() -> Iterator[None]:
    """As the database restores: no trigger looks."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        yield
        cursor.execute("SET session_replication_role = DEFAULT")


def restore_to_before_the_payment() -> None:
    """As an older backup has it: the page was being made, and nobody had paid."""
    StripeRequest.objects.all().delete()
    with replica():
        Document.objects.all().delete()
        DocumentCounter.objects.all().delete()
        MoneyEntry.objects.all().delete()
        Payment.objects.all().delete()
        CheckoutSession.objects.update(stripe_session_id=None, status="open")
        Order.objects.update(status="pending", total=None)


def test_one_event_settles_its_siblings(client: Client, stand_in: StandIn) -> None:
    """Those that were there before the read are done with it; nothing is read again for them."""
    stand_in.pay(str(start().stripe_session_id))
    others = [
        delivered(client, stand_in, name)
        for name in ("payment_intent.amount_capturable_updated", "checkout.session.completed")
    ]

    process(others[0])

    assert list(WebhookEvent.objects.values_list("status", "outcome")) == [("done", "settled")] * 2


def test_an_event_that_fails_keeps_no_other_from_its_turn(
    client: Client, stand_in: StandIn
) -> None:
    first, second = start(), start()
    for session in (first, second):
        stand_in.pay(str(session.stripe_session_id))
        deliver(client, event(id=session.stripe_session_id))
    stand_in.fail(f"/v1/checkout/sessions/{first.stripe_session_id}", status=500, times=9)

    work.drain(WebhookEvent, webhooks.process)

    states = dict(WebhookEvent.objects.values_list("object_id", "status"))
    assert states == {first.stripe_session_id: "ready", second.stripe_session_id: "done"}


def test_another_accounts_session_id_is_not_ours(client: Client, stand_in: StandIn) -> None:
    """Ids are told apart by account: a copied database must not act on another's objects."""
    session = paid(stand_in, start())
    CheckoutSession.objects.update(account="acct_other/test")
    deliver(client, event(id=session.stripe_session_id))

    row = process(WebhookEvent.objects.get())

    assert (row.status, row.result) == ("done", "ignored: not of this installation")
