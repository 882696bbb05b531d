"""Calls to Stripe that a page waits for: few at a time, short, and none while Stripe hangs.

However slow Stripe is, the threads of a web process stay free for pages, probes and deliveries. Who
finds no place is sent to the waiting page, and a worker or that page carries the row out.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from django.conf import settings

from payments.models import StripeRequest
from payments.settlement import perform
from payments.stripe.errors import OutcomeUnknown
from shop import stripe_client, work

log = structlog.get_logger(__name__)

# So many calls in a row without an answer, and for so many seconds no page tries.
HANGS = 3
PAUSE = 10.0


class Busy(Exception):
    """No page may call Stripe right now."""


class Places:
    """The places of this process, and whether Stripe has just left several of them waiting."""

    def __init__(self, number: int) -> None:
        self.free = threading.BoundedSemaphore(number)
        self.unanswered = 0
        self.closed_until = 0.0

    @contextmanager
    def one(self) -> Iterator[None]:
        """A place for one call. Raises Busy at once when there is none."""
        if time.monotonic() < self.closed_until or not self.free.acquire(blocking=False):
            raise Busy("Stripe is not asked by pages right now.")
        try:
            with stripe_client.page_waits(settings.STRIPE_PAGE_PATIENCE):
                yield
        finally:
            self.free.release()

    def note(self, *, answered: bool) -> None:
        """Count what was not answered in time; a single answer makes good for all."""
        self.unanswered = 0 if answered else self.unanswered + 1
        if self.unanswered >= HANGS:
            # The next one after the pause is a trial: unanswered too, it closes again.
            self.closed_until = time.monotonic() + PAUSE
            log.warning("pages do not call Stripe for a while", seconds=PAUSE)


places = Places(settings.STRIPE_PAGE_CALLS)


def carry_out(request: StripeRequest) -> None:
    """Do the row for the page that waits for it, or leave it to a worker."""
    try:
        with places.one():
            work.run(StripeRequest, request.pk, _noted)
    except Busy:
        request.ring()


def _noted(request: StripeRequest) -> None:
    with listening():
        perform.perform(request)


@contextmanager
def listening() -> Iterator[None]:
    """Whether Stripe answers, whatever it says."""
    try:
        yield
    except OutcomeUnknown as error:
        places.note(answered=error.status is not None)
        raise
    places.note(answered=True)


def account() -> str:
    """The account of the present key. Raises AccountUnknown, also when no page may ask."""
    if known := stripe_client.known_account():
        return known
    try:
        with places.one():
            return stripe_client.account()
    except Busy as error:
        raise stripe_client.AccountUnknown(str(error)) from error
