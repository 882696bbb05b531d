"""Work rows: what must happen outside the database, or later, is a row first.

The row is written in the transaction that decides the work. A Celery message only rings the bell
for it; a sweep rings again for whatever is due. So losing the broker, a worker or a message loses
nothing. Leases and retries use the wall clock, never business time.
"""

import random
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any, ClassVar, Self

import pgtrigger
import structlog
from celery import current_app
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from kombu.exceptions import OperationalError

log = structlog.get_logger(__name__)

# Above Celery's hard time limit of 65 s: a lease never ends while its task may still run.
LEASE = timedelta(seconds=75)
# A row that took its worker down this often is poison, whatever its attempts allow.
CRASHES_ALLOWED = 5
BATCH = 50
# From here on one bell rings for all: each is a message, and half a second without a broker.
MANY = 20
# In seconds: the last row that is begun still ends within Celery's soft time limit of 55.
DRAIN_FOR = 40


class LeaseLost(Exception):
    """Another worker holds the row now; the transaction of this one must not stand."""


class TryLater(Exception):
    """The work cannot be done yet; the row is tried again after `after`, or after a backoff."""

    def __init__(self, reason: str, *, after: timedelta | None = None) -> None:
        super().__init__(reason)
        self.after = after


class Impossible(Exception):
    """The work can never be done; a person has to look."""


class Outcome(models.TextChoices):
    """What came of a piece of work, in the words that staff read; `detail` says more.

    Code decides by these and never by a detail.
    """

    CARRIED_OUT = "carried out"
    SEEN = "seen"  # an earlier try had done it after all
    REFUSED = "refused"  # a definite no: the same call would be refused again
    GONE = "gone at Stripe"
    OVERTAKEN = "overtaken"
    OPENED = "opened"
    SETTLED = "settled"
    IGNORED = "ignored"
    WRONG_MODE = "wrong_mode"
    NOTED = "noted"  # the detail is a sentence of its own
    STOCK_TAKEN = "stock taken"
    OUT_OF_STOCK = "out of stock"
    NOTHING_TO_PREPARE = "nothing to prepare"
    SENT = "sent"
    FETCHED = "fetched"
    TOLD = "told"
    TAKEN_OVER = "taken over"


# The release before wrote outcome and detail as one text. Its processes may still run while this
# one migrates: what they write is taken apart here, so that nobody reads a refusal as none. To go,
# and the column to become as short as its longest word, in the release after.
TAKE_APART = pgtrigger.Trigger(
    name="take_outcome_apart",
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("outcome"),  # type: ignore[no-untyped-call]
    when=pgtrigger.Before,
    func="""
        IF NEW.outcome ~ '^(refused|ignored|out of stock|gone at Stripe): ' THEN
            NEW.detail := substr(NEW.outcome, strpos(NEW.outcome, ': ') + 2);
            NEW.outcome := split_part(NEW.outcome, ': ', 1);
        ELSIF NEW.outcome NOT IN ('', {words}) THEN
            NEW.detail := NEW.outcome;
            NEW.outcome := 'noted';
        END IF;
        RETURN NEW;
    """.replace("{words}", ", ".join(f"'{outcome.value}'" for outcome in Outcome)),
)


class WorkQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        """What is still to do, by a worker."""
        return self.filter(status__in=Work.OPEN)

    def refused(self) -> Self:
        """What was answered with a definite no."""
        return self.filter(outcome=Outcome.REFUSED)


