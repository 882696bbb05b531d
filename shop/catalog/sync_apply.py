"""Telling Stripe all that is due, at a pace that its rate limits allow."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from shop import work
from shop.catalog import stripe_sync, sync_pull, sync_push, sync_queue
from shop.catalog.models import CatalogSync
from shop.catalog.sync_compare import Difference
from shop.catalog.sync_plan import TOLD, Change

# Requests a second: together below 20, and Stripe's limit for one endpoint is 25.
PACE_OF_COMMAND = 13
PACE_OF_WORKER = 6
# Above the lease of a row: what a killed process had in hand comes back within it.
PATIENCE = 100
# A task has 55 s; the last call may take ten of them.
TASK_SECONDS = 40
# Variants queued with one set of statements; a stopped command leaves no more than these.
CHUNK = 100


@dataclass(frozen=True)
class Applied:
    """How many changes were told, what Stripe had changed, and what is still not told."""

    told: int
    found: list[Difference]
    left: list[Change]


def apply(progress: Callable[[int, int], None] = lambda done, total: None) -> Applied:
    """Take over what only Stripe changed, then queue every change of ours and push the rows.

    Others may do so at the same time; it may be stopped and resumed.

    Gives up waiting when nothing moves any more: the rest stays queued, for the workers.
    """
    found = sync_pull.pull()
    started = timezone.now()
    variants, total = _variants_and_changes()
    for first in range(0, len(variants), CHUNK):
        sync_queue.queue_many(variants[first : first + CHUNK], ring=False, again=True)
        while push_one(pace=PACE_OF_COMMAND):
            progress(min(told_since(started), total), total)
    told, moved_at = 0, time.monotonic()
    while open_rows().exists() and time.monotonic() - moved_at < PATIENCE:
        if not push_one(pace=PACE_OF_COMMAND):
            time.sleep(0.5)
        if (now_told := told_since(started)) > told:
            told, moved_at = now_told, time.monotonic()
            progress(min(told, total), total)
    return Applied(told_since(started), found, stripe_sync.plan())


def _variants_and_changes() -> tuple[list[int], int]:
    """The ids of the variants to tell of, and how many calls that will be."""
    changes = stripe_sync.plan()
    return list(dict.fromkeys(change.variant.pk for change in changes)), len(changes)


def drain() -> None:
    """Push what is due, for as long as a task may take."""
    started = time.monotonic()
    while time.monotonic() - started < TASK_SECONDS and push_one(pace=PACE_OF_WORKER):
        pass


def push_one(*, pace: int) -> bool:
    """Push one row that is due, at `pace` requests a second at most; False when none is due."""
    started, requests = time.monotonic(), 1

    def push(row: CatalogSync) -> None:
        nonlocal requests
        requests = sync_push.requests_of(row)
        sync_push.push(row, ring=False)

    done = work.drain(CatalogSync, push, limit=1)
    time.sleep(max(0.0, requests / pace - (time.monotonic() - started)) if done else 0)
    return bool(done)


def open_rows() -> "QuerySet[CatalogSync]":
    return CatalogSync.objects.filter(
        status__in=[CatalogSync.Status.READY, CatalogSync.Status.LEASED]
    )


def told_since(moment: datetime) -> int:
    return CatalogSync.objects.filter(outcome=TOLD, finished_at__gte=moment).count()
