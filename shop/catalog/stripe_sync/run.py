"""Telling Stripe all that is due."""

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import QuerySet
from django.utils import timezone

from shop import work
from shop.catalog.models import CatalogSync
from shop.catalog.stripe_plan import queue
from shop.catalog.stripe_plan.baseline import TOLD
from shop.catalog.stripe_sync import api, pull, push
from shop.catalog.stripe_sync.difference import Difference

# Above the lease of a row: what a killed process had in hand comes back within it.
PATIENCE = 100
# Variants queued with one set of statements; a stopped command leaves no more than these.
CHUNK = 100


@dataclass(frozen=True)
class Applied:
    """How many changes were told, and what Stripe had changed."""

    told: int
    found: list[Difference]


def apply(progress: Callable[[int, int], None] = lambda _done, _total: None) -> Applied:
    """Take over what only Stripe changed, then queue every change of ours and push the rows.

    Others may do so at the same time; it may be stopped and resumed.

    Gives up waiting when nothing moves any more: the rest stays queued, for the workers.
    """
    found = pull.pull()
    started = timezone.now()
    variants, total = _variants_and_changes()
    for first in range(0, len(variants), CHUNK):
        queue.queue_many(variants[first : first + CHUNK], ring=False, again=True)
        while push_one():
            progress(min(told_since(started), total), total)
    told, moved_at = 0, time.monotonic()
    while open_rows().exists() and time.monotonic() - moved_at < PATIENCE:
        if not push_one():
            time.sleep(0.5)
        if (now_told := told_since(started)) > told:
            told, moved_at = now_told, time.monotonic()
            progress(min(told, total), total)
    return Applied(told_since(started), found)


def _variants_and_changes() -> tuple[list[int], int]:
    """The ids of the variants to tell of, and how many calls that will be.

    Nothing else of the plan is kept: it may be that of a hundred thousand variants.
    """
    count: Counter[int] = Counter(change.variant.pk for change in api.plan())
    return list(count), count.total()


def drain() -> None:
    """Push what is due, for as long as a task may take."""
    work.drain(CatalogSync, partial(push.push, ring=False))


def push_one() -> bool:
    """Push one row that is due; False when none is."""
    return work.do_next(CatalogSync, partial(push.push, ring=False))


def open_rows() -> "QuerySet[CatalogSync]":
    """The changes that Stripe has yet to be told."""
    return CatalogSync.objects.open()


def told_since(moment: datetime) -> int:
    """How many changes Stripe has been told since a moment."""
    return CatalogSync.objects.filter(outcome=TOLD, finished_at__gte=moment).count()
