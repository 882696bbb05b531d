"""Deliveries as Stripe makes them: an event, signed, posted."""

import hashlib
import hmac
import json
import time
import uuid
from typing import Any

from django.test import Client

SECRET = "whsec_only_for_tests"


def signature(body: bytes, *, at: int | None = None, secret: str = SECRET) -> str:
    """The header that Stripe would send with this body."""
    moment = int(time.time()) if at is None else at
    return f"t={moment},v1={digest(body, moment, secret)}"


def digest(body: bytes, moment: int, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()


def deliver(client: Client, body: bytes | dict[str, Any], header: str | None = None) -> Any:
    """POST to the webhook; signed well unless a header is given."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    signed = signature(raw) if header is None else header
    return client.post(
        "/webhook", raw, content_type="application/json", headers={"stripe-signature": signed}
    )


def event(event_type: str = "checkout.session.completed", **fields: Any) -> dict[str, Any]:
    """A snapshot event about an object that nobody knows, or about what `told` says."""
    return {
        "id": f"evt_{uuid.uuid4().hex}",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": int(time.time()),
        "livemode": False,
        "type": event_type,
        "data": {"object": {"id": "cs_test_nobody", "object": "checkout.session", **fields}},
    }