class Work(models.Model):
    """One piece of work: ready, leased by a worker, done, or dead (waiting for a person)."""

    class Status(models.TextChoices):
        READY = "ready"
        LEASED = "leased"
        DONE = "done"
        DEAD = "dead"

    OPEN = [Status.READY, Status.LEASED]

    # What rings for one row, what rings for all that is due, and the queue both go to.
    TASK: ClassVar[str]
    DRAIN_TASK: ClassVar[str]
    QUEUE: ClassVar[str]
    MAX_ATTEMPTS: ClassVar[int] = 30
    SLOWEST_RETRY: ClassVar[timedelta] = timedelta(minutes=10)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.READY)
    outcome = models.CharField(max_length=200, choices=Outcome.choices, blank=True)
    detail = models.CharField(max_length=200, blank=True, db_default="")
    attempts = models.PositiveIntegerField(default=0)
    crashes = models.PositiveIntegerField(default=0)
    run_at = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True, blank=True)
    lease_token = models.UUIDField(null=True, blank=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = WorkQuerySet.as_manager()

    class Meta:
        abstract = True
        triggers = [TAKE_APART]
        constraints = [
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_lease_has_a_token",
                condition=Q(status="leased", lease_token__isnull=False, lease_until__isnull=False)
                | (~Q(status="leased") & Q(lease_token__isnull=True)),
            ),
            models.CheckConstraint(
                name="%(app_label)s_%(class)s_outcome_is_known",
                condition=Q(outcome__in=["", *Outcome.values]),
            ),
        ]
        indexes = [
            models.Index(
                fields=["run_at"], name="%(class)s_due", condition=Q(status__in=["ready", "leased"])
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.status in self.OPEN

    @property
    def is_refused(self) -> bool:
        """Whether the answer was a definite no."""
        return self.outcome == Outcome.REFUSED

    @property
    def result(self) -> str:
        """Outcome and detail as one sentence, for staff."""
        if self.outcome == Outcome.NOTED:
            return self.detail
        return ": ".join(filter(None, [self.outcome, self.detail]))

    def ring(self) -> None:
        """Ring on commit. A dead broker breaks nothing: the sweep rings again."""
        transaction.on_commit(self._send, robust=True)

    def _send(self) -> None:
        self._send_task(self.TASK, row_id=str(self.id))

    def _send_to_all(self) -> None:
        self._send_task(self.DRAIN_TASK)

    def _send_task(self, task: str, **about: str) -> None:
        try:
            current_app.send_task(task, kwargs=about, queue=self.QUEUE)
        except OperationalError as error:
            # In one line: while the broker is away this happens at every request.
            log.warning("bell not rung", kind=self._meta.label, row=str(self.pk), why=str(error))


def ring(rows: Sequence[Work]) -> None:
    """Ring on commit for rows of one kind: for each, or once for all when there are many."""
    if len(rows) >= MANY:
        transaction.on_commit(rows[0]._send_to_all, robust=True)
        return
    for row in rows:
        row.ring()


def kinds() -> list[type[Work]]:
    """Every concrete kind of work."""
    return Work.__subclasses__()


def due(kind: type[Work]) -> "models.QuerySet[Any]":
    """Rows to be done now: ready and their time has come, or leased and the lease has ended."""
    now = timezone.now()
    return kind._default_manager.filter(
        Q(status=Work.Status.READY, run_at__lte=now)
        | Q(status=Work.Status.LEASED, lease_until__lte=now)
    )


def claim(kind: type[Work], row_id: str | uuid.UUID) -> Any | None:
    """Lease one due row for this worker and commit that; None when it is done, taken or not due."""
    return next(_lease(kind, due(kind).filter(pk=row_id), limit=1), None)


def _lease(kind: type[Work], rows: "models.QuerySet[Any]", *, limit: int) -> Iterator[Any]:
    with transaction.atomic(durable=True):
        found = list(rows.order_by("run_at").select_for_update(skip_locked=True)[:limit])
        now = timezone.now()
        for row in found:
            row.crashes += row.status == Work.Status.LEASED
            row.attempts += 1
            row.status, row.lease_token, row.lease_until = (
                Work.Status.LEASED,
                uuid.uuid4(),
                now + LEASE,
            )
        kind._default_manager.bulk_update(
            found, ["status", "attempts", "crashes", "lease_token", "lease_until"]
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
        run_at=timezone.now() + after,
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
        status=Work.Status.READY, attempts=0, crashes=0, run_at=timezone.now()
    )


def run(kind: type[Work], row_id: str | uuid.UUID, body: Callable[[Any], None]) -> bool:
    """Claim one row and do its work; False when there was nothing to claim."""
    row = claim(kind, row_id)
    if row is None:
        return False
    _do(row, body)
    return True


def drain(kind: type[Work], body: Callable[[Any], None], *, limit: int = BATCH) -> int:
    """Do what is due, one leased row after the other; returns how many were done."""
    done, until = 0, time.monotonic() + DRAIN_FOR
    while done < limit and time.monotonic() < until:
        row = next(_lease(kind, due(kind), limit=1), None)
        if row is None:
            break
        _do(row, body)
        done += 1
    return done


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


def past_due(kind: type[Work], *, by: timedelta) -> int:
    """How many rows have been waiting longer than `by`."""
    return due(kind).filter(run_at__lt=timezone.now() - by).count()
