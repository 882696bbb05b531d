"""The Stripe stand-in as a test drives it: its controls under /_fake/."""

import re
import time
from typing import Any

import requests


class StandIn:
    """One running stand-in. Every call is HTTP; nothing of it runs in the test's process."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = requests.Session()

    def ask(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """POST to a control (GET without a body); its JSON. Fails on an error status."""
        method = "GET" if body is None else "POST"
        answer = self.http.request(method, f"{self.url}/_fake/{path}", json=body, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def pay(
        self, session_id: str, card: str = "4242424242424242", **more: Any
    ) -> requests.Response:
        """What the customer does on the payment page; 200, 402 when declined, 409 when not open."""
        return self.http.post(
            f"{self.url}/_fake/sessions/{session_id}/pay",
            json={"card": card, "email": "ada@example.com", **more},
            timeout=30,
        )

    def advance(self, **duration: float) -> None:
        """Move the stand-in's clock ahead: `advance(days=7)`."""
        from datetime import timedelta

        self.ask("clock", {"advance": int(timedelta(**duration).total_seconds())})

    def fail(self, path: str, **fault: Any) -> None:
        """Let calls whose path matches go wrong: status=500, when="after", reset=True, times=3."""
        self.ask("faults", {"path": path, **fault})

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
            timeout=30,
        )
        answer.raise_for_status()
        return answer.json()

    def call(self, path: str, **params: Any) -> Any:
        """A POST of the API, as somebody in the Dashboard would do it."""
        answer = self.http.post(
            f"{self.url}/v1/{path}",
            data=params,
            headers={"Authorization": "Bearer sk_test_holdfast_tests"},
            timeout=30,
        )
        answer.raise_for_status()
        return answer.json()


def session_id_in(address: str) -> str:
    """The session's id in the address of its payment page."""
    found = re.search(r"cs_test_\w+", address)
    assert found, f"no session id in {address}"
    return found.group()


def eventually(look: Any, *, within: float = 15.0) -> Any:
    """The first true answer of `look`; fails when there is none in time."""
    deadline = time.monotonic() + within
    while True:
        answer = look()
        if answer:
            return answer
        assert time.monotonic() < deadline, f"not within {within} s: {look}"
        time.sleep(0.05)
