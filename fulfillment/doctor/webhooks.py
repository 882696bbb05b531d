"""The way here: Stripe's endpoint with its events and version, and the proxies in front."""

from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse

from fulfillment.doctor.amiss import Amiss
from payments.checkout import limits
from payments.models import EventCursor
from payments.stripe import inspection
from payments.stripe.inspection import Endpoint
from payments.webhooks import HANDLED, OVERLAP
from shop import clock, stripe_client

ALL = "*"
HERE = {"localhost", "127.0.0.1", "::1", "web"}


def endpoint() -> str:
    """Whether Stripe sends here what the shop acts on."""
    ours = [one for one in inspection.endpoints() if _is_ours(one)]
    if not ours:
        return _fetched_instead()
    enabled = [one for one in ours if one.enabled]
    if not enabled:
        raise Amiss(
            f"The endpoint {ours[0].url} is disabled.",
            mend="Enable it in Stripe's Dashboard; then manage.py pull_events --since 72.",
        )
    _check_events(enabled[0])
    _check_version(enabled[0])
    if len(enabled) > 1:
        raise Amiss(
            f"{len(enabled)} endpoints send to {settings.SITE_URL}: every event comes as often.",
            mend="Remove all but one in Stripe's Dashboard.",
        )
    return f"{enabled[0].url} is sent all {len(HANDLED)} kinds of events that the shop acts on"


def proxies() -> str:
    """Whether customers' own addresses arrive here."""
    if address := limits.one_private_address():
        raise Amiss(
            f"All checkouts of a day came from {address}: a proxy stands before the shop, and "
            "everybody is counted as one.",
            mend="Set TRUSTED_PROXIES to the number of proxies before the shop.",
        )
    return f"{settings.TRUSTED_PROXIES} proxies are believed, and addresses differ"


def _is_ours(one: Endpoint) -> bool:
    """Whether it leads to this shop; a rehearsal has more than one name for its own machine."""
    there, here = urlsplit(one.url), urlsplit(settings.SITE_URL)
    is_same = there.hostname == here.hostname or {there.hostname, here.hostname} <= HERE
    return is_same and there.port == here.port and there.path == reverse("payments:webhook")


def _fetched_instead() -> str:
    """A shop without an address that Stripe reaches lives on what it fetches."""
    cursor = EventCursor.objects.filter(account=stripe_client.known_account()).first()
    if settings.REHEARSAL and cursor and clock.now() - cursor.seen_until < OVERLAP * 100:
        return f"no endpoint; events are fetched, the last of {clock.told(cursor.seen_until)}"
    raise Amiss(
        f"Stripe has no endpoint for {settings.SITE_URL}{reverse('payments:webhook')}.",
        mend=f"Register it in Stripe's Dashboard, API version {inspection.api_version()}, with the "
        "events that docs/going-live.md lists.",
    )


def _check_events(one: Endpoint) -> None:
    missing = [] if ALL in one.events else [kind for kind in HANDLED if kind not in one.events]
    if missing:
        raise Amiss(
            f"{one.url} is not sent: {', '.join(missing)}.",
            mend="Add these events to the endpoint in Stripe's Dashboard.",
        )


def _check_version(one: Endpoint) -> None:
    wanted = inspection.api_version()
    # An endpoint without one follows the account's default, which changes by a click.
    if one.api_version != wanted:
        raise Amiss(
            f"{one.url} is sent events of API version {one.api_version or 'the account'}; the shop "
            f"reads {wanted}.",
            mend=f"Make the endpoint anew with API version {wanted}; it cannot be changed.",
        )
