"""Trouble on demand: failing, slow and cut requests, and Stripe's rate limits."""

import asyncio
import re
import time
from collections import defaultdict, deque
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from typing import Any

from fake_stripe.engine.errors import RateLimited, StripeError
from fake_stripe.engine.store import Store

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


# Why a request was one too many (docs.stripe.com/rate-limits).
LIMIT_REASONS = (
    "global-rate", "endpoint-rate", "global-concurrency", "endpoint-concurrency",
    "resource-specific",
)  # fmt: skip
# What a proxy says in the place of the API.
PROXY_PAGE = (
    "<html>\n<head><title>{status} {reason}</title></head>\n<body>\n<center><h1>{status} {reason}"
    "</h1></center>\n<hr><center>nginx</center>\n</body>\n</html>\n"
)


# Longer than any client waits.
LONGEST_DELAY = 600
# Fields of a fault, of which type each has to be, and that in words.
FIELD_TYPES: list[tuple[tuple[str, ...], Any, str]] = [
    (("path", "when"), str, "text"),
    (("method", "code"), str | None, "text"),
    (("status",), int | None, "an error, 400 to 599"),
    (("change",), dict | None, "an object of fields and their values"),
    (("reset", "html", "cut", "hold"), bool, "true or false"),
    (("should_retry",), bool | None, "true or false"),
    (("times",), int, "a whole number, 1 or more"),
]


def is_number(value: Any) -> bool:
    """Whether a value is a number, which in JSON true and false are not."""
    return isinstance(value, int | float) and not isinstance(value, bool)


@dataclass
class Fault:
    """What goes wrong with the requests whose path matches, `times` times.

    `html` answers with a proxy's page in the place of JSON; `cut` sends only half of the body;
    `change` sets fields of the answer, which stay as they are in truth; `reason` is a 429's
    `Stripe-Rate-Limited-Reason`; `should_retry` the header of that name. `hold` keeps the request
    where `delay` would, until it is released.
    """

    path: str
    method: str | None = None
    status: int | None = None
    when: str = "before"
    delay: float = 0
    reset: bool = False
    times: int = 1
    code: str | None = None
    html: bool = False
    cut: bool = False
    change: dict[str, Any] | None = None
    reason: str | None = None
    should_retry: bool | None = None
    hold: bool = False

    def __post_init__(self) -> None:
        """Refuse, with a sentence, what would not do as ordered."""
        self._check_types()
        try:
            re.compile(self.path)
        except re.error as error:
            raise ValueError(f"path is no pattern: {error}") from error
        self._check_ranges()

    def _check_types(self) -> None:
        for names, kind, wanted in FIELD_TYPES:
            for name in names:
                if not isinstance(getattr(self, name), kind):
                    raise ValueError(f"{name} must be {wanted}")

    def _check_ranges(self) -> None:
        if not is_number(self.delay) or not 0 <= self.delay <= LONGEST_DELAY:
            raise ValueError(f"delay must be seconds, 0 to {LONGEST_DELAY}")
        if self.when not in ("before", "after"):
            raise ValueError("when must be before or after")
        if self.status is not None and not 400 <= self.status <= 599:
            raise ValueError("status must be an error, 400 to 599")
        if self.reason is not None and self.reason not in LIMIT_REASONS:
            raise ValueError(f"reason must be one of {', '.join(LIMIT_REASONS)}")
        if self.times < 1:
            raise ValueError("times must be a whole number, 1 or more")

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

    def headers(self) -> dict[str, str]:
        """The headers that Stripe adds to such an answer."""
        headers = {}
        if self.status == 429 and self.code != "lock_timeout":
            headers["Stripe-Rate-Limited-Reason"] = self.reason or "endpoint-rate"
        if self.should_retry is not None:
            headers["Stripe-Should-Retry"] = str(self.should_retry).lower()
        return headers

    def page(self) -> str:
        """The page of a proxy that stands between the client and the API."""
        status = HTTPStatus(self.status or 502)
        return PROXY_PAGE.format(status=status.value, reason=status.phrase)


@dataclass(eq=False)
class Held:
    """A request that is kept from going on, before or after it is carried out."""

    method: str
    path: str
    when: str
    go_on: asyncio.Event = field(default_factory=asyncio.Event)


class Faults:
    """The faults that are waiting for their requests, which outlive the process; what is held."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.waiting = [Fault(**kept) for kept in store.setting("faults", [])]
        self.holding: list[Held] = []

    def add(self, fault: Fault) -> None:
        """Arm a fault."""
        self.waiting.append(fault)
        self.keep()

    def keep(self) -> None:
        """Write down what is armed."""
        self.store.set_setting("faults", self.listed())

    def take(self, method: str, path: str) -> Fault | None:
        """The first fault that hits this request; it is used up by one."""
        for fault in self.waiting:
            if fault.matches(method, path):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                self.keep()
                return fault
        return None

    async def pause(self, fault: Fault, method: str, path: str) -> None:
        """Let a request wait as its fault says; a client that is gone does not end that."""
        await asyncio.sleep(fault.delay)
        if not fault.hold:
            return
        held = Held(method, path, fault.when)
        self.holding.append(held)
        try:
            await held.go_on.wait()
        finally:
            self.holding.remove(held)

    def release(self) -> None:
        """Let every held request go on; what is armed stays so."""
        for held in self.holding:
            held.go_on.set()

    def held(self) -> list[dict[str, str]]:
        """The requests that are held, in the order they came."""
        return [
            {"method": one.method, "path": one.path, "when": one.when}
            for one in self.holding
            if not one.go_on.is_set()
        ]

    def clear(self) -> None:
        """Disarm all, and let go on what is held."""
        self.waiting.clear()
        self.keep()
        self.release()

    def listed(self) -> list[dict[str, Any]]:
        """What is armed."""
        return [asdict(fault) for fault in self.waiting]


class Limits:
    """Requests a second, per endpoint and in all; off until switched on."""

    def __init__(self, store: Store) -> None:
        self.store = store
        kept = store.setting("limits", {})
        self.per_endpoint: int | None = kept.get("per_endpoint")
        self.in_all: int | None = kept.get("global")
        self.seen: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def set(self, per_endpoint: int | None, in_all: int | None) -> None:
        """Switch the limits on, or off by none."""
        self.per_endpoint, self.in_all = per_endpoint, in_all
        self.store.set_setting("limits", {"per_endpoint": per_endpoint, "global": in_all})

    def check(self, method: str, pattern: str) -> None:
        """Count a request, or refuse it as Stripe's limiter does."""
        self.count(("", ""), self.in_all, "global-rate")
        self.count((method, pattern), self.per_endpoint, "endpoint-rate")

    def count(self, place: tuple[str, str], limit: int | None, reason: str) -> None:
        """Count a request at one place, or refuse it."""
        if limit is None:
            return
        times, now = self.seen[place], time.monotonic()
        while times and times[0] <= now - 1:
            times.popleft()
        if len(times) >= limit:
            raise RateLimited(reason)
        times.append(now)

    def clear(self) -> None:
        """Switch the limits off."""
        self.set(None, None)
        self.seen.clear()
