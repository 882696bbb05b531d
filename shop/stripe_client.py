"""The one place that builds a Stripe client and knows which account its key belongs to."""

import hashlib
import os
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings
from django.db.models import QuerySet

from shop.http.rate_limit import RateLimit
from shop.models import StripeAccount
from shop.work import TryLater

# No telemetry: it reports request ids and times, and writes a file below the home directory.
stripe.enable_telemetry = False
stripe.set_app_info("Holdfast")

# A visitor waits at most 2 + 8 s for a call; the SDK's own default is 80 s.
TIMEOUT = (2.0, 8.0)


class AccountUnknown(TryLater):
    """Stripe does not say which account a new key belongs to: it is away, or refuses the key."""


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
    return _client(os.getpid(), key, base, retries, pace)


@lru_cache(maxsize=8)
def _client(
    _pid: int, key: str, base: str, retries: int, pace: RateLimit | None
) -> stripe.StripeClient:
    # One client per process: its HTTP sessions must not cross a fork.
    return stripe.StripeClient(
        key,
        base_addresses={"api": base, "connect": base, "files": base, "meter_events": base},
        max_network_retries=retries,
        http_client=PacedClient(pace) if pace else stripe.RequestsClient(timeout=TIMEOUT),
    )


def account() -> str:
    """`<account id>/<mode>`: what stored Stripe ids are told apart by.

    Asked of Stripe once per key (GET /v1/account) and kept in the database; a restricted key that
    may not read its account is told apart by the key itself.
    """
    if known := known_account():
        return known
    fingerprint = _fingerprint()
    row, _ = StripeAccount.objects.get_or_create(
        key_fingerprint=fingerprint, defaults={"account": _ask(fingerprint)}
    )
    return row.account


def known_account() -> str:
    """The same as far as the database knows it: no call, so it may stand in a transaction.

    Empty for a key that was never used.
    """
    return known_accounts().first() or ""


def known_accounts() -> "QuerySet[StripeAccount, str]":
    """The same as a condition of another query; it finds at most one."""
    keys = StripeAccount.objects.filter(key_fingerprint=_fingerprint())
    return keys.values_list("account", flat=True)


def _fingerprint() -> str:
    key = f"{settings.STRIPE_API_BASE} {settings.STRIPE_SECRET_KEY}"
    return hashlib.sha256(key.encode()).hexdigest()


def _ask(fingerprint: str) -> str:
    mode = "live" if settings.STRIPE_LIVE else "test"
    try:
        return f"{client(retries=2).v1.accounts.retrieve_current().id}/{mode}"
    except stripe.PermissionError:
        return f"key-{fingerprint[:16]}/{mode}"
    except stripe.StripeError as error:
        raise AccountUnknown(error.user_message or str(error)) from error
