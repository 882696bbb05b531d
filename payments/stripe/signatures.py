"""What a delivery carries, once its signature shows that Stripe sent it."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import stripe
from django.conf import settings

from shop.stripe_client import storable

# Stripe signs each delivery afresh; a clock may run a little ahead or behind.
SIGNATURE_TOLERANCE = 300


class BadSignature(Exception):
    """The delivery was not signed by Stripe with one of our secrets."""


class NotAnEvent(Exception):
    """The delivery is signed well, but no event that can be stored."""


# What reading a text that may hold anything fails with.
UNREADABLE = (
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
    OverflowError,
    OSError,
    RecursionError,
)


def verified_event(payload: bytes, header: str) -> dict[str, Any]:
    """The event in a signed delivery. Raises BadSignature or NotAnEvent."""
    text = _signed_text(payload, header)
    try:
        event = storable(json.loads(text))
        _refuse_incomplete(event)
    except UNREADABLE as error:
        raise NotAnEvent(f"{type(error).__name__}: this is no snapshot event.") from error
    return dict(event)


def _signed_text(payload: bytes, header: str) -> str:
    try:
        text = payload.decode()
        _verify(text, header)
    except (ValueError, TypeError) as error:
        raise BadSignature(f"{type(error).__name__}: nobody can have signed this.") from error
    return text


def _refuse_incomplete(event: dict[str, Any]) -> None:
    """Look for all that storing needs, so that an error of storing is one of ours."""
    if event["object"] != "event" or not isinstance(event["data"]["object"], dict):
        raise ValueError("This is another object.")
    if not {"id", "type", "livemode"} <= event.keys():
        raise ValueError("This is a part of an event.")
    moment(event)
    # PostgreSQL's JSON has neither NaN nor infinity; Python's has.
    json.dumps(event, allow_nan=False)


def is_whole(event: dict[str, Any]) -> bool:
    """Whether an event of Stripe's list has all that storing needs."""
    try:
        _refuse_incomplete(event)
    except UNREADABLE:
        return False
    return True


def moment(event: dict[str, Any]) -> datetime:
    """When Stripe made the event."""
    return datetime.fromtimestamp(int(event["created"]), tz=UTC)


def _verify(text: str, header: str) -> None:
    for secret in settings.STRIPE_WEBHOOK_SECRETS:
        try:
            stripe.WebhookSignature.verify_header(text, header, secret, SIGNATURE_TOLERANCE)
        except stripe.SignatureVerificationError:
            continue
        # The library accepts any moment in the future; a replayed delivery could be one.
        if _signed_at(header) > time.time() + SIGNATURE_TOLERANCE:
            break
        return
    raise BadSignature("No secret of ours signed this.")


def _signed_at(header: str) -> int:
    """The moment that the library took into the signature: the first `t=` of the header."""
    return next(int(part[2:]) for part in header.split(",") if part.startswith("t="))
