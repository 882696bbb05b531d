"""Starting processes without what this run gave them, and finding what is left of them."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from local.services.processes import ROOT
from local.testing.environment import environment
from tests.support.waiting import PATIENCE, eventually

GIVEN = {"DATABASE_URL", "REDIS_URL", *environment()}


class Started:
    """A running program of this project, and what it has printed so far."""

    def __init__(self, command: list[str], more: dict[str, str], output: Path) -> None:
        self.output = output
        with output.open("wb") as printed:
            self.process = subprocess.Popen(
                [sys.executable, *command],
                cwd=ROOT,
                env=own_environment(**more),
                stdout=printed,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def said(self) -> str:
        return self.output.read_text()

    def wait_for(self, pattern: str) -> re.Match[str]:
        """The first match in what it prints; an error that shows everything when there is none."""

        def match() -> re.Match[str] | None:
            ended = self.process.poll()
            found = re.search(pattern, self.said())
            assert found or ended is None, f"ended with {ended} before {pattern!r}:\n{self.said()}"
            return found

        found = eventually(match, shown=self.said)
        assert found
        return found

    def end(self, number: signal.Signals) -> int:
        """Its exit code after a signal."""
        os.kill(self.process.pid, number)
        return self.exit_code()

    def exit_code(self) -> int:
        """Its exit code, once it has ended."""
        return self.process.wait(PATIENCE)


# What the fixture `start` gives: a program's command and its environment make it run.
Start = Callable[..., Started]


def own_environment(**more: str) -> dict[str, str]:
    """The environment without what this test run has set, so that own services are started."""
    left = {name: value for name, value in os.environ.items() if name not in GIVEN}
    return left | {"PYTHONPATH": str(ROOT)} | more


def at_work_in(directory: Path) -> list[str]:
    """The processes that name the directory in their command or work below it."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            place = (process / "cwd").readlink()
        except OSError:
            continue
        if str(directory) in command or place.is_relative_to(directory):
            found.append(f"{process.name}: {command}")
    return found


def wait_until_left(directory: Path) -> None:
    """Return once nothing works in the directory any more; otherwise name what does."""
    eventually(lambda: not at_work_in(directory), shown=lambda: at_work_in(directory))
