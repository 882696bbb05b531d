"""What `make audit` makes of what it is told, and of being told nothing."""

import json
from typing import Any

from local.checks.audit import verdict

SOUND = {"name": "django", "version": "5.2.9", "vulns": []}
WEAK = {
    "name": "jinja2",
    "version": "3.1.0",
    "vulns": [{"id": "PYSEC-2024-1", "fix_versions": ["3.1.3"]}],
}
UNKNOWN = {"name": "celery", "skip_reason": "Dependency not found on PyPI"}


def told(*packages: dict[str, Any]) -> tuple[list[str], int]:
    return verdict(json.dumps({"dependencies": packages, "fixes": []}), "")


def test_sound_packages_are_counted_once() -> None:
    assert told(SOUND, SOUND) == (["1 packages audited, 0 known weaknesses."], 0)


def test_a_weakness_is_named_with_its_mend() -> None:
    assert told(SOUND, WEAK) == (
        [
            "jinja2 3.1.0: PYSEC-2024-1, mended in 3.1.3",
            "2 packages audited, 1 known weaknesses.",
        ],
        1,
    )


def test_what_was_not_looked_at_is_no_good_news() -> None:
    assert told(SOUND, UNKNOWN) == (
        ["1 packages audited, 0 known weaknesses.", "Nothing could be learned about celery."],
        2,
    )


def test_a_source_that_knows_nothing_at_all_is_not_reached() -> None:
    assert told(UNKNOWN) == (
        ["Nothing was audited: the list of known weaknesses cannot be reached from here."],
        2,
    )


def test_a_source_that_does_not_answer_is_not_reached() -> None:
    sentences, code = verdict("", "Traceback\nConnectionError: no\n")

    assert code == 2
    assert sentences == [
        "Nothing was audited: the list of known weaknesses cannot be reached (ConnectionError: no)."
    ]
