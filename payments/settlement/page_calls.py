"""Calls to Stripe that a page waits for: few at a time, short, and none while Stripe hangs.

However slow Stripe is, the threads of a web process stay free for pages, probes and deliveries. Who
finds no place is sent to the waiting page, and a worker or that page carries the row out.
"""

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from payments import recovered
from payments.models import CheckoutSession, StripeRequest, Subscription, TaxRateSync
from payments.settlement import perform, settle
from payments.settlement.subscriptions.settle import settle_subscription
from payments.stripe.billing import changes
from payments.stripe.billing.changes import Proration
from payments.stripe.errors import OutcomeUnknown, Refused
from payments.stripe.terms import tax_rates
from shop import stripe_client, work

log = structlog.get_logger(__name__)

# So many calls in a row without an answer, and for so many seconds no page tries.
HANGS = 3
PAUSE = 10.0
# In seconds: what takes less held nobody, as a connection that is refused.
HELD = 1.5
# The success page reads at most this often, however often it is reloaded.
READ_AT_MOST_EVERY = timedelta(seconds=3)


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

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Note whether Stripe answers, whatever it says; a connection that breaks holds nobody."""
        began = time.monotonic()
        try:
            yield
        except OutcomeUnknown as error:
            held = time.monotonic() - began >= min(HELD, settings.STRIPE_PAGE_PATIENCE)
            self._note(hung=held and error.status is None)
            raise
        except Refused:
            self._note(hung=False)
            raise
        self._note(hung=False)

    def _note(self, *, hung: bool) -> None:
        """A single answer makes good for all."""
        if not hung:
            self.unanswered, self.closed_until = 0, 0.0
            return
        self.unanswered += 1
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


def carry_out_what_is_due(session: CheckoutSession) -> None:
    """Make the page, if it is time to try again: its buyer waits, and need not for a worker."""
    request = session.requests.open().filter(kind=StripeRequest.Kind.CREATE_SESSION).first()
    if request is not None and work.due(StripeRequest).filter(pk=request.pk).exists():
        with suppress(Busy), places.one():
            work.run(StripeRequest, request.pk, _noted)


def address_of_portal(request: StripeRequest) -> str:
    """Where the portal is for who waits for it; empty when Stripe does not say so now."""
    addresses = []

    def noted(row: StripeRequest) -> None:
        with places.listening():
            addresses.append(perform.address_of_portal(row))

    with suppress(Busy), places.one():
        work.run(StripeRequest, request.pk, noted)
    return addresses[0] if addresses else ""


def carry_out_sync(row: TaxRateSync) -> None:
    """Tell Stripe of a tax rate for the page that waits for it, or leave it to a worker."""
    with suppress(Busy), places.one():
        work.run(TaxRateSync, row.pk, _told)


def _told(row: TaxRateSync) -> None:
    with places.listening():
        tax_rates.push(row)


def _noted(request: StripeRequest) -> None:
    with places.listening():
        perform.perform(request)


def look(session: CheckoutSession) -> bool:
    """Settle for a visitor who is looking; Stripe being away or slow is no error for the page.

    Tells whether what the database says now is what Stripe says.
    """
    now = timezone.now()
    due = CheckoutSession.objects.filter(
        Q(read_at=None) | Q(read_at__lt=now - READ_AT_MOST_EVERY), pk=session.pk
    )
    try:
        with places.one():
            if due.update(read_at=now):
                with places.listening():
                    settle.settle(session)
    except (Busy, OutcomeUnknown, Refused) as error:
        log.info("settled later", session=str(session), why=str(error))
        return False
    return True


def look_at_subscription(subscription: Subscription) -> bool:
    """Read what is true of it now, for who is looking; False where Stripe does not say."""
    try:
        with places.one(), places.listening():
            settle_subscription(subscription)
    except (Busy, OutcomeUnknown, Refused) as error:
        log.info("subscription read later", subscription=str(subscription), why=str(error))
        return False
    return True


def told_of_change(subscription: Subscription, items: list[dict[str, Any]]) -> Proration | None:
    """What Stripe says that a change of items costs; None where it does not say. Raises Refused."""
    try:
        with places.one(), places.listening():
            return changes.preview(subscription, items)
    except (Busy, OutcomeUnknown) as error:
        log.info("no preview", subscription=str(subscription), why=str(error))
        return None


def copy_of(stripe_session_id: str, account: str) -> CheckoutSession | None:
    """Our row of a page that Stripe copied from one of ours, as soon as it is paid; else None."""
    try:
        with places.one(), places.listening():
            return recovered.adopt(stripe_session_id, account)
    except (Busy, OutcomeUnknown, Refused, recovered.NotPaid) as why:
        log.info("no copy of a page", session=stripe_session_id, why=str(why))
        return None


def account() -> str:
    """The account of the present key. Raises AccountUnknown, also when no page may ask."""
    if known := stripe_client.known_account():
        return known
    try:
        with places.one():
            return stripe_client.account()
    except Busy as error:
        raise stripe_client.AccountUnknown(str(error)) from error


def is_stripes(url: str, origins: Sequence[str]) -> bool:
    """Whether an address is on one of these hosts: nobody is sent anywhere else."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" in origins
