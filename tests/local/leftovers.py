"""Starting processes without what this run gave them, and finding what is left of them."""

import os
import time
from collections.abc import Callable
from pathlib import Path

from local.processes import ROOT

GIVEN = (
    "DATABASE_URL",
    "REDIS_URL",
    "STRIPE_SECRET_KEY",
    "STRIPE_API_BASE",
    "STRIPE_WEBHOOK_SECRETS",
)


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
