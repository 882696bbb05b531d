"""The one place that builds a Stripe client."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings

from shop.http.rate_limit import RateLimit

# No telemetry: it reports request ids and times, and writes a file below the home directory.
stripe.enable_telemetry = False
stripe.set_app_info("Holdfast")

# In seconds, to connect and to answer, for calls that nobody looks at; the SDK's own is 80 s.
TIMEOUT = (2.0, 8.0)
# How long the page that is being made waits for an answer.
_patience: ContextVar[float | None] = ContextVar("patience", default=None)


@contextmanager
def page_waits(seconds: float) -> Iterator[None]:
    """Within, a call gets at most so many seconds: somebody looks at an empty page."""
    before = _patience.set(seconds)
    try:
        yield
    finally:
        _patience.reset(before)


class PacedClient(stripe.RequestsClient):
    """Waits for its turn before each request: pages of a list and second tries too."""

    def __init__(self, pace: RateLimit) -> None:
        super().__init__(timeout=TIMEOUT)
        self._pace = pace

    def request(self, *asked: Any, **more: Any) -> Any:
        self._pace.wait()
        return super().request(*asked, **more)


def client(*, retries: int = 0, pace: RateLimit | None = None) -> stripe.StripeClient:
    """A client for this process. A page uses no retries; a worker two."""
    key, base = settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE
    patience = _patience.get()
    timeout = TIMEOUT if patience is None else (min(TIMEOUT[0], patience), patience)
    return _client(os.getpid(), key, base, 0 if patience else retries, pace, timeout)


@lru_cache(maxsize=8)
def _client(
    _pid: int,
    key: str,
    base: str,
    retries: int,
    pace: RateLimit | None,
    timeout: tuple[float, float],
) -> stripe.StripeClient:
    # One client per process: its HTTP sessions must not cross a fork.
    return stripe.StripeClient(
        key,
        base_addresses={"api": base, "connect": base, "files": base, "meter_events": base},
        max_network_retries=retries,
        http_client=PacedClient(pace) if pace else stripe.RequestsClient(timeout=timeout),
    )
