"""What an endpoint gets of an event: its body and the signature over it."""

import hashlib
import hmac
import json
import time

from fake_stripe.engine.transaction import public
from fake_stripe.schema import Object


def payload(event: Object, endpoint: Object) -> bytes:
    """The body as this endpoint gets it, with its own API version."""
    sent = public(event) | {"api_version": endpoint["api_version"] or event["api_version"]}
    return json.dumps(sent, indent=2, ensure_ascii=False).encode()


def signature(body: bytes, secrets: list[str], moment: int | None = None) -> str:
    """The Stripe-Signature header, one `v1` for each valid secret; its time is always wall time.

    In test mode a false signature of another scheme, `v0`, comes with it, which nobody may accept
    (docs.stripe.com/webhooks, "Verify webhook signatures manually").
    """
    moment = int(time.time()) if moment is None else moment
    message = f"{moment}.".encode() + body
    digests = [hmac.new(secret.encode(), message, hashlib.sha256) for secret in secrets]
    false = hmac.new(b"", message, hashlib.sha256).hexdigest()
    parts = [f"t={moment}", *(f"v1={digest.hexdigest()}" for digest in digests), f"v0={false}"]
    return ",".join(parts)


def secrets_of(endpoint: Object, now: int) -> list[str]:
    """The secrets that are valid: the present one, and one that was rolled a short while ago."""
    private = endpoint["_"]
    earlier = private.get("earlier") or {"until": 0}
    return [private["secret"], *([earlier["secret"]] if earlier["until"] > now else [])]
