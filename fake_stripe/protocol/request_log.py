"""The newest requests with their answers, reads among them, for people who look on."""

import json
from collections import deque
from dataclasses import dataclass
from typing import Any

from fake_stripe.engine.store import Store

# Kept in memory, so that looking on costs neither disk nor time.
KEPT = 500


@dataclass(frozen=True)
class LoggedRequest:
    """A request and its answer; what an earlier process answered is not known any more."""

    at: int
    id: str
    method: str
    path: str
    params: dict[str, Any]
    key: str | None
    status: int
    executed: bool
    replayed: bool
    answer: dict[str, Any] | None = None


class RequestLog:
    """The newest requests, newest first."""

    def __init__(self, store: Store) -> None:
        self.newest: deque[LoggedRequest] = deque(earlier(store), maxlen=KEPT)

    def add(self, request: LoggedRequest) -> None:
        """Note a request; the oldest makes room."""
        self.newest.appendleft(request)

    def find(self, request_id: str) -> LoggedRequest | None:
        """The request of an id."""
        return next((request for request in self.newest if request.id == request_id), None)

    def clear(self) -> None:
        """Forget all."""
        self.newest.clear()


def earlier(store: Store) -> list[LoggedRequest]:
    """What the log of changes tells of the requests to an earlier process."""
    rows = store.execute("SELECT * FROM requests ORDER BY seq DESC LIMIT ?", KEPT)
    return [
        LoggedRequest(
            at=row["at"], id=row["id"], method=row["method"], path=row["path"],
            params=json.loads(row["params"]), key=row["idempotency_key"], status=row["status"],
            executed=bool(row["executed"]), replayed=bool(row["replayed"]),
        )
        for row in rows
    ]  # fmt: skip
