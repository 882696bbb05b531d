"""The processes of the demo: started, watched, restarted, heard and stopped together."""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from local.services.processes import Kept, last_lines

# A line that somebody at the terminal should see, whoever wrote it.
WORTH_SHOWING = re.compile(
    r"\[(warning|error|critical)\s*\]|(?<!%)\b(WARNING|ERROR|CRITICAL|FATAL)\b"
)

# What the stand-in says of each event that it delivers, and how the shop answered. Those of the
# catalog come by the hundred when it is filled.
EVENT = re.compile(r"INFO webhook (?!product\.|price\.)(\S+) \S+ -> (.+)")

# Until the shop is ready it says so with an error, and we ask all the time.
EXPECTED = "Service Unavailable: /readyz"

LONGEST_PAUSE = 30.0

# Who has run this long without a fault starts again with the shortest pause.
LONG_ENOUGH = 60.0


@dataclass
class Member:
    """One process of the demo and how often it has had to be restarted."""

    name: str
    command: Sequence[str | Path]
    log: Path
    environment: dict[str, str]
    fds: Sequence[int]
    grace: float = 8
    ends_by_itself: bool = False
    child: Kept | None = None
    started_at: float = 0
    restart_at: float = 0
    pause: float = 1
    heard: int = field(default=0)

    def start(self) -> None:
        self.child = Kept(
            self.name,
            self.command,
            log=self.log,
            environment=self.environment,
            grace=self.grace,
            pass_fds=self.fds,
        )
        self.started_at = time.monotonic()

    def watch(self) -> None:
        """Say so when the process has died, and start it again after a pause that grows."""
        if self.child is None:
            if self.restart_at and time.monotonic() >= self.restart_at:
                say(f"{self.name} is started again.")
                self.start()
            return
        code = self.child.exit_code()
        if code is None:
            return
        self.child.stop()
        self.child = None
        self.restart_at = 0
        if not (self.ends_by_itself and code == 0):
            self.plan_restart(code)

    def plan_restart(self, code: int) -> None:
        self.pause = 1 if time.monotonic() - self.started_at > LONG_ENOUGH else self.pause
        self.restart_at = time.monotonic() + self.pause
        say(
            f"{self.name} ended with exit code {code}; it is started again in {self.pause:.0f} s. "
            f"The end of {self.log}:\n{last_lines(self.log)}"
        )
        self.pause = min(self.pause * 2, LONGEST_PAUSE)

    def hear(self) -> None:
        """Show the new lines of the log that tell of trouble."""
        with self.log.open("rb") as log:
            log.seek(self.heard)
            news = log.read()
        complete = news[: news.rfind(b"\n") + 1]
        self.heard += len(complete)
        for line in complete.decode(errors="replace").splitlines():
            if event := EVENT.search(line):
                say(f"  --> {event[1]}  <-- {event[2]}")
            elif WORTH_SHOWING.search(line) and EXPECTED not in line:
                say(f"{self.name} | {line}")


class Crew:
    """All processes of the demo, with their logs in one directory.

    Each holds the lock on the demo's data too, so that the next run waits until the last is gone.
    """

    def __init__(self, logs: Path, environment: dict[str, str], lock: int) -> None:
        self.lock = lock
        self.logs = logs
        self.environment = environment
        self.members: list[Member] = []

    def start(
        self,
        name: str,
        *arguments: str | Path,
        doors: Sequence[int] = (),
        grace: float = 8,
        ends_by_itself: bool = False,
    ) -> Member:
        """Start a Python module under a name; its log of the last time is kept as `.1`.

        `doors` are listening sockets that it takes over, each time it is started.
        """
        log = fresh_log(self.logs / f"{name}.log")
        command = [sys.executable, *arguments]
        fds = [self.lock, *doors]
        member = Member(name, command, log, self.environment, fds, grace, ends_by_itself)
        member.start()
        self.members.append(member)
        return member

    def watch(self) -> None:
        for member in self.members:
            member.hear()
            member.watch()

    def stop(self) -> None:
        """Ask all to stop, then wait for each: the slowest one sets the time, not their sum."""
        running = [member.child for member in self.members if member.child]
        for child in running:
            child.ask_to_stop()
        for child in running:
            child.stop()
        self.members.clear()


def fresh_log(log: Path) -> Path:
    if log.exists():
        log.replace(log.with_name(f"{log.name}.1"))
    log.touch()
    return log


def say(text: str) -> None:
    """Print for the person at the terminal, at once; nobody there is no reason to stop."""
    try:
        print(text, flush=True)
    except OSError:
        sys.stdout = open("/dev/null", "w")  # noqa: PTH123, SIM115
