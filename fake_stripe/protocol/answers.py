"""What goes back to a client, and what trouble makes of it on the way."""

import json
from dataclasses import dataclass, field
from typing import Any

from fake_stripe.engine.errors import RateLimited, StripeError
from fake_stripe.protocol.faults import Fault


@dataclass
class Answer:
    """What goes back: a status, a body, and what the log of requests tells about it."""

    status: int
    body: dict[str, Any]
    executed: bool = False
    replayed: bool = False
    headers: dict[str, str] = field(default_factory=dict)
    # In the place of the body, a proxy's page; and whether only half of it arrives.
    page: str = ""
    cut: bool = False


def failed(fault: Fault) -> Answer | None:
    """What a request gets that is not carried out: an error, a proxy's page, or nothing."""
    error = fault.error()
    answer = refusal(error) if error else Answer(502, {})
    answer.headers |= fault.headers()
    return dressed(answer, fault)


def dressed(answer: Answer, fault: Fault) -> Answer | None:
    """The answer as a fault lets it through: whole, halved, behind a page, or not at all."""
    if fault.reset:
        return None
    if fault.html:
        answer.page = fault.page()
        answer.status = fault.status or 502
    answer.cut = fault.cut
    return answer


def refusal(error: StripeError, *, executed: bool = False) -> Answer:
    """The answer that an error becomes."""
    headers = {}
    if isinstance(error, RateLimited):
        headers["Stripe-Rate-Limited-Reason"] = error.reason
    return Answer(error.status, error.body(), executed=executed, headers=headers)


def replay(row: Any) -> Answer:
    """The answer of an earlier request with the same key."""
    headers = {"Idempotent-Replayed": "true"}
    return Answer(row["status"], json.loads(row["body"]), replayed=True, headers=headers)
