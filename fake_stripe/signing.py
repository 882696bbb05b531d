"""What an endpoint gets of an event: its body and the signature over it."""

import hashlib
import hmac
import json
import time

from fake_stripe.schema import Object
from fake_stripe.transaction import public


def payload(event: Object, endpoint: Object) -> bytes:
    """The body as this endpoint gets it, with its own API version."""
    sent = public(event) | {"api_version": endpoint["api_version"] or event["api_version"]}
    return json.dumps(sent, indent=2, ensure_ascii=False).encode()


def signature(body: bytes, secret: str, moment: int | None = None) -> str:
    """The Stripe-Signature header; its time is always wall time."""
    moment = int(time.time()) if moment is None else moment
    message = f"{moment}.".encode() + body
    digest = hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"
