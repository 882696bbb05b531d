"""The official Stripe CLI talks to the stand-in as to Stripe."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.clients.installed import environment, stripe_cli
from tests.fake_stripe.protocol.test_command_line import REQUESTS
from tests.fake_stripe.rig import Fake, Receiver, receiving
from tests.support.waiting import PATIENCE, eventually

TRIGGERS = [
    "product.created",
    "price.created",
    "customer.created",
    "checkout.session.expired",
    "payment_intent.amount_capturable_updated",
    "charge.captured",
    "payment_intent.canceled",
    "charge.refunded",
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "checkout.session.async_payment_failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "setup_intent.succeeded",
    "setup_intent.requires_action",
]


def run(fake: Fake, home: Path, *arguments: str) -> str:
    """Run the command line against the stand-in; what it printed."""
    command = [str(stripe_cli()), *arguments, "--api-base", fake.url]
    done = subprocess.run(
        [*command, "--api-key", "sk_test_123456789012"],
        env=environment(home), capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("trigger", TRIGGERS)
def test_trigger_brings_about_its_event(fake: Fake, tmp_path: Path, trigger: str) -> None:
    said = run(fake, tmp_path, "trigger", trigger)

    assert "Trigger succeeded" in said
    # Where a bank has to answer, it does so by the clock.
    fake.control("clock", {"advance": 10})
    assert trigger in fake.types()


def test_event_is_resent_to_an_endpoint(fake: Fake, tmp_path: Path) -> None:
    with receiving() as receiver:
        arrive_once(fake, receiver)
        event = receiver.events()[0]["id"]
        endpoint = fake.v1.webhook_endpoints.list().data[0].id

        run(fake, tmp_path, "events", "resend", event, "--webhook-endpoint", endpoint)
        eventually(lambda: len(receiver.got) == 2)

        assert [one["id"] for one in receiver.events()] == [event, event]


def arrive_once(fake: Fake, receiver: Receiver) -> None:
    fake.control("webhooks", {"endpoint": receiver.url})
    fake.v1.customers.create({"email": "ada@example.com"})
    eventually(lambda: len(receiver.got) == 1)


def test_objects_are_listed(fake: Fake, tmp_path: Path) -> None:
    product = fake.v1.products.create({"name": "Kettle"}).id

    listed = json.loads(run(fake, tmp_path, "products", "list"))

    assert [one["id"] for one in listed["data"]] == [product]


def test_the_requests_that_are_replayed_without_the_program_are_its_own(
    fake: Fake, tmp_path: Path
) -> None:
    """tests/fake_stripe/protocol/test_command_line.py replays them where there is no npm."""
    assert list(REQUESTS) == TRIGGERS
    for trigger in TRIGGERS:
        fake.control("reset", {})
        run(fake, tmp_path, "trigger", trigger)
        sent = [(row["method"], row["path"]) for row in fake.control("requests")["data"]]
        kept = [row for row in REQUESTS[trigger] if row["method"] == "POST"]

        assert [method for method, _ in sent] == [row["method"] for row in kept], trigger
        for (_, path), row in zip(sent, kept, strict=True):
            pattern = re.sub(r"\\\{[\w.\\]+\\\}", r"\\w+", re.escape(row["path"]))
            assert re.fullmatch(pattern, path), (trigger, path)
