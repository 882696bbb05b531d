"""The process: what it prints, how it ends, and that nothing is lost when it is killed."""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing, suppress
from pathlib import Path

import pytest
import requests
import stripe

from tests.fake_stripe.rig import ROOT, Fake, receiving, start
from tests.support.waiting import PATIENCE, eventually


def test_state_survives_a_kill(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite3"
    process, url = start(state)
    with receiving() as receiver:
        fake = Fake(url)
        fake.control("webhooks", {"endpoint": receiver.url, "mode": "delay", "seconds": 60})
        fake.control("clock", {"advance": 1000})
        intent = fake.held()
        fake.v1.products.create({"name": "a"}, {"idempotency_key": "k"})
        process.kill()
        process.wait()

        process, url = start(state)
        fake = Fake(url)

        assert fake.intent(intent.id).status == "requires_capture"
        assert fake.control("clock")["offset"] == 1000
        replayed = fake.v1.products.create({"name": "a"}, {"idempotency_key": "k"})
        assert replayed.last_response.headers["Idempotent-Replayed"] == "true"
        assert receiver.got == []
        assert [one["mode"] for one in fake.control("webhooks")["data"]] == ["delay"]
        process.kill()
        process.wait()


def test_kill_under_load_loses_nothing_that_was_answered(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite3"
    process, url = start(state)
    fake = Fake(url)
    answered: list[str] = []

    def load() -> None:
        with suppress(stripe.APIConnectionError, requests.ConnectionError):
            while True:
                answered.append(fake.paid().id)

    buyers = [threading.Thread(target=load) for _ in range(3)]
    for buyer in buyers:
        buyer.start()
    eventually(lambda: len(answered) > 20)
    process.kill()
    process.wait()
    for buyer in buyers:
        buyer.join()
    process, url = start(state)
    fake = Fake(url)

    statuses = {fake.intent(intent).status for intent in answered}
    sessions = fake.v1.checkout.sessions.list({"expand": ["data.line_items"], "limit": 100}).data
    types = set(fake.types())
    process.kill()
    process.wait()

    assert statuses == {"succeeded"}
    # Whatever else was begun is there whole or not at all.
    assert {len(session.line_items.data) for session in sessions} == {1}
    assert {"payment_intent.succeeded", "checkout.session.completed"} <= types


def test_undelivered_event_is_delivered_after_a_kill(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite3"
    process, url = start(state)
    with receiving() as receiver:
        fake = Fake(url)
        fake.control("webhooks", {"endpoint": receiver.url, "mode": "delay", "seconds": 2})
        fake.v1.products.create({"name": "a"})
        process.kill()
        process.wait()

        process, url = start(state)

        eventually(lambda: receiver.types() == ["product.created"])
        process.kill()
        process.wait()


def test_terminates_without_waiting_for_a_delivery(tmp_path: Path) -> None:
    state = tmp_path / "state.sqlite3"
    process, url = start(state)
    with receiving() as receiver:
        receiver.gate.clear()
        fake = Fake(url)
        fake.control("webhooks", {"endpoint": receiver.url})
        fake.v1.products.create({"name": "a"})
        eventually(lambda: receiver.begun)

        process.terminate()

        assert process.wait(PATIENCE) == 0
    with closing(sqlite3.connect(state)) as kept:
        deliveries = kept.execute("SELECT status, attempts FROM deliveries").fetchall()
    # Had it waited, until the answer or until it gives up, there would be the outcome of a try.
    assert deliveries == [("pending", 0)]


def test_port_in_use_is_said_in_a_sentence(tmp_path: Path) -> None:
    process, url = start(tmp_path / "one.sqlite3")
    port = url.rpartition(":")[2]

    command = [sys.executable, "-m", "fake_stripe", "--port", port]
    second = subprocess.run(
        [*command, "--state", str(tmp_path / "two.sqlite3")],
        cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE, check=False,
    )  # fmt: skip
    process.kill()
    process.wait()

    assert second.returncode == 1
    assert second.stderr == (
        f"fake_stripe cannot listen on port {port}: the address is already in use\n"
    )


def test_goes_with_its_parent(tmp_path: Path) -> None:
    command = "import sys; from pathlib import Path; sys.path.insert(0, '.');"
    command += "from tests.fake_stripe.rig import start;"
    command += "process, url = start(Path(sys.argv[1]), '--die-with-parent');"
    command += "print(process.pid, url, flush=True); sys.stdin.read()"
    parent = subprocess.Popen(
        [sys.executable, "-c", command, str(tmp_path / "state.sqlite3")],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert parent.stdout
    assert parent.stdin
    pid, url = parent.stdout.readline().split()
    assert requests.get(f"{url}/_fake/health", timeout=PATIENCE).json()["ok"]

    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdin.close()
    parent.stdout.close()

    eventually(lambda: not Path(f"/proc/{pid}").exists() or is_zombie(int(pid)))


def is_zombie(pid: int) -> bool:
    """Whether the process has ended and only waits to be noticed."""
    try:
        os.kill(pid, 0)
        return " Z " in Path(f"/proc/{pid}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return True


def test_public_address_stands_in_the_sessions_url(tmp_path: Path) -> None:
    process, url = start(tmp_path / "state.sqlite3", "--public-url", "https://pay.example.com/")

    session = Fake(url).session()
    process.kill()
    process.wait()

    assert str(session.url).startswith(f"https://pay.example.com/c/pay/{session.id}#")


def test_path_that_is_not_played_is_told_in_the_log(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "fake_stripe", "--port", "0", "--log-level", "warning"]
    with subprocess.Popen(
        [*command, "--state", str(tmp_path / "state.sqlite3")],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        assert process.stdout
        assert process.stderr
        fake = Fake(process.stdout.readline().split()[-1])

        answers = [fake.raw("POST", "/v1/topups"), fake.raw("PATCH", "/v1/products")]
        fake.v1.products.list()
        process.terminate()
        warnings = process.stderr.read()

    assert [answer.status_code for answer in answers] == [404, 404]
    assert "WARNING POST /v1/topups is not played by this stand-in" in warnings
    assert "WARNING PATCH /v1/products is not played by this stand-in" in warnings
    assert warnings.count("\n") == 2


@pytest.mark.proof
def test_memory_does_not_grow_with_the_objects(tmp_path: Path) -> None:
    process, url = start(tmp_path / "state.sqlite3", "--log-level", "warning")
    fake = Fake(url)

    def make(count: int) -> int:
        """Make so many products, each with an event; the memory held then, in KiB."""
        for _ in range(count):
            data = {"name": "Cup", "description": "x" * 2000}
            assert fake.raw("POST", "/v1/products", data=data).status_code == 200
        status = Path(f"/proc/{process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0])

    # The newest 500 requests are kept for those who look on: they are full by then.
    first, later = make(800), make(2400)
    process.kill()
    process.wait()

    assert later / first < 1.1
