"""Waiting for what processes bring about by themselves."""

import time
from collections.abc import Callable
from typing import TypeVar

Answer = TypeVar("Answer")

# The one bound: it ends a test that hangs and says nothing about how fast anything is.
PATIENCE = 240.0
# In seconds: a state that is near is seen at once, one that is far is not asked for all the time.
FIRST_PAUSE, LONGEST_PAUSE = 0.02, 0.5


def eventually(look: Callable[[], Answer | None], *, shown: Callable[[], object] = str) -> Answer:
    """The first true answer of `look`; an error that says what `shown` returns when none comes."""
    deadline, pause = time.monotonic() + PATIENCE, FIRST_PAUSE
    while not (answer := look()):
        assert time.monotonic() < deadline, f"not within {PATIENCE:.0f} s: {look}\n{shown()}"
        time.sleep(pause)
        pause = min(pause * 1.2, LONGEST_PAUSE)
    return answer
