"""The rows: their state, the bell for them, and which of them are due."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar, Self

import structlog
from celery import current_app
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from kombu.exceptions import OperationalError

from shop.work.outcomes import TAKE_APART, Outcome

log = structlog.get_logger(__name__)


# From here on one bell rings for all: each is a message, and half a second without a broker.
MANY = 20


class WorkQuerySet(models.QuerySet[Any]):
    def open(self) -> Self:
        """What is still to do, by a worker."""
        return self.filter(status__in=Work.OPEN)

    def unfinished(self) -> Self:
        """What is to do or was given up: whether it was carried out nobody knows yet."""
        return self.exclude(status=Work.Status.DONE)

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
    # What is done first of all that is due; a kind's index follows it.
    ORDER: ClassVar[Sequence[Any]] = ["run_at"]
    MAX_ATTEMPTS: ClassVar[int] = 30
    SLOWEST_RETRY: ClassVar[timedelta] = timedelta(minutes=10)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.READY)
    outcome = models.CharField(max_length=200, choices=Outcome.choices, blank=True)
    detail = models.CharField(max_length=200, blank=True, db_default="")
    attempts = models.PositiveIntegerField(default=0)
    crashes = models.PositiveIntegerField(default=0)
    run_at = models.DateTimeField(db_default=Now())
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

    @property
    def standing(self) -> str:
        """What came of it, or how it stands until then, for staff."""
        if self.result or self.status == self.Status.DONE:
            return self.result
        if self.status == self.Status.DEAD:
            return "given up"
        return "waits, and is tried again" if self.last_error else "under way"

    @property
    def trouble(self) -> str:
        """What its last try met, for staff: without the name of the error."""
        name, colon, sentence = self.last_error.partition(": ")
        return sentence if colon and name.isidentifier() else self.last_error

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


def ring_for_all(kind: type[Work]) -> None:
    """Ring now for whatever is due, without waiting for the next look of the sweep."""
    kind()._send_task(kind.DRAIN_TASK)


def kinds() -> list[type[Work]]:
    """Every concrete kind of work."""
    return Work.__subclasses__()


def due(kind: type[Work]) -> "models.QuerySet[Any]":
    """Rows to be done now: ready and their time has come, or leased and the lease has ended."""
    return kind._default_manager.filter(
        Q(status=Work.Status.READY, run_at__lte=Now())
        | Q(status=Work.Status.LEASED, lease_until__lte=Now())
    )


def past_due(kind: type[Work], *, by: timedelta) -> int:
    """How many rows have been waiting longer than `by`."""
    return due(kind).filter(run_at__lt=Now() - by).count()
