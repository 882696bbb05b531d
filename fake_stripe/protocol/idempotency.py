"""Idempotency as v1 has it: the first outcome of a key is kept for a day and answered again."""

import hashlib
import json
import sqlite3
from typing import Any

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.store import Store
from fake_stripe.protocol.form import Node, flatten

KEPT_FOR = 24 * 60 * 60
LONGEST_KEY = 255


def fingerprint(method: str, path: str, decoded: dict[str, Node]) -> str:
    """What must be the same when a key comes again."""
    text = json.dumps([method, path, flatten(decoded)])
    return hashlib.sha256(text.encode()).hexdigest()


class Keys:
    """The keys in use now, and the outcomes kept in the store."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.in_flight: set[str] = set()

    def earlier(self, key: str, print_: str, now: int) -> sqlite3.Row | None:
        """The kept outcome of a key; refuses a key that is in use or that meant something else."""
        if len(key) > LONGEST_KEY:
            message = f"Idempotency keys must be at most {LONGEST_KEY} characters long."
            raise StripeError(message)
        if key in self.in_flight:
            message = (
                "There is currently another in-progress request using this Idempotency Key"
                " (that probably means you submitted twice, and the other request is still going"
                f" through): {key}. Please try again later."
            )
            raise StripeError(message, status=409, code="idempotency_key_in_use")
        row: sqlite3.Row | None = self.store.execute(
            "SELECT * FROM idempotency WHERE key = ? AND at > ?", key, now - KEPT_FOR
        ).fetchone()
        if row and row["fingerprint"] != print_:
            message = (
                "Keys for idempotent requests can only be used with the same parameters and"
                f" endpoint they were first used with. Try using a key other than '{key}' if you"
                " meant to execute a different request."
            )
            raise StripeError(message, kind="idempotency_error")
        return row

    def keep(self, key: str, print_: str, status: int, body: dict[str, Any], now: int) -> None:
        """Keep an outcome, in the transaction that brought it about; forget what is too old."""
        self.store.execute(
            "INSERT OR REPLACE INTO idempotency VALUES (?, ?, ?, ?, ?)",
            key, print_, status, json.dumps(body), now,
        )  # fmt: skip
        self.store.execute("DELETE FROM idempotency WHERE at <= ?", now - KEPT_FOR)
