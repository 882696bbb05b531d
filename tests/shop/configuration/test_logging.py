"""What is taken out of a log line, and what stays."""

import json
import uuid

import pytest
import requests

from shop.configuration.logging import redact
from tests.payments.deliveries import event, signature
from tests.support.house import House
from tests.support.waiting import eventually


def redacted(value: object) -> object:
    return redact(None, "info", {"value": value})["value"]


def test_numbers_and_truth_stay_as_they_are() -> None:
    assert [redacted(value) for value in (7, 1.5, True, None)] == [7, 1.5, True, None]


def test_lists_and_what_is_in_them_are_masked_too() -> None:
    assert redacted(["ada@example.com", {"to": ("bob@example.com", 1)}]) == [
        "[masked]",
        {"to": ["[masked]", 1]},
    ]


@pytest.mark.parametrize(("sent", "kept"), [("a\nb", r"a\nb"), ("a\r\nb", r"a\r\nb")])
def test_what_was_sent_cannot_begin_a_line(sent: str, kept: str) -> None:
    assert redacted(sent) == kept


def test_a_traceback_keeps_its_lines_and_loses_its_secrets() -> None:
    line = redact(None, "error", {"exception": "Traceback\n  told ada@example.com"})

    assert line == {"exception": "Traceback\n  told [masked]"}


def test_a_request_is_found_again_in_the_lines_of_its_task(house: House) -> None:
    # U8
    number, body = f"asked-{uuid.uuid4().hex}", json.dumps(event()).encode()

    answer = requests.post(
        f"{house.url}/webhook",
        body,
        headers={"Stripe-Signature": signature(body), "X-Request-Id": number},
        timeout=10,
    )

    def lines() -> list[str]:
        log = (house.directory / "worker.log").read_text().splitlines()
        return [line for line in log if number in line]

    assert (answer.status_code, answer.headers["X-Request-Id"]) == (200, number)
    eventually(lambda: any("payments.process_event" in line for line in lines()))
    # The bell was rung under the number; so the task's own id stands beside it.
    assert all("task_id" in line for line in lines())
