"""Keys as v1 has them: executed once, the first outcome answered again."""

import threading

import pytest
import requests
import stripe

from tests.fake_stripe.rig import Fake
from tests.support.waiting import eventually

DAY = 24 * 60 * 60


def test_same_key_executes_once_and_replays(fake: Fake) -> None:
    first = fake.v1.products.create({"name": "Kettle"}, {"idempotency_key": "k"})
    second = fake.v1.products.create({"name": "Kettle"}, {"idempotency_key": "k"})

    assert second.to_dict() == first.to_dict()
    assert "Idempotent-Replayed" not in first.last_response.headers
    assert second.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(fake.v1.products.list().data) == 1
    log = fake.control("requests")["data"]
    assert [(one["executed"], one["replayed"]) for one in log] == [(True, False), (False, True)]


def test_same_key_with_other_parameters_is_an_idempotency_error(fake: Fake) -> None:
    fake.v1.products.create({"name": "Kettle"}, {"idempotency_key": "k"})

    with pytest.raises(stripe.IdempotencyError):
        fake.v1.products.create({"name": "Cup"}, {"idempotency_key": "k"})
    with pytest.raises(stripe.IdempotencyError):
        fake.v1.customers.create({"name": "Kettle"}, {"idempotency_key": "k"})

    assert len(fake.v1.products.list().data) == 1


def test_refused_parameters_leave_the_key_free(fake: Fake) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.products.create({"name": "a", "url": "x"}, {"idempotency_key": "k"})

    fake.v1.products.create({"name": "Kettle"}, {"idempotency_key": "k"})

    assert [product.name for product in fake.v1.products.list().data] == ["Kettle"]


def test_refusal_during_execution_is_replayed(fake: Fake) -> None:
    intent = fake.held()
    options: stripe.RequestOptions = {"idempotency_key": "k"}
    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.payment_intents.capture(intent.id, {"amount_to_capture": 2001}, options)

    with pytest.raises(stripe.InvalidRequestError) as again:
        fake.v1.payment_intents.capture(intent.id, {"amount_to_capture": 2001}, options)

    assert (again.value.headers or {})["Idempotent-Replayed"] == "true"


def test_server_error_after_execution_is_replayed(fake: Fake) -> None:
    fake.control("faults", {"path": "/v1/products$", "status": 500, "when": "after"})
    options: stripe.RequestOptions = {"idempotency_key": "k"}
    with pytest.raises(stripe.APIError) as first:
        fake.v1.products.create({"name": "Kettle"}, options)

    with pytest.raises(stripe.APIError) as second:
        fake.v1.products.create({"name": "Kettle"}, options)

    assert (first.value.http_status, second.value.http_status) == (500, 500)
    assert (second.value.headers or {})["Idempotent-Replayed"] == "true"
    assert len(fake.v1.products.list().data) == 1


def test_server_error_before_execution_leaves_the_key_free(fake: Fake) -> None:
    fake.control("faults", {"path": "/v1/products$", "status": 503})
    with pytest.raises(stripe.APIError):
        fake.v1.products.create({"name": "Kettle"}, {"idempotency_key": "k"})

    product = fake.v1.products.create({"name": "Kettle"}, {"idempotency_key": "k"})

    assert "Idempotent-Replayed" not in product.last_response.headers


def test_rate_limit_stands_before_the_key(fake: Fake) -> None:
    fake.v1.products.create({"name": "Kettle"}, {"idempotency_key": "k"})
    fake.control("faults", {"path": "/v1/products$", "status": 429})

    with pytest.raises(stripe.RateLimitError):
        fake.v1.products.create({"name": "Kettle"}, {"idempotency_key": "k"})
    replayed = fake.v1.products.create({"name": "Kettle"}, {"idempotency_key": "k"})

    assert replayed.last_response.headers["Idempotent-Replayed"] == "true"


def test_cut_connection_after_execution_then_replay(fake: Fake) -> None:
    fake.control("faults", {"path": "/v1/products$", "when": "after", "reset": True})
    with pytest.raises(stripe.APIConnectionError):
        fake.v1.products.create({"name": "Kettle"}, {"idempotency_key": "k"})

    product = fake.v1.products.create({"name": "Kettle"}, {"idempotency_key": "k"})

    assert product.last_response.headers["Idempotent-Replayed"] == "true"
    assert len(fake.v1.products.list().data) == 1


def test_key_in_use_is_a_conflict(fake: Fake) -> None:
    fake.control("faults", {"path": "/v1/products$", "hold": True})
    answers: list[requests.Response] = []

    def create() -> None:
        headers = {"Idempotency-Key": "k"}
        answers.append(fake.raw("POST", "/v1/products", data={"name": "a"}, headers=headers))

    first = threading.Thread(target=create)
    first.start()
    eventually(lambda: fake.control("faults/held")["data"])
    create()
    fake.control("faults/release", {})
    first.join()

    assert [answer.status_code for answer in answers] == [409, 200]
    assert answers[0].json()["error"]["code"] == "idempotency_key_in_use"


def test_key_is_forgotten_after_a_day(fake: Fake) -> None:
    fake.v1.products.create({"name": "Kettle"}, {"idempotency_key": "k"})

    fake.control("clock", {"advance": DAY - 60})
    fake.v1.products.create({"name": "Kettle"}, {"idempotency_key": "k"})
    fake.control("clock", {"advance": 120})
    fake.v1.products.create({"name": "Kettle"}, {"idempotency_key": "k"})

    assert len(fake.v1.products.list().data) == 2


def test_too_long_key_is_refused(fake: Fake) -> None:
    with pytest.raises(stripe.InvalidRequestError):
        fake.v1.products.create({"name": "Kettle"}, {"idempotency_key": "k" * 256})
