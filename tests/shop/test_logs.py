"""What is taken out of a log line, and what stays."""

import pytest

from shop.logs import redact


def redacted(value: object) -> object:
    return redact(None, "info", {"value": value})["value"]


def test_numbers_and_truth_stay_as_they_are() -> None:
    assert [redacted(value) for value in (7, 1.5, True, None)] == [7, 1.5, True, None]


def test_lists_and_what_is_in_them_are_masked_too() -> None:
    assert redacted(["ada@example.com", {"to": ("bob@example.com", 1)}]) == [
        "[masked]",
        {"to": ["[masked]", 1]},
    ]


@pytest.mark.parametrize(("sent", "kept"), [("a\nb", r"a\nb"), ("a\r\nb", r"a\r\nb")])
def test_what_was_sent_cannot_begin_a_line(sent: str, kept: str) -> None:
    assert redacted(sent) == kept


def test_a_traceback_keeps_its_lines_and_loses_its_secrets() -> None:
    line = redact(None, "error", {"exception": "Traceback\n  told ada@example.com"})

    assert line == {"exception": "Traceback\n  told [masked]"}
