"""Trouble on demand, as clients of Stripe meet it."""

import threading
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests
import stripe

from tests.fake_stripe.rig import Fake, start, stop
from tests.support.waiting import PATIENCE, eventually


def arm(fake: Fake, path: str = "/v1/customers", **fault: Any) -> None:
    fake.control("faults", {"path": path, **fault})


def create(fake: Fake, key: str = "") -> Any:
    return fake.v1.customers.create({"name": "Ada"}, {"idempotency_key": key} if key else None)


def test_proxys_page_is_no_json_and_nothing_is_done(fake: Fake) -> None:
    arm(fake, html=True, status=503)

    answer = fake.raw("POST", "/v1/customers", data={"name": "Ada"})
    arm(fake, html=True)
    with pytest.raises(stripe.APIError):
        create(fake)

    assert (answer.status_code, answer.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
    assert "503 Service Unavailable" in answer.text
    assert fake.v1.customers.list().data == []


def test_page_after_execution_hides_what_was_done_and_the_key_tells(fake: Fake) -> None:
    arm(fake, html=True, when="after")
    with pytest.raises(stripe.APIError):
        create(fake, "once")

    again = create(fake, "once")

    assert [customer.id for customer in fake.v1.customers.list().data] == [again.id]


def test_half_a_body_is_no_answer(fake: Fake) -> None:
    arm(fake, cut=True)

    with pytest.raises(stripe.APIError):
        create(fake, "once")

    assert create(fake, "once").name == "Ada"
    assert len(fake.v1.customers.list().data) == 1


@pytest.mark.parametrize(
    "reason",
    ["global-rate", "endpoint-rate", "global-concurrency", "endpoint-concurrency",
     "resource-specific"],
)  # fmt: skip
def test_too_many_requests_carry_their_reason_and_keep_no_key(fake: Fake, reason: str) -> None:
    arm(fake, status=429, reason=reason)

    with pytest.raises(stripe.RateLimitError) as caught:
        create(fake, "once")

    assert caught.value.headers["Stripe-Rate-Limited-Reason"] == reason
    assert create(fake, "once").last_response.headers.get("Idempotent-Replayed") is None


def test_lock_timeout_has_no_reason(fake: Fake) -> None:
    arm(fake, status=429, code="lock_timeout")

    with pytest.raises(stripe.RateLimitError) as caught:
        create(fake)

    assert caught.value.error.code == "lock_timeout"
    assert "Stripe-Rate-Limited-Reason" not in caught.value.headers


def test_should_retry_decides_over_the_status(fake: Fake) -> None:
    patient = fake.client_for("sk_test_123")
    arm(fake, status=500, should_retry=False)
    arm(fake, status=400, should_retry=True)
    retrying: Any = {"max_network_retries": 1}

    with pytest.raises(stripe.APIError):
        patient.v1.customers.create({"name": "Ada"}, retrying)
    made = patient.v1.customers.create({"name": "Ada"}, retrying)

    assert [customer.id for customer in fake.v1.customers.list().data] == [made.id]


def test_wrong_amount_is_told_and_the_truth_stays(fake: Fake) -> None:
    session = fake.session()
    arm(fake, "/v1/checkout/sessions/", change={"amount_total": 1})

    answered = fake.v1.checkout.sessions.retrieve(session.id).amount_total

    assert answered == 1
    assert fake.v1.checkout.sessions.retrieve(session.id).amount_total == 2000


def test_lists_lag_while_objects_are_there(fake: Fake) -> None:
    fake.control("lag", {"seconds": 60})

    made = create(fake)
    early = fake.v1.customers.list().data
    fake.control("clock", {"advance": 61})
    late = fake.v1.customers.list().data

    assert fake.v1.customers.retrieve(made.id).name == "Ada"
    assert (early, [customer.id for customer in late]) == ([], [made.id])


def test_limit_over_all_endpoints(fake: Fake) -> None:
    fake.control("limits", {"global": 0})

    with pytest.raises(stripe.RateLimitError) as caught:
        fake.v1.products.list()

    assert caught.value.headers["Stripe-Rate-Limited-Reason"] == "global-rate"


def test_key_in_use_is_a_conflict_and_is_done_once(fake: Fake) -> None:
    arm(fake, hold=True, when="before")
    done: list[Any] = []
    first = threading.Thread(target=lambda: done.append(create(fake, "once")))
    first.start()
    eventually(lambda: fake.control("faults/held")["data"])

    with pytest.raises(stripe.APIError) as caught:
        create(fake, "once")
    fake.control("faults/release", {})
    first.join()

    assert (caught.value.http_status, caught.value.error.code) == (409, "idempotency_key_in_use")
    assert len(fake.v1.customers.list().data) == 1


def test_connection_is_cut_even_where_the_key_is_known(fake: Fake) -> None:
    create(fake, "once")
    arm(fake, reset=True)

    with pytest.raises(stripe.APIConnectionError):
        create(fake, "once")

    assert len(fake.v1.customers.list().data) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"path": "("}, {"path": "x", "when": "later"}, {"path": "x", "status": 200},
        {"path": "x", "reason": "mood"}, {"path": "x", "change": [1]},
        {"path": "x", "html": "yes"}, {"path": "x", "times": 0}, {"path": "x", "colour": "blue"},
        {"path": 5}, {"path": "x", "delay": "long"}, {"path": "x", "delay": 601},
        {"path": "x", "should_retry": 1}, {"path": "x", "status": "500"},
        {"path": "x", "hold": "yes"},
    ],
)  # fmt: skip
def test_malformed_fault_is_refused_in_words(fake: Fake, fault: dict[str, Any]) -> None:
    answer = fake.controlled("faults", fault)

    assert answer.status_code == 400
    assert "no such fault: " in answer.json()["error"]["message"]
    assert fake.control("faults")["data"] == []


