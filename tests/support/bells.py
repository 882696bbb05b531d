"""Which bells are rung for the workers; in tests nobody answers them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from celery.signals import before_task_publish


@contextmanager
def bells() -> Iterator[list[str]]:
    """The names of the tasks that are rung for meanwhile."""
    rung: list[str] = []

    def note(sender: str, **_: Any) -> None:
        rung.append(sender)

    before_task_publish.connect(note)
    try:
        yield rung
    finally:
        before_task_publish.disconnect(note)
