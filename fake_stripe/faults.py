"""Trouble on demand: failing, slow and cut requests, and Stripe's rate limits."""

import re
import time
from collections import defaultdict, deque
from dataclasses import asdict, dataclass
from typing import Any

from fake_stripe.errors import StripeError

MESSAGES = {
    400: ("invalid_request_error", "The request was refused on demand."),
    401: ("invalid_request_error", "Invalid API Key provided."),
    402: ("card_error", "Your card was declined."),
    403: ("invalid_request_error", "The provided key does not have the required permissions."),
    404: ("invalid_request_error", "No such object."),
    409: ("invalid_request_error", "The request conflicted with another one."),
    429: ("invalid_request_error", "Too many requests hit the API too quickly."),
}
CODES = {
    402: "card_declined",
    404: "resource_missing",
    409: "idempotency_key_in_use",
    429: "rate_limit",
}


@dataclass
class Fault:
    """What goes wrong with the requests whose path matches, `times` times."""

    path: str
    method: str | None = None
    status: int | None = None
    when: str = "before"
    delay: float = 0
    reset: bool = False
    times: int = 1
    code: str | None = None

    def __post_init__(self) -> None:
        try:
            re.compile(self.path)
        except re.error as error:
            raise ValueError(f"path is no pattern: {error}") from error
        if self.when not in ("before", "after"):
            raise ValueError("when must be before or after")
        if self.status is not None and not 400 <= self.status <= 599:
            raise ValueError("status must be an error, 400 to 599")

    def matches(self, method: str, path: str) -> bool:
        """Whether a request is hit."""
        wanted = self.method is None or self.method.upper() == method
        return wanted and bool(re.search(self.path, path))

    def error(self) -> StripeError | None:
        """The error to answer with, if the fault has a status."""
        if self.status is None:
            return None
        kind, message = MESSAGES.get(
            self.status, ("api_error", "An unknown error occurred on our side.")
        )
        code = self.code or CODES.get(self.status)
        return StripeError(message, status=self.status, kind=kind, code=code)


class Faults:
    """The faults that are waiting for their requests."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Arm a fault."""
        self.waiting.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault that hits this request; it is used up by one."""
        for fault in self.waiting:
            if fault.matches(method, path):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        return None

    def clear(self) -> None:
        """Disarm all."""
        self.waiting.clear()

    def listed(self) -> list[dict[str, Any]]:
        """What is armed."""
        return [asdict(fault) for fault in self.waiting]


class Limits:
    """Requests a second, per endpoint; off until switched on."""

    def __init__(self) -> None:
        self.per_endpoint: int | None = None
        self.seen: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def check(self, method: str, pattern: str) -> None:
        """Count a request, or refuse it as Stripe's limiter does."""
        if self.per_endpoint is None:
            return
        times, now = self.seen[method, pattern], time.monotonic()
        while times and times[0] <= now - 1:
            times.popleft()
        if len(times) >= self.per_endpoint:
            message = (
                "Request rate limit exceeded. Learn more about rate limits here"
                " https://stripe.com/docs/rate-limits."
            )
            raise StripeError(message, status=429, code="rate_limit")
        times.append(now)

    def clear(self) -> None:
        """Switch the limits off."""
        self.per_endpoint = None
        self.seen.clear()
