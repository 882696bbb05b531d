"""One event on its way to one endpoint: posted, signed now, and answered."""

import logging
import time
from typing import Any

import aiohttp

from fake_stripe.events.signing import payload, secrets_of, signature
from fake_stripe.schema import Object

log = logging.getLogger("fake_stripe")

TIMEOUT = aiohttp.ClientTimeout(total=20)
# How much of an answer is kept.
KEPT = 500


async def post(
    session: aiohttp.ClientSession, event: Object, endpoint: Object, *, now: int
) -> dict[str, Any]:
    """Post an event; the answer in a few words. A redirect is an answer like any other."""
    body = payload(event, endpoint)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        "Accept": "*/*; q=0.5, application/xml",
        "Cache-Control": "no-cache",
        "Stripe-Signature": signature(body, secrets_of(endpoint, now)),
    }
    began = time.monotonic()
    answer: dict[str, Any] = {"at": round(time.time(), 3), "status": None}
    try:
        async with session.post(
            endpoint["url"], data=body, headers=headers, allow_redirects=False
        ) as response:
            answer["status"] = response.status
            answer["body"] = (await response.content.read(KEPT)).decode(errors="replace")
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
        answer["error"] = f"{type(error).__name__}: {error}"[:200]
    answer["milliseconds"] = round((time.monotonic() - began) * 1000)
    log.info("webhook %s %s -> %s", event["type"], endpoint["url"], answer["status"])
    return answer


def arrived(answer: dict[str, Any]) -> bool:
    """Whether the endpoint took the event."""
    return answer["status"] is not None and 200 <= answer["status"] < 300
