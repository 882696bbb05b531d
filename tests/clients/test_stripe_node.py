"""Stripe's library for Node drives the stand-in: a purchase, a page of a list, an error, a key."""

import json
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

from tests.clients.installed import node_modules
from tests.fake_stripe.rig import Fake, receiving
from tests.support.waiting import PATIENCE, eventually

SCRIPT = Path(__file__).with_name("purchase.mjs")


def test_purchase_with_the_node_library(fake: Fake) -> None:
    with receiving() as receiver:
        secret = fake.control("webhooks", {"endpoint": receiver.url})["secret"]
        fake.v1.customers.create({"email": "ada@example.com"})
        eventually(lambda: len(receiver.got) == 1)
        body, signature = receiver.got[0]
    event = {"body": body.decode(), "signature": signature, "secret": secret}

    told = json.loads(run(fake, json.dumps(event)))

    assert told == {
        "total": 3800,
        "line": "Kettle",
        "paid": ["complete", "paid", "succeeded"],
        "listed": 12,
        "error": ["StripeInvalidRequestError", "resource_missing", "customer"],
        "declined": ["StripeCardError", "card_declined", "insufficient_funds"],
        "replayed": True,
        "event": "customer.created",
        "forged": "StripeSignatureVerificationError",
    }


def run(fake: Fake, event: str) -> str:
    """Run the script against the stand-in; what it printed."""
    port = str(urlsplit(fake.url).port)
    library = node_modules() / "stripe"
    done = subprocess.run(
        ["node", str(SCRIPT), str(library), port],
        input=event, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
