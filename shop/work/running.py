"""Claiming a row, doing its work, and finishing, retrying or giving it up."""

import random
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import structlog
from django.db import InterfaceError, OperationalError, models, transaction
from django.db.models.functions import Now
from django.utils import timezone

from shop.work.outcomes import Outcome
from shop.work.rows import Work, due, ring, ring_for_all

log = structlog.get_logger(__name__)

# Above Celery's hard time limit of 65 s: a lease never ends while its task may still run.
LEASE = timedelta(seconds=75)


# A row that took its worker down this often is poison, whatever its attempts allow.
CRASHES_ALLOWED = 5


BATCH = 50


# In seconds: the last row that is begun still ends within Celery's soft time limit of 55.
DRAIN_FOR = 40


class LeaseLost(Exception):
    """Another worker holds the row now; the transaction of this one must not stand."""


class TryLater(Exception):
    """The work cannot be done yet; the row is tried again after `after`, or after a backoff."""

    def __init__(self, reason: str, *, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Away(TryLater):
    """Somebody outside does not answer, or does not let us in: the row waits, however long.

    It says nothing about the row itself, so that no number of attempts makes it dead.
    """


class Impossible(Exception):
    """The work can never be done; a person has to look."""


# What ends by itself or is mended by a person elsewhere: Stripe, and our own database.
WAITED_OUT = (Away, OperationalError, InterfaceError)


def claim(kind: type[Work], row_id: str | uuid.UUID) -> Any | None:
    """Lease one due row for this worker and commit that; None when it is done, taken or not due."""
    return next(_lease(kind, due(kind).filter(pk=row_id), limit=1), None)


def _lease(kind: type[Work], rows: "models.QuerySet[Any]", *, limit: int) -> Iterator[Any]:
    with transaction.atomic(durable=True):
        found = list(rows.order_by(*kind.ORDER).select_for_update(skip_locked=True)[:limit])
        for row in found:
            row.crashes += row.status == Work.Status.LEASED
            row.attempts += 1
            row.status, row.lease_token = Work.Status.LEASED, uuid.uuid4()
            kind._default_manager.filter(pk=row.pk).update(
                status=row.status,
                attempts=row.attempts,
                crashes=row.crashes,
                lease_token=row.lease_token,
                lease_until=Now() + LEASE,
            )
    yield from found


def finish(row: Work, outcome: Outcome, detail: str = "") -> None:
    """Mark the row done, in the transaction of its effect. Raises LeaseLost."""
    changed = _held(row).update(
        status=Work.Status.DONE,
        outcome=outcome,
        detail=detail[:200],
        finished_at=timezone.now(),
        lease_token=None,
        lease_until=None,
        last_error="",
    )
    if not changed:
        raise LeaseLost(f"{row._meta.object_name} {row.pk} is no longer held by this worker.")
    row.status, row.outcome, row.detail = Work.Status.DONE, outcome, detail[:200]


def retry(row: Work, error: BaseException) -> None:
    """Put the row back for later: at the error's own time, else with full jitter."""
    after = getattr(error, "after", None) or _backoff(row)
    _held(row).update(
        status=Work.Status.READY,
        run_at=Now() + after,
        lease_token=None,
        lease_until=None,
        last_error=_sentence(error),
    )


def give_up(row: Work, error: BaseException) -> None:
    """Leave the row to a person."""
    _held(row).update(
        status=Work.Status.DEAD, lease_token=None, lease_until=None, last_error=_sentence(error)
    )
    log.error("work is dead", kind=row._meta.label, row=str(row.pk), error=_sentence(error))


def revive(rows: "models.QuerySet[Any]") -> int:
    """Give dead rows a new life, from the start; returns how many."""
    return rows.filter(status=Work.Status.DEAD).update(
        status=Work.Status.READY, attempts=0, crashes=0, run_at=Now()
    )


def wake(kind: type[Work], met: str) -> int:
    """Let rows whose last try met this (a pattern) be tried now; returns how many."""
    waits = kind._default_manager.filter(status=Work.Status.READY, run_at__gt=Now())
    woken = waits.filter(last_error__regex=met).update(run_at=Now())
    if woken:
        transaction.on_commit(partial(ring_for_all, kind), robust=True)
    return woken


def repeat(rows: "models.QuerySet[Any]") -> int:
    """Let rows be done once more, whatever came of them; returns how many.

    One that a worker holds is left to it. For work that may be done twice.
    """
    with transaction.atomic():
        found = list(rows.exclude(status=Work.Status.LEASED).select_for_update(skip_locked=True))
        rows.filter(pk__in=[row.pk for row in found]).update(
            status=Work.Status.READY,
            outcome="",
            detail="",
            attempts=0,
            crashes=0,
            run_at=timezone.now(),
            finished_at=None,
        )
        ring(found)
    return len(found)


def run(kind: type[Work], row_id: str | uuid.UUID, body: Callable[[Any], None]) -> bool:
    """Claim one row and do its work; False when there was nothing to claim."""
    row = claim(kind, row_id)
    if row is None:
        return False
    _do(row, body)
    return True


def drain(kind: type[Work], body: Callable[[Any], None], *, limit: int = BATCH) -> int:
    """Do what is due, one leased row after the other; returns how many were done.

    What is left after so many, or so long, is rung for again: a backlog goes on at once.
    """
    done, until = 0, time.monotonic() + DRAIN_FOR
    while do_next(kind, body):
        done += 1
        if done >= limit or time.monotonic() >= until:
            if due(kind).exists():
                ring_for_all(kind)
            break
    return done


def do_next(kind: type[Work], body: Callable[[Any], None]) -> bool:
    """Do the one row that comes next; False when none is due."""
    row = next(_lease(kind, due(kind), limit=1), None)
    if row is not None:
        _do(row, body)
    return row is not None


def _do(row: Work, body: Callable[[Any], None]) -> None:
    """Run the body, which must finish the row in the transaction of its effect."""
    if row.crashes >= CRASHES_ALLOWED:
        give_up(row, Impossible(f"Its worker was lost {row.crashes} times."))
        return
    try:
        body(row)
        if _held(row).exists():
            retry(row, TryLater("Its body ended without finishing it."))
    except LeaseLost:
        log.warning("lease lost", kind=row._meta.label, row=str(row.pk))
    except Impossible as error:
        give_up(row, error)
    except WAITED_OUT as error:
        log.warning("work waits", kind=row._meta.label, row=str(row.pk), error=_sentence(error))
        retry(row, error)
    except Exception as error:  # noqa: BLE001 - a row that fails must never be lost
        log.warning("work failed", kind=row._meta.label, row=str(row.pk), error=_sentence(error))
        (give_up if row.attempts >= row.MAX_ATTEMPTS else retry)(row, error)


def _held(row: Work) -> "models.QuerySet[Any]":
    return type(row)._default_manager.filter(
        pk=row.pk, status=Work.Status.LEASED, lease_token=row.lease_token
    )


def _backoff(row: Work) -> timedelta:
    ceiling = min(row.SLOWEST_RETRY.total_seconds(), 2.0 ** min(row.attempts, 20))
    return timedelta(seconds=random.uniform(0.5, max(ceiling, 1.0)))  # noqa: S311


def _sentence(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:2000]
