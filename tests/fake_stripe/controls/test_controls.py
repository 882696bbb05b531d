"""The controls: clock, faults, limits, the log of requests, a fresh start."""

import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import stripe

from fake_stripe.engine.errors import RateLimited
from fake_stripe.engine.store import Store
from fake_stripe.protocol import faults
from tests.fake_stripe.rig import Fake, Receiver


def test_health(fake: Fake) -> None:
    assert fake.control("health") == {"ok": True, "owner": ""}


def test_clock_moves_forward_and_dates_what_comes(fake: Fake) -> None:
    before = fake.control("clock")

    moved = fake.control("clock", {"advance": 3600})
    after = fake.control("clock")

    assert (before["offset"], moved["offset"]) == (0, 3600)
    assert before["now"] + 3600 <= moved["now"] <= after["now"]
    assert after["now"] <= time.time() + 3600
    assert fake.v1.products.create({"name": "a"}).created >= moved["now"]


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", {"advance": -1}),
        ("clock", {"advance": "1"}),
        ("clock", {}),
        ("webhooks", {"endpoint": "nowhere"}),
        ("webhooks", {"endpoint": "http://a.test", "mode": "psychic"}),
        ("faults", {"path": "("}),
        ("faults", {"path": "x", "colour": "blue"}),
        ("faults", {"path": "x", "when": "never"}),
        ("limits", {"per_endpoint": "many"}),
        ("deliver", {"events": ["evt_no"]}),
        ("webhooks", {}),
    ],
)
def test_wrong_use_is_said(fake: Fake, path: str, body: dict[str, Any]) -> None:
    answer = fake.controlled(path, body)

    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_fault_strikes_so_many_times_where_it_should(fake: Fake) -> None:
    fake.control(
        "faults", {"path": "/v1/products$", "method": "POST", "status": 503, "times": 2}
    )  # fmt: skip
    statuses = []

    for _ in range(3):
        fake.v1.products.list()
        statuses.append(fake.raw("POST", "/v1/products", data={"name": "a"}).status_code)

    assert statuses == [503, 503, 200]
    assert fake.control("faults") == {"data": []}


def test_fault_before_executes_nothing(fake: Fake) -> None:
    fake.control("faults", {"path": "products", "reset": True})

    with pytest.raises(stripe.APIConnectionError):
        fake.v1.products.create({"name": "a"})

    assert fake.v1.products.list().data == []


def test_fault_delays(fake: Fake) -> None:
    fake.control("faults", {"path": "products", "delay": 0.4})
    began = time.monotonic()

    fake.v1.products.create({"name": "a"})

    assert time.monotonic() - began >= 0.4


def test_rate_limit_as_stripe_tells_it(fake: Fake) -> None:
    fake.control("limits", {"per_endpoint": 0})

    refused = fake.raw("GET", "/v1/account")
    fake.control("limits", {"per_endpoint": None})
    allowed = fake.raw("GET", "/v1/account")

    assert (refused.status_code, allowed.status_code) == (429, 200)
    assert refused.headers["Stripe-Rate-Limited-Reason"] == "endpoint-rate"
    assert refused.json()["error"]["code"] == "rate_limit"


def test_rate_limit_counts_the_requests_of_each_endpoint_within_a_second(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [100.0]
    monkeypatch.setattr(faults, "time", SimpleNamespace(monotonic=lambda: now[0]))
    limits = faults.Limits(Store(tmp_path / "state.sqlite3"))
    limits.set(3, None)

    def refused(path: str) -> bool:
        try:
            limits.check("GET", path)
        except RateLimited:
            return True
        return False

    crowded = [refused("/v1/account") for _ in range(4)]
    elsewhere = refused("/v1/products")
    now[0] += 0.9
    still = refused("/v1/account")
    now[0] += 0.2
    later = refused("/v1/account")

    assert crowded == [False, False, False, True]
    assert (elsewhere, still, later) == (False, True, False)


def test_log_tells_of_every_request_that_means_to_change_something(fake: Fake) -> None:
    intent = fake.held()
    fake.v1.payment_intents.capture(
        intent.id, {"amount_to_capture": 1500}, {"idempotency_key": "k"}
    )
    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.payment_intents.capture(intent.id)
    fake.v1.payment_intents.list()

    log = fake.control("requests")["data"]

    requests = [(one["method"], one["path"], one["status"], one["executed"]) for one in log]
    path = f"/v1/payment_intents/{intent.id}/capture"
    assert requests == [
        ("POST", "/v1/checkout/sessions", 200, True),
        ("POST", path, 200, True),
        ("POST", path, 400, False),
    ]
    assert log[1]["params"] == {"amount_to_capture": 1500}
    assert (log[1]["idempotency_key"], log[1]["replayed"]) == ("k", False)


def test_reset_forgets_all_but_endpoints_if_asked(fake: Fake, receiver: Receiver) -> None:
    fake.control("webhooks", {"endpoint": receiver.url})
    fake.paid()
    fake.control("clock", {"advance": 60})
    fake.control("faults", {"path": "x", "status": 500})

    fake.control("reset", {"keep_endpoints": True})

    assert [one["url"] for one in fake.control("webhooks")["data"]] == [receiver.url]
    assert fake.control("events") == {"data": []}
    assert fake.control("clock")["offset"] == 0
    assert fake.control("faults") == {"data": []}
    fake.control("reset", {})
    assert fake.control("webhooks") == {"data": []}


def test_session_is_paid_once(fake: Fake) -> None:
    session = fake.session()
    fake.pay(session.id)

    again = fake.controlled(f"sessions/{session.id}/pay", {})

    assert (again.status_code, again.json()["error"]["message"]) == (
        409, "This Checkout Session is complete.",
    )  # fmt: skip


def test_control_room_shows_what_happened_and_takes_orders(fake: Fake, receiver: Receiver) -> None:
    fake.control("webhooks", {"endpoint": receiver.url, "mode": "hold"})
    intent = fake.held()
    event = fake.v1.events.list({"type": "checkout.session.completed"}).data[0]

    room = fake.raw("GET", "/_fake/").text
    fake.raw("POST", "/_fake/clock", data={"advance": "180"})
    fake.raw("POST", "/_fake/deliver", data={"events": event.id})
    fake.raw("POST", "/_fake/faults", data={"path": "x", "status": "500", "delay": "0"})

    for expected in (intent.id, receiver.url, "checkout.session.completed", "held"):
        assert expected in room
    assert fake.control("clock")["offset"] == 180
    assert receiver.types() == ["checkout.session.completed"]
    assert [one["status"] for one in fake.control("faults")["data"]] == [500]
