"""Two demos that are started at once: each listens where it said, and answers as itself."""

import signal
import socket
from pathlib import Path
from typing import Any

import pytest
import requests

from local.demo import doors
from local.services import ports
from local.services.state_file import Notes
from tests.local.leftovers import Start
from tests.support.waiting import PATIENCE


def kept(directory: Path, stand_in_port: int) -> Notes:
    directory.mkdir()
    notes = Notes(directory / "secrets.json")
    notes.remember(stand_in_port=str(stand_in_port))
    return notes


def test_what_one_demo_has_chosen_the_next_one_does_not_get(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # C6
    monkeypatch.setenv("STRIPE_SECRET_KEY", "")
    wanted = ports.free_port()
    monkeypatch.setenv("PORT", str(ports.free_port()))
    with doors.held(kept(tmp_path / "one", wanted)) as one:
        with (
            pytest.raises(doors.Taken, match=r"is in use\. This one is free"),
            doors.held(kept(tmp_path / "same port", wanted)),
        ):
            pass
        monkeypatch.setenv("PORT", str(ports.free_port()))
        with doors.held(kept(tmp_path / "two", wanted)) as two:
            chosen = (one.ports.stand_in, two.ports.stand_in)

    assert chosen[0] == wanted != chosen[1]
    assert ports.is_free(wanted)


def test_whoever_knocks_before_the_server_is_there_waits() -> None:
    # C6
    door = ports.hold_from(ports.free_port())
    with door, socket.create_connection(door.getsockname(), PATIENCE) as early:
        early.sendall(b"hello")
        taken, _ = door.accept()
        with taken:
            assert taken.recv(5) == b"hello"


@pytest.mark.timeout(1800)
def test_two_demos_started_at_once_have_a_stand_in_each(start: Start, tmp_path: Path) -> None:
    # C6
    wanted, demos, owners, endpoints = ports.free_port(), [], [], []
    webs = [ports.free_port(), ports.free_port()]
    for number, web in enumerate(webs):
        data = tmp_path / f"demo{number}"
        kept(data, wanted)
        demos.append(start("-m", "local.demo", "--data", data, PORT=str(web)))
    for demo in demos:
        found = demo.wait_for(r"the Stripe stand-in on port (\d+)")
        demo.wait_for("web on port")
        base = f"http://127.0.0.1:{found[1]}/_fake"
        owners.append(asked(f"{base}/health")["owner"])
        endpoints.append([one["url"] for one in asked(f"{base}/webhooks")["data"]])
    for demo in demos:
        demo.end(signal.SIGTERM)

    noted = [Notes(tmp_path / f"demo{number}" / "secrets.json")["demo"] for number in (0, 1)]
    assert owners == noted
    assert endpoints == [[f"http://127.0.0.1:{web}/webhook"] for web in webs]


def asked(url: str) -> Any:
    return requests.get(url, timeout=PATIENCE).json()
