"""Every object as a row of JSON in one SQLite file: small in memory, safe against a kill."""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fake_stripe.schema import Object

SCHEMA = """
CREATE TABLE IF NOT EXISTS objects (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, kind TEXT NOT NULL,
    created INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE (id, kind));
CREATE INDEX IF NOT EXISTS objects_kind ON objects (kind, seq);
CREATE TABLE IF NOT EXISTS due (
    job TEXT NOT NULL, object TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (job, object));
CREATE INDEX IF NOT EXISTS due_at ON due (at);
CREATE TABLE IF NOT EXISTS deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    event TEXT NOT NULL, endpoint TEXT NOT NULL, status TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0, next_wall REAL, next_clock INTEGER,
    answers TEXT NOT NULL DEFAULT '[]', UNIQUE (event, endpoint));
CREATE INDEX IF NOT EXISTS deliveries_waiting ON deliveries (next_wall) WHERE status = 'pending';
CREATE INDEX IF NOT EXISTS deliveries_resent ON deliveries (next_wall)
    WHERE status IN ('delivered', 'failed') AND next_wall IS NOT NULL;
CREATE TABLE IF NOT EXISTS idempotency (
    key TEXT PRIMARY KEY, fingerprint TEXT NOT NULL, status INTEGER NOT NULL,
    body TEXT NOT NULL, at INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS idempotency_at ON idempotency (at);
CREATE TABLE IF NOT EXISTS requests (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, id TEXT NOT NULL,
    method TEXT NOT NULL, path TEXT NOT NULL, params TEXT NOT NULL, idempotency_key TEXT,
    status INTEGER NOT NULL, executed INTEGER NOT NULL, replayed INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""

# The fields that lists filter by, per kind: each gets an index over those rows alone.
INDEXED = {
    "balance_transaction": ("source",),
    "billing_portal.configuration": ("active", "is_default"),
    "charge": ("customer", "payment_intent"),
    "checkout.session": ("customer", "payment_intent", "status", "subscription"),
    "coupon": (),
    "customer": ("email",),
    "discount": ("customer", "checkout_session", "subscription"),
    "dispute": ("charge", "payment_intent"),
    "event": ("type", "data.object.id"),
    "invoice": ("customer", "status", "parent.subscription_details.subscription"),
    "invoice_payment": ("invoice", "payment.payment_intent"),
    "item": ("_.session",),
    "line_item": ("invoice",),
    "mandate": ("payment_method",),
    "payment_intent": ("customer",),
    "payment_method": ("customer", "customer_account"),
    "payment_method_configuration": ("active", "is_default"),
    "price": ("product", "lookup_key", "active"),
    "product": ("active",),
    "promotion_code": ("code", "promotion.coupon", "customer"),
    "radar.early_fraud_warning": ("charge", "payment_intent"),
    "refund": ("charge", "payment_intent"),
    "review": ("charge", "payment_intent", "open"),
    "setup_attempt": ("setup_intent",),
    "setup_intent": ("customer", "payment_method"),
    "subscription": ("customer", "status"),
    "subscription_item": ("subscription",),
    "tax_id": ("customer",),
    "tax_rate": ("active",),
}
TABLES = ("objects", "due", "deliveries", "idempotency", "requests")


class Store:
    """The account's objects. Used from one thread; every write happens in a transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.connection = sqlite3.connect(path, isolation_level=None)
        self.connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.connection.executescript(SCHEMA)
        for kind, fields in INDEXED.items():
            for field in fields:
                name = f"{kind}_{field}".replace(".", "_")
                self.connection.execute(
                    f"CREATE INDEX IF NOT EXISTS {name} ON objects"
                    f" (json_extract(body, '$.{field}'), seq) WHERE kind = '{kind}'"
                )

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit everything done inside, or nothing."""
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise
        self.connection.execute("COMMIT")

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of a transaction that can be undone alone."""
        self.connection.execute("SAVEPOINT part")
        try:
            yield
        except BaseException:
            self.connection.execute("ROLLBACK TO part")
            self.connection.execute("RELEASE part")
            raise
        self.connection.execute("RELEASE part")

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        """Run one statement against any of the tables."""
        return self.connection.execute(statement, values)

    def insert(self, kind: str, entry: Object) -> None:
        """Write a new object."""
        created = entry.get("created", 0)
        self.execute(
            "INSERT INTO objects (id, kind, created, body) VALUES (?, ?, ?, ?)",
            entry["id"], kind, created, dump(entry),
        )  # fmt: skip

    def save(self, entry: Object) -> None:
        """Write an object that exists."""
        self.execute(
            "UPDATE objects SET body = ? WHERE id = ? AND kind = ?",
            dump(entry), entry["id"], entry["object"],
        )  # fmt: skip

    def find(self, kind: str, object_id: str) -> Object | None:
        """The object of this kind and id, if there is one."""
        row = self.execute(
            "SELECT body FROM objects WHERE id = ? AND kind = ?", object_id, kind
        ).fetchone()
        return load(row["body"]) if row else None

    def delete(self, kind: str, object_id: str) -> None:
        """Forget an object."""
        self.execute("DELETE FROM objects WHERE id = ? AND kind = ?", object_id, kind)

    def position(self, kind: str, object_id: str) -> int | None:
        """Where an object stands in its list, as a cursor needs it."""
        row = self.execute(
            "SELECT seq FROM objects WHERE id = ? AND kind = ?", object_id, kind
        ).fetchone()
        return int(row["seq"]) if row else None

    def select(
        self,
        kind: str,
        where: Mapping[str, Any] | None = None,
        *conditions: tuple[str, list[Any]],
        limit: int = -1,
        ascending: bool = False,
    ) -> list[Object]:
        """Objects of a kind, newest first, whose fields equal `where`, under more conditions."""
        # The kind is written out, not bound, so that SQLite may use the kind's partial indexes.
        clauses, values = [f"kind = '{kind}'"], []
        for field, wanted in (where or {}).items():
            clauses.append(f"json_extract(body, '$.{field}') = ?")
            values.append(wanted)
        for clause, bound in conditions:
            clauses.append(clause)
            values += bound
        rows = self.execute(
            f"SELECT body FROM objects WHERE {' AND '.join(clauses)}"  # noqa: S608
            f" ORDER BY seq {'ASC' if ascending else 'DESC'} LIMIT ?",
            *values, limit,
        )  # fmt: skip
        return [load(row["body"]) for row in rows]

    def setting(self, name: str, default: Any = None) -> Any:
        """A value kept beside the objects, such as the clock's offset."""
        row = self.execute("SELECT value FROM settings WHERE name = ?", name).fetchone()
        return json.loads(row["value"]) if row else default

    def set_setting(self, name: str, value: Any) -> None:
        """Keep a value beside the objects."""
        self.execute(
            "INSERT INTO settings (name, value) VALUES (?, ?)"
            " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            name, json.dumps(value),
        )  # fmt: skip

    def close(self) -> None:
        """Close the file."""
        self.connection.close()


# Made once: a call of json.dumps with options makes one each time.
_encoder = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False)


def dump(entry: Object) -> str:
    """An object as it is stored."""
    return _encoder.encode(entry)


def load(body: str) -> Object:
    """A stored object."""
    entry: Object = json.loads(body)
    return entry
