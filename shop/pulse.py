"""Whether the machinery lives: what workers, beat and the sweep leave behind, and how old it is."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from celery import current_app
from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from shop import clock
from shop.models import Heartbeat

# One beat may be late; three in a row mean that nobody is there.
BEATS = 3
# In seconds: so long who finds workers silent waits for one to say that it is there after all.
ANSWERS_WITHIN = 1.0
# When workers were last found missing (shop.models.Heartbeat): until then nobody else was heard.
MISSED = "missed"
# When a process of this shop last said that it is ready (shop.models.Heartbeat).
READY = "ready"
# What has been silent since before this process began may only have begun with it.
_began = timezone.now()


class Part(StrEnum):
    """A part of the machinery, and the name of what it leaves (shop.models.Heartbeat)."""

    WORKERS = "worker"
    # Only beat's own schedule rings for what is due; a heartbeat can be asked for by others.
    BEAT = "bell"
    SWEEP = "sweep"


@dataclass(frozen=True)
class Silence:
    """A part that has not been heard of for three beats, and since when."""

    part: Part
    since: datetime | None

    @property
    def sentence(self) -> str:
        when = f"since {clock.told(self.since)}" if self.since else "yet"
        return f"{SAID[self.part]} {when}."


SAID = {
    Part.WORKERS: "No worker has answered",
    Part.BEAT: "Beat has not rung for what is due",
    Part.SWEEP: "No whole round of the sweep has come to its end",
}


def silent_after() -> timedelta:
    """How old a heartbeat is of which three have been missed."""
    return BEATS * timedelta(seconds=settings.SWEEP_EVERY) + timedelta(seconds=5)


def heard() -> QuerySet[Heartbeat, tuple[str, datetime]]:
    """When each part was last heard of: (name, moment)."""
    return Heartbeat.objects.filter(name__in=[*Part, MISSED]).values_list("name", "at")


def was_ready_lately() -> bool:
    """Whether another process has said so within three beats: the shop is open."""
    since = timezone.now() - silent_after()
    return Heartbeat.objects.filter(name=READY, at__gt=since).exists()


def silences(last: Mapping[str, datetime] | None = None) -> list[Silence]:
    """The parts that are silent, by what was `heard` of them.

    Behind absent workers the others cannot be heard. A dead beat asks no worker for its heartbeat,
    so that workers count as absent only once they have not answered us either. The first to find
    them silent waits for that; while they are missed nobody waits again, for probes are impatient.
    """
    last = dict(heard()) if last is None else last
    if _is_silent(last.get(Part.WORKERS)):
        are_missed = not _is_silent(last.get(MISSED))
        if not ask_for_a_heartbeat() or are_missed or not _has_answered():
            Heartbeat.objects.update_or_create(name=MISSED, defaults={"at": timezone.now()})
            return [Silence(Part.WORKERS, last.get(Part.WORKERS))]
        last = dict(heard())
    since = last.get(MISSED)
    return [
        Silence(part, last.get(part))
        for part in (Part.BEAT, Part.SWEEP)
        if _is_silent(last.get(part)) and _is_silent(since)
    ]


def _has_answered() -> bool:
    """Whether a worker says in time that it is there."""
    until = time.monotonic() + ANSWERS_WITHIN
    while time.monotonic() < until:
        if not _is_silent(dict(heard()).get(Part.WORKERS)):
            return True
        time.sleep(0.05)
    return False


def ask_for_a_heartbeat() -> bool:
    """Have a worker say that it is there; False when the broker cannot be reached."""
    try:
        current_app.send_task("shop.heartbeat", queue="sweep", expires=30)
    except current_app.connection_for_write().recoverable_connection_errors:
        return False
    return True


def _is_silent(at: datetime | None) -> bool:
    return timezone.now() - max(at or _began, _began) > silent_after()
