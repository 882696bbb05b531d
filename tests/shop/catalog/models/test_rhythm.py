"""How often something is paid, in words and in days of the calendar."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from shop.catalog.models import Rhythm, trial_words


@pytest.mark.parametrize(
    ("interval", "count", "words"),
    [
        ("day", 1, "every day"),
        ("week", 2, "every 2 weeks"),
        ("month", 1, "every month"),
        ("month", 3, "every 3 months"),
        ("year", 1, "every year"),
    ],
)
def test_a_rhythm_is_said_in_words(interval: str, count: int, words: str) -> None:
    assert Rhythm(interval, count).words == words


def test_it_is_said_in_the_present_language() -> None:
    with translation.override("de"):
        words = [Rhythm("month").words, Rhythm("month", 3).words, trial_words(14)]

    assert words == ["jeden Monat", "alle 3 Monate", "14 Tage kostenlos"]


@pytest.mark.parametrize(
    ("rhythm", "periods", "end"),
    [
        (Rhythm("day", 10), 1, (2027, 2, 10)),
        (Rhythm("week", 2), 1, (2027, 2, 14)),
        (Rhythm("month"), 1, (2027, 2, 28)),
        (Rhythm("month"), 2, (2027, 3, 31)),
        (Rhythm("month", 11), 1, (2027, 12, 31)),
        (Rhythm("month", 13), 1, (2028, 2, 29)),
        (Rhythm("year"), 1, (2028, 1, 31)),
    ],
)
def test_a_period_ends_on_the_same_day_or_the_last_of_a_month(
    rhythm: Rhythm, periods: int, end: tuple[int, int, int]
) -> None:
    begun = datetime(2027, 1, 31, 9, 30, tzinfo=UTC)

    assert rhythm.after(begun, periods) == datetime(*end, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("rhythm", [Rhythm("month"), Rhythm("week", 2)])
def test_what_a_form_says_is_read_again(rhythm: Rhythm) -> None:
    assert Rhythm.read(rhythm.code) == rhythm


@pytest.mark.parametrize(
    "text", ["", "month", "0-month", "1-decade", "-1-month", "１-month", "x-day"]
)
def test_nonsense_is_no_rhythm(text: str) -> None:
    assert Rhythm.read(text) is None
