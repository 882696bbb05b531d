"""Whether the process that started us wants us to end."""

from __future__ import annotations

import os
import signal
from pathlib import Path

PASSED_ON_BY_NOBODY = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT)


class Parent:
    """The process that started this one, `make` above all.

    make passes on SIGTERM only; after another signal it waits for us with that signal blocked,
    which the system shows (on Linux). No handler of ours would ever hear of it. And if it is
    killed, it is our parent no longer.
    """

    def __init__(self) -> None:
        self.process = os.getppid()
        self.blocked_at_start = self.blocked()

    def wants_an_end(self) -> bool:
        if os.getppid() != self.process:
            return True
        new = self.blocked() & ~self.blocked_at_start
        return any(new >> number - 1 & 1 for number in PASSED_ON_BY_NOBODY)

    def blocked(self) -> int:
        """The parent's blocked signals as bits; none where the system does not tell."""
        try:
            status = Path(f"/proc/{self.process}/status").read_text()
        except OSError:
            return 0
        fields = dict(line.split(":", 1) for line in status.splitlines())
        return int(fields["SigBlk"], 16)
