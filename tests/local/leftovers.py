"""Starting processes without what this run gave them, and finding what is left of them."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from local.services.processes import ROOT
from local.testing.environment import environment

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

    def wait_for(self, pattern: str, *, within: float) -> re.Match[str]:
        """The first match in what it prints; an error that shows everything when there is none."""
        deadline = time.monotonic() + within
        while True:
            ended = self.process.poll()
            if match := re.search(pattern, self.said()):
                return match
            assert ended is None, f"ended with {ended} before {pattern!r}:\n{self.said()}"
            assert time.monotonic() < deadline, f"no {pattern!r} in time:\n{self.said()}"
            time.sleep(0.05)

    def end(self, number: signal.Signals, *, within: float) -> int:
        """Its exit code after a signal."""
        os.kill(self.process.pid, number)
        return self.process.wait(within)


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


def eventually(holds: Callable[[], bool], *, within: float) -> bool:
    deadline = time.monotonic() + within
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
