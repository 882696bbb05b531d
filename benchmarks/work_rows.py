"""What the work rows cost beside bare Celery messages that do nothing and are lost in a crash."""

import time
import uuid
from collections.abc import Callable
from time import perf_counter

from celery import current_app
from django.db import transaction
from django.utils import timezone

from benchmarks.figures import Figure
from payments.models import WebhookEvent
from shop.work import Work

ROWS = 300
GIVE_UP_AFTER = 60.0


def measure() -> list[Figure]:
    """Work rows done in a second, and bare messages in a second."""
    rows, messages = a_second(write_rows, rows_done), a_second(send_messages, messages_done)
    return [
        Figure("Work rows written, rung, claimed, finished", f"{rows:.0f} a second"),
        Figure(
            "  bare Celery messages that do nothing",
            f"{messages:.0f} a second",
            f"{messages / rows:.1f} times as many",
        ),
    ]


def a_second(begin: Callable[[], None], done: Callable[[], int]) -> float:
    """How many of `ROWS` that `begin` starts are done in a second, as `done` counts them."""
    before, began = done(), perf_counter()
    begin()
    while done() - before < ROWS:
        if perf_counter() - began > GIVE_UP_AFTER:
            raise SystemExit(f"The workers did not finish within {GIVE_UP_AFTER:.0f} s.")
        time.sleep(0.02)
    return ROWS / (perf_counter() - began)


def write_rows() -> None:
    """Events about nothing: a worker claims each and finishes it."""
    for _ in range(ROWS):
        row = WebhookEvent(
            stripe_event_id=f"evt_{uuid.uuid4().hex}",
            type="made.up.row",
            livemode=False,
            stripe_created_at=timezone.now(),
            payload={},
        )
        with transaction.atomic():
            row.save(force_insert=True)
            row.ring()


def rows_done() -> int:
    """How many of the made-up rows are done."""
    return WebhookEvent.objects.filter(type="made.up.row", status=Work.Status.DONE).count()


def send_messages() -> None:
    """Send `ROWS` messages that ask for nothing worth doing."""
    for _ in range(ROWS):
        current_app.send_task("celery.accumulate", queue="inbox")


def messages_done() -> int:
    """As the workers count them."""
    told = current_app.control.inspect(timeout=0.3).stats() or {}
    return sum(worker["total"].get("celery.accumulate", 0) for worker in told.values())
