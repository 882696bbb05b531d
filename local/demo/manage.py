"""`make manage DO="…"`: one of the shop's commands, run on the data of the demo that is running."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from local.demo import settings_check
from local.services.directory_lock import is_claimed
from local.services.processes import ROOT
from local.services.state_file import Notes

NOTES = "environment.json"

USAGE = 'Say which command: make manage DO="explain_order HF-…", or DO="help" for all there are.'


class NotRunning(Exception):
    """There is no demo on this data that a command could be run on."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="local.demo.manage", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "var" / "demo")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    if not options.command:
        print(USAGE)
        sys.exit(2)
    try:
        variables = environment_of(options.data)
    except NotRunning:
        print("No demo is running here. Start one with make demo, and run this beside it.")
        sys.exit(2)
    os.execve(sys.executable, called(options.command), os.environ | variables)  # noqa: S606


def run(command: Sequence[str], variables: Mapping[str, str]) -> int:
    """Run one of the shop's commands with what its processes were told; its exit code."""
    return subprocess.run(called(command), env=os.environ | variables).returncode


def called(command: Sequence[str]) -> list[str]:
    return [sys.executable, str(ROOT / "manage.py"), *command]


def note_environment(data: Path, variables: Mapping[str, str]) -> None:
    """Keep, for commands that are run beside the demo, what its processes were told."""
    names = settings_check.names_of_the_shop()
    settings = [*names, *(f"{name}_FILE" for name in names), "DJANGO_SETTINGS_MODULE"]
    # An empty value counts as none and keeps `.env` from filling what was left open at the start.
    told = {name: variables.get(name, "") for name in settings}
    Notes(data / NOTES).remember(**told)


def forget_environment(data: Path) -> None:
    (data / NOTES).unlink(missing_ok=True)


def environment_of(data: Path) -> dict[str, str]:
    """What the processes of the running demo were told; NotRunning when there is none."""
    if not is_claimed(data) or not (data / NOTES).exists():
        raise NotRunning
    return Notes(data / NOTES).facts


if __name__ == "__main__":
    main()
