"""The Stripe stand-in as a test drives it: its controls under /_fake/."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import requests

from tests.support.waiting import eventually

# In seconds, for a call that hangs; it says nothing about how long one takes.
HANGS_AFTER = 120


class StandIn:
    """One running stand-in. Every call is HTTP; nothing of it runs in the test's process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """POST to a control (GET without a body); its JSON. Fails on an error status."""
        method = "GET" if body is None else "POST"
        answer = self.http.request(
            method, f"{self.url}/_fake/{path}", json=body, timeout=HANGS_AFTER
        )
        answer.raise_for_status()
        return answer.json()

    def pay(
        self, session_id: str, card: str = "4242424242424242", **more: Any
    ) -> requests.Response:
        """What the customer does on the payment page; 200, 402 when declined, 409 when not open."""
        return self.http.post(
            f"{self.url}/_fake/sessions/{session_id}/pay",
            json={"card": card, "email": "ada@example.com", **more},
            timeout=HANGS_AFTER,
        )

    def advance(self, **duration: float) -> None:
        """Move the stand-in's clock ahead: `advance(days=7)`."""
        self.ask("clock", {"advance": int(timedelta(**duration).total_seconds())})

    def fail(self, path: str, **fault: Any) -> None:
        """Let calls whose path matches go wrong: status=500, when="after", reset=True, times=3."""
        self.ask("faults", {"path": path, **fault})

    def held(self) -> list[str]:
        """The paths of the calls that are held."""
        return [call["path"] for call in self.ask("faults/held")["data"]]

    def wait_for_held(self, path: str = "") -> None:
        """Return once a call whose path contains `path` is held."""
        eventually(lambda: [held for held in self.held() if path in held])

    def release(self) -> None:
        """Let every held call go on."""
        self.ask("faults/release", {})

    @contextmanager
    def holding(self, path: str, **fault: Any) -> Iterator[None]:
        """Hold the next call to a path; whatever happens in the block, it goes on at the end."""
        self.fail(path, hold=True, **fault)
        try:
            yield
        finally:
            self.ask("faults/clear", {})

    def requests_made(self, path: str = "", method: str = "POST") -> list[dict[str, Any]]:
        """The log of calls, those to paths that contain `path`."""
        return [
            call
            for call in self.ask("requests")["data"]
            if path in call["path"] and call["method"] == method
        ]

    def executed(self, path: str) -> list[dict[str, Any]]:
        """The mutations that were carried out, without repeats that were answered from memory."""
        return [call for call in self.requests_made(path) if call["executed"]]

    def api(self, path: str, **params: Any) -> Any:
        """A plain GET of the API, for looking at an object as Stripe has it."""
        answer = self.http.get(
            f"{self.url}/v1/{path}",
            params=params,
            headers={"Authorization": "Bearer sk_test_holdfast_tests"},
            timeout=HANGS_AFTER,
        )
        answer.raise_for_status()
        return answer.json()

    def call(self, path: str, **params: Any) -> Any:
        """A POST of the API, as somebody in the Dashboard would do it."""
        answer = self.http.post(
            f"{self.url}/v1/{path}",
            data=params,
            headers={"Authorization": "Bearer sk_test_holdfast_tests"},
            timeout=HANGS_AFTER,
        )
        answer.raise_for_status()
        return answer.json()


def session_id_in(address: str) -> str:
    """The session's id in the address of its payment page."""
    found = re.search(r"cs_test_\w+", address)
    assert found, f"no session id in {address}"
    return found.group()
