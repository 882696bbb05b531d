"""`make demo` as it is run: started, killed, started again, told to stop in every way."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import psycopg
import pytest

from local.services import ports
from local.services.directory_lock import claimed
from local.services.processes import ROOT
from local.services.state_file import Notes
from tests.local.leftovers import Start, Started, at_work_in, own_environment, wait_until_left
from tests.support.waiting import PATIENCE, eventually

STEPS = [
    "PostgreSQL and Valkey",
    "tables, staff log-in",
    "the Stripe stand-in on port",
    "web on port",
    "make clean starts afresh",
]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A directory for the demo's data, in which its stand-in has a port of its own."""
    directory = tmp_path / "demo"
    directory.mkdir()
    Notes(directory / "secrets.json").remember(stand_in_port=str(ports.free_port()))
    return directory


def test_taken_port_is_told_with_a_free_one(start: Start, data: Path) -> None:
    with socket.socket() as taken:
        taken.bind((ports.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]

        demo = start("-m", "local.demo", "--data", data, PORT=str(port))
        code = demo.exit_code()

    free = re.search(r"This one is free: PORT=(\d+) make demo", demo.said())
    assert code == 2
    assert f"Port {port} is in use." in demo.said()
    assert free
    assert ports.is_free(int(free[1]))


def test_odd_port_is_told(start: Start, data: Path) -> None:
    demo = start("-m", "local.demo", "--data", data, PORT="42four")

    assert demo.exit_code() == 2
    assert demo.said() == "\nPORT is '42four'. Use a number such as 4242.\n"


def test_odd_settings_are_told_before_anything_is_started(start: Start, data: Path) -> None:
    demo = start("-m", "local.demo", "--data", data, PORT=str(ports.free_port()), SWEEP_EVERY="x")

    assert demo.exit_code() == 2
    assert "  - SWEEP_EVERY is 'x'. Use a whole number of at least 1, such as 30.\n" in demo.said()
    assert not (data / "postgres").exists()


def test_data_of_a_running_demo_is_refused(start: Start, data: Path) -> None:
    with claimed(data):
        demo = start("-m", "local.demo", "--data", data, "--wait", "0")
        code = demo.exit_code()

    assert code == 2
    assert f"The data in {data} is in use by process {os.getpid()}." in demo.said()
    assert "Probably another `make demo` runs in this folder" in demo.said()


def test_command_without_a_demo_is_told_so(data: Path) -> None:
    tried = managed(data, "check_invariants")

    assert tried.returncode == 2
    assert tried.stdout.startswith("No demo is running here. Start one with make demo")


@pytest.mark.timeout(900)
@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGHUP])
def test_told_to_stop_while_it_starts_it_leaves_nothing(
    start: Start, data: Path, told: signal.Signals
) -> None:
    # Guard: the handler for all three signals in local/demo/__main__.py.
    demo = start("-m", "local.demo", "--data", data, PORT=str(ports.free_port()))
    demo.wait_for("tables, staff log-in")

    code = demo.end(told)

    assert code == 0
    assert "The data is kept in" in demo.said()
    assert at_work_in(data) == []


@pytest.mark.timeout(1800)
def test_killed_it_leaves_nothing_and_started_again_it_has_kept_everything(
    start: Start, data: Path
) -> None:
    # Guard: the lifelines in local/services/die_with_parent.py.
    port = ports.free_port()
    first = start("-m", "local.demo", "--data", data, PORT=str(port))
    wait_until_ready(first)
    before = facts_of(data)

    first.end(signal.SIGKILL)

    assert f"http://localhost:{port}/admin/" in first.said()
    wait_until_left(data)

    second = start("-m", "local.demo", "--data", data, PORT=str(port))
    wait_until_ready(second)

    assert password_in(second.said()) == password_in(first.said())
    assert facts_of(data) == before
    assert answers_to_a_bare_order(port) == 303
    checked = managed(data, "check_invariants")
    assert (checked.returncode, "BROKEN" in checked.stdout) == (0, False), checked.stderr
    # K22. It is ready once a worker has answered; that beat rings may come a moment later.
    eventually(
        lambda: "checks of the running shop, 0 amiss" in doctor_of(data),
        shown=lambda: doctor_of(data),
    )

    dead_child_is_started_again(second, data)

    assert second.end(signal.SIGINT) == 0
    assert "The data is kept in" in second.said()
    assert at_work_in(data) == []


def doctor_of(data: Path) -> str:
    """What `make doctor` says of this demo; of this machine it may find what it likes."""
    command = [sys.executable, "-m", "local.demo.doctor", "--data", str(data)]
    ended = subprocess.run(command, cwd=ROOT, env=own_environment(), capture_output=True, text=True)
    return ended.stdout


def wait_until_ready(demo: Started) -> None:
    """Return once it says its welcome; each step may take as long as a test waits for anything."""
    for step in STEPS:
        demo.wait_for(step)


def dead_child_is_started_again(demo: Started, data: Path) -> None:
    # The die_with_parent that started it names all of its command too.
    celery = [line for line in at_work_in(data) if "-m celery" in line and " beat " in line]
    beat = next(line for line in celery if "die_with_parent" not in line)

    os.kill(int(beat.split(":")[0]), signal.SIGKILL)

    demo.wait_for("beat ended with exit code 137; it is started again in 1 s")
    demo.wait_for("beat is started again")


def facts_of(data: Path) -> tuple[Any, ...] | None:
    """What a second start must not change."""
    known = json.loads((data / "postgres" / "server.json").read_text())
    address = f"127.0.0.1:{known['port']}"
    url = f"postgres://holdfast:{known['password']}@{address}/holdfast"
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT (SELECT name FROM shop_installation), (SELECT count(*) FROM catalog_product),"
            " (SELECT min(id) FROM accounts_user)"
        ).fetchone()


def managed(data: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """One of the shop's commands, run beside the demo."""
    return subprocess.run(
        [sys.executable, "-m", "local.demo.manage", "--data", data, *command],
        cwd=ROOT,
        env=own_environment(),
        capture_output=True,
        text=True,
    )


def password_in(welcome: str) -> str:
    found = re.search(r"staff@example.com / (\S+)", welcome)
    assert found
    return found[1]


def answers_to_a_bare_order(port: int) -> int:
    """The status of the seed request; the redirect is not followed."""

    class Stay(urllib.request.HTTPRedirectHandler):
        def redirect_request(self, *arguments: Any) -> None:
            return None

    url = f"http://127.0.0.1:{port}/create-checkout-session"
    try:
        with urllib.request.build_opener(Stay).open(url, data=b"", timeout=PATIENCE) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
