"""A day in words, as it is where the shop is. # S-8"""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.utils import translation

from shop import clock
from shop.templatetags.dates import day, days

HALF_PAST_TWELVE = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "words"),
    [("UTC", "30. November 2026"), ("Europe/Vienna", "1. Dezember 2026")],
)
def test_at_half_past_midnight_it_is_today(settings: Any, zone: str, words: str) -> None:
    settings.TIME_ZONE = zone
    with translation.override("de"):
        assert day(HALF_PAST_TWELVE) == words


def test_a_day_without_a_time_is_that_day_everywhere(settings: Any) -> None:
    settings.TIME_ZONE = "America/Los_Angeles"

    assert day(date(2026, 12, 1)) == "1 December 2026"


def test_staff_read_which_time_it_is_told_in(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Vienna"

    assert clock.told(HALF_PAST_TWELVE) == "2026-12-01 00:30 CET"


# S-5
@pytest.mark.parametrize(
    ("language", "last", "words"),
    [
        ("en", 4, "Wed 2 – Fri 4 Dec"),
        ("de", 4, "Mi., 2. – Fr., 4. Dez."),
        ("en", 2, "Wed, 2 Dec"),
    ],
)
def test_two_days_that_are_near(language: str, last: int, words: str) -> None:
    with translation.override(language):
        found = days((date(2026, 12, 2), date(2026, 12, last)))

    # Babel parts some of them with thin spaces.
    assert " ".join(found.split()) == words
