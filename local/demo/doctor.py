"""`make doctor`: what this machine, the project's settings and a demo that runs lack, and its mend.

What is looked at in the running shop is `manage.py doctor`, with the environment of its processes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from functools import partial
from pathlib import Path

from local.demo import manage, settings_check
from local.demo.environment import Odd, read_dot_env, stripe_key, web_port
from local.services import ports
from local.services.directory_lock import is_claimed
from local.services.processes import ROOT
from local.setup.browser import NoBrowser, executable

LEAST_FREE = 2 * 10**9
LARGEST_CLOCK_ERROR = 60


class Amiss(Exception):
    """Something is not as it should be; the message says what, and how to mend it."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="local.demo.doctor", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "var" / "demo")
    data: Path = parser.parse_args().data
    read_dot_env()
    failed = 0
    checks: list[Callable[[], str]] = [*CHECKS, partial(port, data)]
    for check in checks:
        try:
            print(f"ok      {check()}")
        except (Amiss, Odd) as found:
            failed += 1
            print(f"AMISS   {found}")
    print(f"{len(checks)} checks, {failed} amiss")
    return 1 if running_shop(data) + failed else 0


def running_shop(data: Path) -> int:
    """What the shop's own doctor finds in the demo that runs on this data; 1 if something."""
    try:
        variables = manage.environment_of(data)
    except manage.NotRunning:
        print("No demo runs here; beside one, make doctor looks into that, too.")
        return 0
    sys.stdout.flush()
    return manage.run(["doctor"], variables)


def python_version() -> str:
    return f"Python {sys.version.split()[0]}"


def free_disk() -> str:
    free = shutil.disk_usage(ROOT).free
    if free < LEAST_FREE:
        raise Amiss(f"{free / 1e9:.1f} GB of disk are free; 2 GB are needed. Remove what can go.")
    return f"{free / 1e9:.0f} GB of disk free"


def port(data: Path) -> str:
    """Free, or taken by the demo that is to run on it."""
    number = web_port()
    if is_claimed(data):
        return "the demo runs"
    if not ports.is_free(number):
        free = ports.free_from(number + 1)
        raise Amiss(f"Port {number} is in use (by a demo?). Another: PORT={free} make demo")
    return f"port {number} is free"


def wheels() -> str:
    from local.services import postgres, valkey
    from local.services.processes import DidNotStart

    try:
        programs = [postgres.package() / "pginstall" / "bin" / "postgres", valkey.program()]
        versions = [
            subprocess.run([program, "--version"], capture_output=True, text=True).stdout.strip()
            for program in programs
        ]
    except (DidNotStart, OSError) as error:
        raise Amiss(f"{error} On other systems set DATABASE_URL and REDIS_URL.") from None
    return "; ".join(versions)


def database_and_broker() -> str:
    given = [name for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)]
    for name in given:
        reach(name, os.environ[name])
    return f"{' and '.join(given)} answer" if given else "database and broker: our own, from wheels"


def reach(name: str, url: str) -> None:
    try:
        if name == "DATABASE_URL":
            import psycopg

            psycopg.connect(url, connect_timeout=3).close()
        else:
            import redis

            redis.Redis.from_url(url, socket_connect_timeout=3).ping()
    except Exception as error:  # noqa: BLE001 - whatever is raised, nobody answers there
        raise Amiss(
            f"{name} is set, but nobody answers there: {error}. Mend or unset it."
        ) from None


def account() -> str:
    if key := stripe_key():
        return f"Stripe test key {key[:8]}…{key[-4:]}"
    return "no Stripe key: the demo rehearses with its stand-in"


def settings() -> str:
    """As the demo's processes will read them."""
    if problems := settings_check.found_by_settings():
        raise Amiss("\n        ".join(problems))
    return "the shop's settings can be read"


def names() -> str:
    if sentences := settings_check.names_nobody_reads():
        raise Amiss("\n        ".join(sentences))
    return "every name in .env is read by somebody"


def clock() -> str:
    """Against the clock of Stripe, where Stripe is used: signatures have an age."""
    if settings_check.likely_ports().stand_in:
        return "clock: only compared with Stripe's when its key is set"
    try:
        with urllib.request.urlopen("https://api.stripe.com/healthcheck", timeout=5) as answer:
            there = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except (OSError, TypeError):
        return "clock not compared: api.stripe.com cannot be reached"
    error = time.time() - there
    if abs(error) > LARGEST_CLOCK_ERROR:
        raise Amiss(
            f"The clock is {error:+.0f} s off; signatures will fail. Run: timedatectl set-ntp 1"
        )
    return f"clock within {abs(error):.0f} s"


def browser() -> str:
    try:
        return f"browser for the tests: {executable()}"
    except NoBrowser as error:
        raise Amiss(str(error)) from None


CHECKS: list[Callable[[], str]] = [
    python_version,
    free_disk,
    wheels,
    database_and_broker,
    account,
    settings,
    names,
    clock,
    browser,
]

if __name__ == "__main__":
    sys.exit(main())
