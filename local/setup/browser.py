"""Finds the Chromium that the browser tests use, or gets one: `python -m local.setup.browser`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]

# A download that hangs must not hang the tests.
DOWNLOAD_WITHIN = 240
INSTALL_WITHIN = 600

# What keeps a browser quiet and alive in a container; the sandbox cannot be had there as root.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]

HOW_TO_GET_ONE = """\
The browser tests need Chromium; none was found or could be installed. Install one and try again:
  Debian, Ubuntu:  sudo apt-get install chromium
  anywhere:        .venv/bin/python -m playwright install chromium
or set CHROMIUM to the path of one."""


class NoBrowser(Exception):
    """No Chromium is here; the message says how to get one."""


@cache
def executable() -> str:
    """The path of an installed Chromium; NoBrowser when there is none."""
    for candidate in candidates():
        if works(candidate):
            return candidate
    raise NoBrowser(HOW_TO_GET_ONE)


def candidates() -> Iterator[str]:
    if chosen := os.environ.get("CHROMIUM"):
        yield chosen
    yield from filter(None, map(shutil.which, NAMES))
    yield from downloaded()


def downloaded() -> list[str]:
    """Browsers that Playwright has downloaded, the newest first."""
    place = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    patterns = [
        "chromium-*/chrome-linux*/chrome",
        "chromium-*/chrome-mac*/Chromium.app/*/*/Chromium",
    ]
    found = [str(path) for pattern in patterns for path in Path(place).glob(pattern)]
    return sorted(found, reverse=True)


def works(program: str) -> bool:
    try:
        run = subprocess.run([program, "--version"], capture_output=True, timeout=60)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return run.returncode == 0


def get() -> str:
    """An installed Chromium, or one that is installed now; NoBrowser when neither can be had."""
    try:
        return executable()
    except NoBrowser:
        pass
    download = [sys.executable, "-m", "playwright", "install", "chromium"]
    if tried("Chromium by Playwright's download", download, DOWNLOAD_WITHIN):
        return executable()
    if os.geteuid() == 0 and shutil.which("apt-get"):
        script = "apt-get update -q && apt-get install -y -q --no-install-recommends chromium"
        tried("Debian's Chromium", ["sh", "-c", script], INSTALL_WITHIN)
    return executable()


def tried(what: str, command: list[str], seconds: float) -> bool:
    print(f"No Chromium here; installing {what} …", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        run = subprocess.run(
            command, capture_output=True, text=True, timeout=seconds, env=environment
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  {error}")
        return False
    if run.returncode:
        print("\n".join(f"  {line}" for line in (run.stdout + run.stderr).splitlines()[-5:]))
    return run.returncode == 0


if __name__ == "__main__":
    try:
        print(f"Browser: {get()}")
    except NoBrowser as error:
        sys.exit(str(error))
