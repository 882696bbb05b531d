"""Business time can be ahead in rehearsals, and never with a live key."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import Error, transaction
from django.utils import timezone

from shop import clock
from shop.models import Clock

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    """However long a test takes, the wall clock shows one moment."""
    with time_machine.travel(datetime(2026, 11, 30, 12, tzinfo=UTC), tick=False):
        yield


def ahead() -> timedelta:
    return clock.now() - timezone.now()


def test_business_time_is_the_wall_clock_at_first() -> None:
    assert clock.offset() == timedelta(0)
    assert ahead() == timedelta(0)


def test_it_moves_with_the_row_that_all_processes_read() -> None:
    Clock.objects.create(id=1, offset_seconds=7 * 86400)

    assert clock.offset() == timedelta(days=7)
    assert ahead() == timedelta(days=7)


def test_with_a_live_key_it_stands_on_the_wall_clock(settings: Any) -> None:
    """Guard: STRIPE_LIVE in clock.offset."""
    Clock.objects.create(id=1, offset_seconds=7 * 86400)
    settings.STRIPE_LIVE = True

    assert clock.offset() == timedelta(0)


def test_there_is_one_clock() -> None:
    with pytest.raises(Error, match="one_clock"), transaction.atomic():
        Clock.objects.create(id=2)
