"""A progress line for commands that take long: redrawn on a terminal, now and then elsewhere."""

import sys
import time
from typing import TextIO

EVERY = {"terminal": 0.2, "log": 5.0}


class Progress:
    """Prints lines like "Reading products.csv  42 %, 8 s left, 1,200 rows a second".

    `counts` says what is counted where that is not rows of a file, as "changes".
    """

    def __init__(self, label: str, *, counts: str = "", stream: TextIO | None = None) -> None:
        self._label = label
        self._counts = counts
        self._stream = stream or sys.stderr
        self._is_terminal = self._stream.isatty()
        self._started = self._shown = time.monotonic()
        self._is_over = False

    def show(self, done: int, total: int, rows: int = 0) -> None:
        """Say how far it is, at most a few times a second, and once at the end."""
        now = time.monotonic()
        is_last = done >= total
        if self._is_over:
            return
        self._is_over = is_last
        if not is_last and now - self._shown < EVERY["terminal" if self._is_terminal else "log"]:
            return
        self._shown = now
        left = (total - done) * (now - self._started) / done if done else 0
        share = 100 * done // total if total else 100
        line = f"{self._label} {share:3} %" + ("" if is_last else f", {left:.0f} s left")
        if number := rows or (done if self._counts else 0):
            rate = number / max(now - self._started, 0.001)
            line += f", {rate:,.0f} {self._counts or 'rows'} a second"
        if self._is_terminal:
            self._stream.write(f"\r{line:<60}" + ("\n" if is_last else ""))
        else:
            self._stream.write(line + "\n")
        self._stream.flush()
