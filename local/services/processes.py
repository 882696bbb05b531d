"""Child processes that never outlive the process that started them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[2]

# For whatever is started here. It ends what hangs: a busy machine takes many times as long for a
# start as one that is idle, and that is no reason to give up.
PATIENCE = 240.0

# What the keeper may take beyond the command's own time before it is ended itself.
KEEPER_MARGIN = 3.0


class DidNotStart(Exception):
    """A process ended, or stayed silent, before it was ready; the message says what it wrote."""


class Kept:
    """A running command that ends when this process does, however this process ends.

    Its output goes to `log`. `rights` are further options of `local.services.die_with_parent`;
    `pass_fds` stay open in the command, so that a lock that they carry is held until the last of
    the command is gone.
    """

    def __init__(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        log: Path,
        environment: Mapping[str, str] | None = None,
        stop_signal: str = "TERM",
        grace: float = 10,
        rights: Sequence[str] = (),
        pass_fds: Sequence[int] = (),
        stdin: IO[bytes] | int = subprocess.DEVNULL,
    ) -> None:
        self.name = name
        self.log = log
        self.grace = grace
        lifeline, self._held = os.pipe()
        keeper = [
            sys.executable,
            "-S",
            "-m",
            "local.services.die_with_parent",
            "--lifeline",
            str(lifeline),
        ]
        keeper += ["--stop-signal", stop_signal, "--grace", str(grace), *rights, "--"]
        try:
            with log.open("ab") as output:
                self.keeper = subprocess.Popen(
                    [*keeper, *map(str, command)],
                    cwd=ROOT,
                    env=environment,
                    stdin=stdin,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    pass_fds=[lifeline, *pass_fds],
                    start_new_session=True,  # a Ctrl-C at the terminal is for us to pass on
                )
        finally:
            os.close(lifeline)

    def exit_code(self) -> int | None:
        """The command's exit code, or None while anything of it runs."""
        return self.keeper.poll()

    def ask_to_stop(self) -> None:
        """Ask the command to stop, and do not wait for it."""
        if self._held >= 0:
            os.close(self._held)
            self._held = -1

    def stop(self) -> None:
        """Stop the command and wait until nothing of it is left."""
        self.ask_to_stop()
        try:
            self.keeper.wait(self.grace + KEEPER_MARGIN)
        except subprocess.TimeoutExpired:
            self.keeper.kill()
            self.keeper.wait()

    def finish(self, *, timeout: float = PATIENCE) -> int:
        """Wait for a command that ends by itself and return its exit code."""
        try:
            return self.keeper.wait(timeout)
        finally:
            self.stop()

    def succeed(self, *, timeout: float = PATIENCE) -> None:
        """Wait for a command that ends by itself; DidNotStart when it fails or takes too long."""
        try:
            code = self.finish(timeout=timeout)
        except subprocess.TimeoutExpired:
            raise self.trouble(f"did not end within {timeout:.0f} s") from None
        if code:
            raise self.trouble(f"failed with exit code {code}")

    def wait_until(self, ready: Callable[[], bool], *, timeout: float = PATIENCE) -> None:
        """Return once `ready()`; DidNotStart when the command ends or the time is up first.

        On any error the command is stopped.
        """
        deadline = time.monotonic() + timeout
        try:
            while not ready():
                if (code := self.exit_code()) is not None:
                    raise self.trouble(f"ended with exit code {code}")
                if time.monotonic() > deadline:
                    raise self.trouble(f"was not ready within {timeout:.0f} s")
                time.sleep(0.01)
        except BaseException:
            self.stop()
            raise

    def trouble(self, what: str) -> DidNotStart:
        """An error that says what went wrong and what the command wrote last."""
        return DidNotStart(
            f"{self.name} {what}. The end of {self.log}:\n{last_lines(self.log, 25)}"
        )


def last_lines(log: Path, count: int = 8) -> str:
    """The last lines of a log, indented, for people."""
    text = log.read_text(errors="replace") if log.exists() else ""
    return "\n".join(f"    {line}" for line in text.splitlines()[-count:]) or "    (nothing)"
