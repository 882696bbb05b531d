"""Looks, again and again, for what nobody would tell us of: a refused key, webhooks, lost holds."""

from collections.abc import Callable
from datetime import timedelta

import structlog
from django.conf import settings
from django.utils import timezone

from fulfillment import shipping
from fulfillment.digital import handing_out
from fulfillment.models import Trouble
from fulfillment.troubles import found, mail
from payments import policy
from payments.models import Payment, WebhookEvent
from payments.stripe import inspection
from payments.stripe.errors import REFUSED_KEY, OutcomeUnknown, Refused
from shop import clock, work
from shop.models import Heartbeat
from shop.stripe_client import known_account
from shop.work import Work

log = structlog.get_logger(__name__)

Kind = Trouble.Kind

# Events that are fetched come within a minute; so long a delivery may take to come after all.
DELIVERED_WITHIN = timedelta(minutes=15)
# Held money of which somebody should decide today.
GIVEN_UP_WITHIN = timedelta(hours=24)
# So many are counted; more are as bad.
MOST_HOLDS = 200
# So many are named.
MOST_SKUS = 5


class CannotTell(Exception):
    """Nothing is known of this just now: what stood, stands."""


def look() -> None:
    """Look for each kind of trouble, note what was found, and have staff told."""
    for kind, find in LOOKS.items():
        try:
            _note(kind, find())
        except CannotTell:
            log.info("nothing known of a trouble", kind=kind)
    if troubles := found.now():
        mail.call(troubles)


def _note(kind: str, said: str) -> None:
    """Begin, go on with or end a trouble; its hour since the last mail goes on through all."""
    now = timezone.now()
    row = Trouble.objects.filter(kind=kind)
    if not said:
        if row.filter(ended_at=None).update(ended_at=now):
            ENDS.get(kind, lambda: None)()
    elif not row.filter(ended_at=None).update(said=said):
        Trouble.objects.update_or_create(
            kind=kind, defaults={"said": said, "since": now, "ended_at": None}
        )


def _refused_key() -> str:
    try:
        inspection.ask_account()
    except OutcomeUnknown as error:
        if error.status != 401:
            raise CannotTell from error
    except Refused as error:
        raise CannotTell from error
    else:
        return ""
    return (
        "Stripe refuses the key: nobody can pay, and nothing is captured. Put a valid key into "
        "STRIPE_SECRET_KEY and restart; what waits goes on by itself."
    )


def _go_on() -> None:
    """With a valid key nobody waits until what met the refused one is tried again."""
    for kind in work.kinds():
        if woken := work.wake(kind, REFUSED_KEY):
            log.info("work goes on with the new key", kind=kind._meta.label, rows=woken)


def _silent_webhooks() -> str:
    """Whether events had to be fetched that nobody delivered."""
    last = Heartbeat.objects.filter(name="webhook").first()
    if last is None and settings.REHEARSAL:
        return ""  # events are fetched, and nobody expects a delivery
    fetched = WebhookEvent.objects.order_by("-created_at")
    if last is not None:
        fetched = fetched.filter(created_at__gt=last.at + DELIVERED_WITHIN)
    else:
        fetched = fetched.filter(created_at__lt=timezone.now() - DELIVERED_WITHIN)
    if not fetched.exists():
        return ""
    when = f"since {clock.told(last.at)}" if last else "yet"
    return (
        f"Stripe has delivered no event {when}; they are fetched, and come late. Look at the "
        "endpoint in Stripe's Dashboard."
    )


def _lost_holds() -> str:
    held = (
        Payment.objects.awaiting_capture()
        .filter(
            account=known_account(),
            order__isnull=False,
            capture_before__gt=clock.now(),
            capture_before__lt=clock.now() + GIVEN_UP_WITHIN,
        )
        .exclude(requests__status__in=Work.OPEN)
        .select_related("order")[:MOST_HOLDS]
    )
    lost = [
        payment
        for payment in held
        if payment.order is not None and policy.at_deadline(payment.order) == "release"
    ]
    if not lost:
        return ""
    return (
        f"{len(lost)} of the payments to capture are given up within a day unless somebody decides "
        "on them."
    )


def _lacking_keys() -> str:
    """Whoever lacks a key gets one first, if some have come; then which things lack keys."""
    shipping.hand_out_late()
    waiting = handing_out.waiting()
    skus = sorted(set(waiting.values_list("order_line__sku", flat=True)))
    if not skus:
        return ""
    named = ", ".join(skus[:MOST_SKUS]) + (" and more" if len(skus) > MOST_SKUS else "")
    return (
        f"{waiting.count()} paid orders wait for license keys of {named}. Paste new ones in "
        "“Digital goods”; they are handed out at once."
    )


LOOKS: dict[str, Callable[[], str]] = {
    Kind.KEY: _refused_key,
    Kind.WEBHOOKS: _silent_webhooks,
    Kind.HOLDS: _lost_holds,
    Kind.KEYS: _lacking_keys,
}
# What is done once a trouble is over.
ENDS: dict[str, Callable[[], None]] = {Kind.KEY: _go_on}
