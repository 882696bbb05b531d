"""One pace for all: threads and processes together."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from shop import models
from shop.http import rate_limit
from shop.http.rate_limit import Allowance, RateLimit
from tests.support.concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)

PACE = RateLimit("a test", per_second=14, at_once=3)


def take_turns(count: int) -> None:
    for _ in range(count):
        PACE.wait()
    connection.close()


IN_A_PROCESS = """
import django
django.setup()
from shop.http.rate_limit import RateLimit
for _ in range(15):
    RateLimit("a test", per_second=14, at_once=3).wait()
"""


def started() -> "subprocess.Popen[bytes]":
    database: dict[str, Any] = connection.settings_dict
    address = (
        f"postgresql://{database['USER']}:{database['PASSWORD']}@{database['HOST']}:"
        f"{database['PORT']}/{database['NAME']}"
    )
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "shop.settings",
        "DATABASE_URL": address,
    }
    return subprocess.Popen([sys.executable, "-c", IN_A_PROCESS], env=environment)


@pytest.mark.proof
def test_threads_and_processes_keep_one_pace() -> None:
    """Guard: the moment is taken from the database."""
    began = time.monotonic()
    processes = [started(), started()]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(take_turns, [15] * 4))
    ended = [one.wait() for one in processes]

    assert ended == [0, 0]
    # 90 turns in all: with a pace for each they would have had them in a fourth of the time.
    assert time.monotonic() - began >= (90 - PACE.at_once) / PACE.per_second


@pytest.fixture
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long each is told to wait, in seconds; nobody does."""
    pauses: list[float] = []
    monkeypatch.setattr(rate_limit, "time", SimpleNamespace(sleep=pauses.append))
    return pauses


def test_after_a_rest_a_few_go_at_once(pauses: list[float]) -> None:
    slow = RateLimit("a slow one", per_second=1, at_once=3)
    slow.wait()
    models.Pace.objects.update(free_at=timezone.now() - timedelta(hours=1))

    for _ in range(3):
        slow.wait()

    assert pauses == [0, 0, 0, 0]


def test_a_clock_that_was_set_back_holds_nobody_up(pauses: list[float]) -> None:
    models.Pace.objects.create(name="a test", free_at=timezone.now() + timedelta(hours=1))

    PACE.wait()
    PACE.wait()

    assert max(pauses) <= 1 / PACE.per_second


def test_nobody_waits_within_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        PACE.wait()


SOME = Allowance("tries", at_once=3, every=timedelta(hours=1))


def rewind(by: timedelta) -> None:
    """So much time goes by."""
    models.Pace.objects.update(free_at=F("free_at") - by)


def test_who_has_used_up_an_allowance_gets_it_back_one_by_one() -> None:
    assert [SOME.take("me") for _ in range(5)] == [True, True, True, False, False]
    assert SOME.take("you")

    rewind(timedelta(hours=1))

    assert [SOME.take("me") for _ in range(2)] == [True, False]
    rewind(timedelta(days=2))
    assert [SOME.take("me") for _ in range(4)] == [True, True, True, False]


def test_nobody_gets_more_at_the_same_moment() -> None:
    """Guard: the condition stands in the statement that takes."""
    taken = at_once([lambda: SOME.take("me") for _ in range(8)])

    assert sum(one is True for one in taken) == 3


def test_an_allowance_of_a_clock_that_was_set_back_begins_anew() -> None:
    SOME.take("me")
    rewind(-timedelta(days=1))

    assert SOME.take("me")


def test_what_nobody_asks_for_any_more_is_forgotten() -> None:
    """An address is kept for no longer than it counts, and never as such."""
    SOME.take("198.51.100.7")
    PACE.wait()
    rewind(timedelta(days=3))

    SOME.take("198.51.100.8")

    names = sorted(models.Pace.objects.values_list("name", flat=True))
    assert len(names) == 2
    assert names[0] == "a test"
    assert "198" not in names[1]
