"""One pace for all: threads and processes together."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from shop import models
from shop.http.rate_limit import RateLimit

pytestmark = pytest.mark.django_db(transaction=True)

PACE = RateLimit("a test", per_second=14, at_once=3)


def take_turns(count: int) -> list[float]:
    moments = []
    for _ in range(count):
        PACE.wait()
        moments.append(time.time())
    connection.close()
    return moments


IN_A_PROCESS = """
import time
import django
django.setup()
from shop.http.rate_limit import RateLimit
for _ in range(15):
    RateLimit("a test", per_second=14, at_once=3).wait()
    print(time.time())
"""


def started() -> "subprocess.Popen[str]":
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
    return subprocess.Popen(
        [sys.executable, "-c", IN_A_PROCESS], env=environment, stdout=subprocess.PIPE, text=True
    )


def most_in_a_second(moments: list[float]) -> int:
    moments = sorted(moments)
    return max(sum(start <= one < start + 1 for one in moments) for start in moments)


@pytest.mark.proof
def test_threads_and_processes_keep_one_pace() -> None:
    """Guard: the moment is taken from the database."""
    processes = [started(), started()]
    with ThreadPoolExecutor(4) as pool:
        moments = [one for some in pool.map(take_turns, [15] * 4) for one in some]
    moments += [float(line) for one in processes for line in one.communicate()[0].split()]

    assert len(moments) == 90
    assert most_in_a_second(moments) < 20


def test_after_a_rest_a_few_go_at_once() -> None:
    slow = RateLimit("a slow one", per_second=4, at_once=3)
    slow.wait()
    time.sleep(0.8)

    began = time.monotonic()
    for _ in range(3):
        slow.wait()

    assert time.monotonic() - began < 1 / 4


def test_a_clock_that_was_set_back_holds_nobody_up() -> None:
    models.Pace.objects.create(name="a test", free_at=timezone.now() + timedelta(hours=1))

    began = time.monotonic()
    take_turns(2)

    assert time.monotonic() - began < 1


def test_nobody_waits_within_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        PACE.wait()
