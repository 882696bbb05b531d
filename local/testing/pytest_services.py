"""A pytest plugin: settings, a database and a broker for the run, before Django reads any of them.

The process that starts the run starts them (unless `DATABASE_URL` and `REDIS_URL` name others); the
workers of pytest-xdist inherit the addresses. They end with the run, however it ends.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from local.services import services, unprivileged
from local.services.directory_lock import InUse, claimed
from local.services.processes import ROOT, Kept
from local.services.services import Services
from local.testing import environment

RUNS = ROOT / "var" / "test"
# The number of the process that started the run, for names that two runs must not share.
RUN = "TEST_RUN"

_running = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Iterator[None]:
    """A wrapper runs before every other implementation: pytest-django's reads the settings."""
    os.environ.update(environment.environment())
    keep_bytecode()
    # Before anybody imports it: what its assertions compare is shown where they fail.
    pytest.register_assert_rewrite("tests.support")
    start_for_tests()
    yield


def pytest_unconfigure() -> None:
    _running.close()


def keep_bytecode() -> None:
    """Compile once, not in each of the many processes of a run; where, `make` says likewise."""
    sys.dont_write_bytecode = False
    sys.pycache_prefix = sys.pycache_prefix or str(ROOT / "var" / "bytecode")
    os.environ |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": sys.pycache_prefix}


def start_for_tests() -> Services:
    """Start both services for this process and put their addresses into the environment.

    Where they are in the environment already, that is all; so a second call does nothing.
    """
    begin_run()
    names = ("DATABASE_URL", "REDIS_URL")
    if not all(os.environ.get(name) for name in names):
        directory = own_directory()
        found = _running.enter_context(services.running(directory, durable=False))
        started = {"DATABASE_URL": found.database_url, "REDIS_URL": found.redis_url}
        _running.callback(forget, {name for name in names if not os.environ.get(name)})
        os.environ.update(started)
    return Services(os.environ["DATABASE_URL"], os.environ["REDIS_URL"])


def begin_run() -> None:
    """Give what belongs to this run, and to no other beside it, a mark; its workers inherit it."""
    if RUN not in os.environ:
        os.environ[RUN] = str(os.getpid())
        _running.callback(forget, {RUN})


def run_id() -> str:
    return os.environ[RUN]


def is_the_start_of_the_run() -> bool:
    """Whether this process started the run, and is none of its workers."""
    return run_id() == str(os.getpid())


def start_fake_stripe(directory: Path) -> str:
    """Start the Stripe stand-in with its state in `directory` for this run; returns its address."""
    directory.mkdir(parents=True, exist_ok=True)
    log = directory / "fake_stripe.log"
    log.unlink(missing_ok=True)
    command = [sys.executable, "-m", "fake_stripe", "--host", "127.0.0.1", "--port", "0"]
    child = Kept("fake_stripe", [*command, "--state", directory / "fake_stripe.sqlite3"], log=log)
    _running.callback(child.stop)
    said = re.compile(r"fake_stripe listening on (http://\S+)")
    child.wait_until(lambda: said.search(log.read_text()) is not None, timeout=120)
    return str(said.findall(log.read_text())[0])


def own_directory() -> Path:
    """A directory for this run, after the directories of runs that are over are removed."""
    # One run at a time tidies up and claims its own, or it would lose it to another's tidying.
    with claimed(RUNS, wait=60):
        for directory in filter(Path.is_dir, RUNS.iterdir()):
            if is_over(directory):
                remove(directory)
        directory = RUNS / str(os.getpid())
        _running.callback(remove, directory)
        _running.enter_context(claimed(directory))
    return directory


def is_over(directory: Path) -> bool:
    """Whether nobody, neither a run nor a server that is still stopping, holds the directory."""
    try:
        with ExitStack() as held:
            for place in (directory, directory / "postgres", directory / "valkey"):
                held.enter_context(claimed(place, wait=0))
    except (InUse, FileNotFoundError):
        # Held, or just now being removed by the run that made it.
        return False
    return True


def remove(directory: Path) -> None:
    unprivileged.remove(directory / "postgres")
    shutil.rmtree(directory, ignore_errors=True)


def forget(names: set[str]) -> None:
    for name in names:
        os.environ.pop(name, None)
