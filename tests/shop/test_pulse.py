"""Which part of the machinery is silent: none is blamed for the silence of another."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from celery import current_app
from django.db import connection
from django.utils import timezone

from shop import pulse, tasks
from shop.models import Heartbeat

pytestmark = pytest.mark.django_db(transaction=True)

WORKERS, BEAT, SWEEP = pulse.Part


@pytest.fixture(autouse=True)
def an_hour_old(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "_began", timezone.now() - timedelta(hours=1))


def last_heard(*parts: str, minutes_ago: int) -> None:
    at = timezone.now() - timedelta(minutes=minutes_ago)
    for part in parts:
        Heartbeat.objects.update_or_create(name=part, defaults={"at": at})


def silent() -> list[pulse.Part]:
    return [one.part for one in pulse.silences()]


@contextmanager
def a_worker() -> Iterator[None]:
    """Takes one message of the sweep's queue and leaves the heartbeat that it asks for."""

    def take() -> None:
        message = queue.get(timeout=60)
        if message.headers["task"] == tasks.heartbeat.name:
            tasks.heartbeat()
        connection.close()

    with current_app.connection_for_read() as broker, broker.SimpleQueue("sweep") as queue:
        queue.clear()
        thread = threading.Thread(target=take)
        thread.start()
        yield
        thread.join()


# T5
def test_workers_that_beat_no_longer_asks_are_asked_before_they_are_missed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pulse, "ANSWERS_WITHIN", 60)  # over as soon as one has answered
    last_heard(WORKERS, BEAT, SWEEP, minutes_ago=10)

    with a_worker():
        found = silent()

    assert found == [BEAT, SWEEP]


# T5
def test_while_workers_are_missed_nobody_waits_for_them_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pulse, "ANSWERS_WITHIN", 3600)  # whoever waits is never done
    last_heard(WORKERS, BEAT, SWEEP, minutes_ago=10)
    last_heard(pulse.MISSED, minutes_ago=0)

    assert silent() == [WORKERS]


# T5
def test_when_workers_come_back_nobody_else_was_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pulse, "ANSWERS_WITHIN", 0)
    last_heard(WORKERS, BEAT, SWEEP, minutes_ago=10)
    away = silent()
    tasks.heartbeat()

    back = silent()
    last_heard(pulse.MISSED, minutes_ago=9)
    then = silent()

    assert (away, back, then) == ([WORKERS], [], [BEAT, SWEEP])
