"""How far a long command is: on a terminal one line redrawn, in a log a line now and then."""

import io

import pytest

from shop.catalog.management import progress
from shop.catalog.management.progress import Progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step is shown."""
    monkeypatch.setattr(progress, "EVERY", {"terminal": 0.0, "log": 0.0})


@pytest.mark.usefixtures("at_once")
def test_a_terminal_shows_share_time_left_and_rate_in_one_line() -> None:
    terminal = Terminal()
    shown = Progress("Telling Stripe", counts="changes", stream=terminal)
    shown._started -= 10

    shown.show(50, 200)
    shown.show(200, 200)

    first, last = terminal.getvalue().split("\r")[1:]
    assert first.rstrip() == "Telling Stripe  25 %, 30 s left, 5 changes a second"
    assert last.rstrip(" ").startswith("Telling Stripe 100 %, ")
    assert last.endswith("\n")
    assert "\n" not in first


@pytest.mark.usefixtures("at_once")
def test_a_log_has_plain_lines() -> None:
    log = io.StringIO()
    shown = Progress("Reading a.csv", stream=log)
    shown._started -= 10

    shown.show(50, 200, rows=1000)
    shown.show(200, 200, rows=4000)

    assert log.getvalue() == (
        "Reading a.csv  25 %, 30 s left, 100 rows a second\n"
        "Reading a.csv 100 %, 400 rows a second\n"
    )


def test_a_log_is_told_now_and_then_and_of_the_end() -> None:
    log = io.StringIO()
    shown = Progress("Telling Stripe", stream=log)

    for done in range(101):
        shown.show(done, 100)

    assert log.getvalue() == "Telling Stripe 100 %\n"