@pytest.mark.parametrize(("when", "done"), [("before", []), ("after", ["Ada"])])
@pytest.mark.parametrize("ending", ["faults/release", "faults/clear", "reset"])
def test_held_request_goes_on_when_released(
    fake: Fake, when: str, done: list[str], ending: str
) -> None:
    arm(fake, method="POST", hold=True, when=when)
    answers: list[requests.Response] = []
    call = threading.Thread(
        target=lambda: answers.append(fake.raw("POST", "/v1/customers", data={"name": "Ada"}))
    )
    call.start()
    eventually(lambda: fake.control("faults/held")["data"])
    held = fake.control("faults/held")
    meanwhile = [customer.name for customer in fake.v1.customers.list().data]

    fake.control(ending, {})
    call.join()

    assert held == {"data": [{"method": "POST", "path": "/v1/customers", "when": when}]}
    assert (meanwhile, [answer.status_code for answer in answers]) == (done, [200])
    assert fake.control("faults/held") == {"data": []}


@pytest.mark.parametrize(("when", "done"), [("before", 0), ("after", 1)])
def test_held_request_may_be_cut_once_released(fake: Fake, when: str, done: int) -> None:
    arm(fake, method="POST", hold=True, when=when, reset=True)
    caught: list[Exception] = []

    def call() -> None:
        try:
            create(fake)
        except stripe.APIConnectionError as error:
            caught.append(error)

    calling = threading.Thread(target=call)
    calling.start()
    eventually(lambda: fake.control("faults/held")["data"])
    fake.control("faults/release", {})
    calling.join()

    assert len(caught) == 1
    assert len(fake.v1.customers.list().data) == done


def test_request_stays_held_when_its_client_is_gone(fake: Fake) -> None:
    arm(fake, method="POST", hold=True)
    key = {"Idempotency-Key": "once"}
    client = HTTPConnection(urlsplit(fake.url).netloc)
    client.request("POST", "/v1/customers", headers={**key, "Authorization": "Bearer sk_test_123"})
    eventually(lambda: fake.control("faults/held")["data"])
    client.close()

    in_use = fake.raw("POST", "/v1/customers", headers=key)
    fake.control("faults/release", {})
    eventually(lambda: fake.v1.customers.list().data)
    again = fake.raw("POST", "/v1/customers", headers=key)

    assert in_use.status_code == 409
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(fake.v1.customers.list().data) == 1


def test_release_leaves_what_is_armed(fake: Fake) -> None:
    arm(fake, hold=True)

    fake.control("faults/release", {})

    assert [fault["hold"] for fault in fake.control("faults")["data"]] == [True]


def test_what_is_held_does_not_hold_up_the_end(tmp_path: Path) -> None:
    process, url = start(tmp_path / "state.sqlite3")
    fake = Fake(url)
    arm(fake, hold=True, reset=True)
    calling = threading.Thread(target=lambda: suppressed(fake))
    calling.start()
    eventually(lambda: fake.control("faults/held")["data"])

    process.terminate()

    assert process.wait(PATIENCE) == 0
    calling.join()


def suppressed(fake: Fake) -> None:
    with suppress(requests.ConnectionError):
        fake.raw("POST", "/v1/customers", data={"name": "Ada"})


def test_trouble_outlives_a_killed_process(tmp_path: Path) -> None:
    process, url = start(tmp_path / "state.sqlite3")
    fake = Fake(url)
    arm(fake, status=500, times=3)
    fake.control("limits", {"per_endpoint": 25, "global": 100})
    fake.control("lag", {"seconds": 5})
    process.kill()
    process.wait()

    process, url = start(tmp_path / "state.sqlite3")
    fake = Fake(url)
    kept = [fake.control(name) for name in ("faults", "limits", "lag")]
    fake.control("reset", {})
    ended = [fake.control(name) for name in ("faults", "limits", "lag")]
    stop(process)

    assert [kept[0]["data"][0]["times"], *kept[1:]] == [
        3, {"per_endpoint": 25, "global": 100}, {"seconds": 5},
    ]  # fmt: skip
    assert ended == [{"data": []}, {"per_endpoint": None, "global": None}, {"seconds": 0}]


@pytest.mark.parametrize("what", ["pay", "expire"])
def test_voucher_is_decided_by_hand(fake: Fake, what: str) -> None:
    data = {"currency": "mxn", "unit_amount": 20000, "product_data": {"name": "Kettle"}}
    session = fake.session(line_items=[{"price_data": data, "quantity": 1}])
    intent = fake.pay(session.id, method="oxxo", email="a+fill_never@example.com")["payment_intent"]

    decided = fake.control(f"payment_intents/{intent}/{what}_voucher", {})
    again = fake.controlled(f"payment_intents/{intent}/{what}_voucher", {})

    ends = {"pay": "succeeded", "expire": "requires_payment_method"}
    assert (decided["status"], again.status_code) == (ends[what], 409)
