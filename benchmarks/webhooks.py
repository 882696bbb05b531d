"""How fast a delivery is answered while they come in steadily."""

import hashlib
import hmac
import json
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from time import perf_counter

import requests

from benchmarks.figures import Figure, milliseconds, percentile
from tests.support.house import WEBHOOK_SECRET, House

A_SECOND = 20
SECONDS = 15


def measure(house: House) -> list[Figure]:
    """Milliseconds until a delivery is answered, at a steady rate."""
    answers = deliver_steadily(f"{house.url}/webhook")
    return [
        Figure(
            f"Webhook answered, {A_SECOND} a second for {SECONDS} s",
            f"p50 {percentile(answers, 0.5):.0f} ms, p99 {percentile(answers, 0.99):.0f} ms",
            "goal: p99 50 ms",
        )
    ]


def deliver_steadily(address: str) -> list[float]:
    """Each delivery begins at its own time, however long the others take."""
    began = perf_counter()

    def one(number: int) -> float:
        time.sleep(max(0.0, began + number / A_SECOND - perf_counter()))
        body = event()
        return milliseconds(lambda: deliver(address, body))

    with ThreadPoolExecutor(A_SECOND) as crowd:
        return list(crowd.map(one, range(A_SECOND * SECONDS)))


def event() -> bytes:
    """As large as one of Stripe's, and about nothing of ours."""
    return json.dumps(
        {
            "id": f"evt_{uuid.uuid4().hex}",
            "object": "event",
            "api_version": "2026-10-28.endive",
            "created": int(time.time()),
            "livemode": False,
            "type": "made.up.event",
            "data": {"object": {"id": "obj_1", "object": "thing", "padding": "x" * 3000}},
        }
    ).encode()


def deliver(address: str, body: bytes) -> None:
    """Post a signed event; an answer other than 2xx is an error."""
    moment = int(time.time())
    signed = hmac.new(WEBHOOK_SECRET.encode(), f"{moment}.".encode() + body, hashlib.sha256)
    headers = {"Stripe-Signature": f"t={moment},v1={signed.hexdigest()}"}
    answer = requests.post(address, data=body, headers=headers, timeout=30)
    answer.raise_for_status()
