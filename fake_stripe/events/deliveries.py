"""Events on their way to the endpoints, with retries, and with disorder on demand."""

import asyncio
import contextlib
import json
import logging
import random
import sqlite3
import time
from collections import defaultdict
from typing import Any

import aiohttp

from fake_stripe.engine.clock import Clock
from fake_stripe.engine.store import Store
from fake_stripe.events import delivery_log
from fake_stripe.events.posting import TIMEOUT, arrived, post
from fake_stripe.events.retry_schedule import SCHEDULES
from fake_stripe.schema import Object

log = logging.getLogger("fake_stripe")

MODES = ("normal", "duplicate", "shuffle", "delay", "drop", "hold")
# How many deliveries one endpoint gets at the same time.
AT_ONCE = 8
NOT_ENABLED = "The endpoint is disabled or deleted: the event is not tried again."


class Deliveries:
    """What is to be delivered stands in the store; this carries it there."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self.store = store
        self.clock = clock
        self.bell = asyncio.Event()
        self.under_way: dict[int, asyncio.Task[None]] = {}
        self.places: dict[str, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(AT_ONCE))
        self.task: asyncio.Task[None] | None = None
        self.session: aiohttp.ClientSession | None = None

    def queue(self, events: list[str]) -> None:
        """Note, inside the transaction that makes the events, where they are to go."""
        if not events:
            return
        endpoints = self.store.select("webhook_endpoint", {"status": "enabled"}, ascending=True)
        for event_id in events:
            event = self.store.find("event", event_id)
            for endpoint in endpoints:
                if event and wants(endpoint, event["type"]):
                    self.add(event_id, endpoint)

    def add(self, event_id: str, endpoint: Object) -> None:
        """Note one delivery, in the way that the endpoint's mode says."""
        private = endpoint["_"]
        mode, seconds = private.get("mode", "normal"), private.get("seconds")
        status = {"drop": "dropped", "hold": "held"}.get(mode, "pending")
        wait = 0.0
        if mode == "delay":
            wait = 5 if seconds is None else seconds
        elif mode == "shuffle":
            wait = random.random() * (1 if seconds is None else seconds)
        self.store.execute(
            "INSERT OR IGNORE INTO deliveries (event, endpoint, status, next_wall)"
            " VALUES (?, ?, ?, ?)",
            event_id, endpoint["id"], status,
            time.time() + wait if status == "pending" else None,
        )  # fmt: skip

    def wake(self) -> None:
        """Say that there may be something to deliver."""
        self.bell.set()

    async def start(self) -> None:
        """Begin to deliver, also what an earlier process left."""
        # A kept connection that the shop closes just now would lose a delivery: POSTs are not
        # sent again by themselves.
        connector = aiohttp.TCPConnector(force_close=True)
        self.session = aiohttp.ClientSession(connector=connector, timeout=TIMEOUT)
        self.task = asyncio.create_task(self.run())

    async def stop(self) -> None:
        """Stop; what is pending stays noted."""
        for task in filter(None, [self.task, *self.under_way.values()]):
            task.cancel()
        if self.session:
            await self.session.close()

    async def run(self) -> None:
        """Deliver what is due, for as long as the server lives."""
        while True:
            self.bell.clear()
            try:
                for row in self.due():
                    task = asyncio.create_task(self.deliver(row["seq"]))
                    self.under_way[row["seq"]] = task
            except Exception:
                log.exception("deliveries stumbled")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.bell.wait(), self.until_next())

    def due(self) -> list[sqlite3.Row]:
        """Deliveries whose time has come, in order, but those under way.

        One that has ended and has a time all the same was asked for again by hand.
        """
        rows = self.store.execute(
            "SELECT seq, next_wall FROM deliveries WHERE status = 'pending'"
            " AND (next_wall <= ? OR next_clock <= ?)"
            " UNION ALL SELECT seq, next_wall FROM deliveries"
            " WHERE status IN ('delivered', 'failed') AND next_wall IS NOT NULL"
            " ORDER BY next_wall, seq",
            time.time(), self.clock.now(),
        )  # fmt: skip
        return [row for row in rows if row["seq"] not in self.under_way]

    def until_next(self) -> float:
        """Seconds until something falls due in real time, at most one."""
        row = self.store.execute(
            "SELECT min(next_wall) AS next FROM deliveries WHERE status = 'pending'"
        ).fetchone()
        wait = (row["next"] or time.time() + 1) - time.time()
        return min(max(wait, 0.05), 1.0)

    async def deliver(self, seq: int) -> None:
        """Carry one event to one endpoint and note the answer."""
        try:
            row = self.store.execute("SELECT * FROM deliveries WHERE seq = ?", seq).fetchone()
            if row is None:
                return
            event = self.store.find("event", row["event"])
            endpoint = self.store.find("webhook_endpoint", row["endpoint"])
            if not event or not endpoint or endpoint["status"] != "enabled":
                self.give_up(row)
                return
            private = endpoint["_"]
            copies = private.get("copies") or 2 if private.get("mode") == "duplicate" else 1
            async with self.places[endpoint["id"]]:
                answers = await asyncio.gather(*(self.send(event, endpoint) for _ in range(copies)))
            self.note(seq, endpoint, event, answers)
        finally:
            self.under_way.pop(seq, None)

    async def send(self, event: Object, endpoint: Object) -> dict[str, Any]:
        """Post an event, which tells how many endpoints wait for it; the answer in a few words."""
        assert self.session, "deliveries have not been started"  # noqa: S101
        body = {**event, "pending_webhooks": delivery_log.pending(self.store, event["id"])}
        return await post(self.session, body, endpoint, now=self.clock.now())

    def give_up(self, row: sqlite3.Row) -> None:
        """An endpoint that takes nothing more ends the retries of what it was to get."""
        answer = {"at": round(time.time(), 3), "status": None, "error": NOT_ENABLED}
        answer["milliseconds"] = 0
        self.store.execute(
            "UPDATE deliveries SET status = iif(status = 'pending', 'failed', status),"
            " next_wall = NULL, next_clock = NULL, answers = ? WHERE seq = ?",
            json.dumps([*json.loads(row["answers"]), answer]), row["seq"],
        )  # fmt: skip

    def note(
        self, seq: int, endpoint: Object, event: Object, answers: list[dict[str, Any]]
    ) -> None:
        """Write down how a try went, and when the next one is."""
        row = self.store.execute("SELECT * FROM deliveries WHERE seq = ?", seq).fetchone()
        if row is None:
            return
        tried = row["attempts"] + 1
        times = None
        if any(arrived(answer) for answer in answers):
            status = "delivered"
        elif row["status"] != "pending":
            # Asked for by hand: the outcome of earlier tries stands.
            status = row["status"]
        else:
            schedule = SCHEDULES[endpoint["_"].get("schedule", "quick")]
            now, since = self.clock.now(), event["created"]
            times = schedule.next_times(tried, clock=now, wall=time.time(), since=since)
            status = "pending" if times else "failed"
        self.store.execute(
            "UPDATE deliveries SET status = ?, attempts = ?, next_wall = ?, next_clock = ?,"
            " answers = ? WHERE seq = ?",
            status, tried, *(times or (None, None)),
            json.dumps([*json.loads(row["answers"]), *answers]), seq,
        )  # fmt: skip

    def hold(self, event_id: str, endpoint: Object) -> None:
        """Take a delivery into one's own hands: what was pending is not sent as well."""
        self.store.execute(
            "INSERT INTO deliveries (event, endpoint, status) VALUES (?, ?, 'held')"
            " ON CONFLICT (event, endpoint) DO UPDATE SET status = 'held',"
            " next_wall = NULL, next_clock = NULL WHERE status IN ('pending', 'dropped', 'failed')",
            event_id, endpoint["id"],
        )  # fmt: skip

    def note_by_hand(self, event_id: str, endpoint_id: str, answer: dict[str, Any]) -> None:
        """Write down the answer to a delivery made by hand; it is not tried again by itself."""
        row = self.store.execute(
            "SELECT seq, answers FROM deliveries WHERE event = ? AND endpoint = ?",
            event_id, endpoint_id,
        ).fetchone()  # fmt: skip
        if row is None:
            return
        done = ", status = 'delivered'" if arrived(answer) else ""
        answers = json.dumps([*json.loads(row["answers"]), answer])
        self.store.execute(
            f"UPDATE deliveries SET attempts = attempts + 1, answers = ?{done} WHERE seq = ?",  # noqa: S608
            answers, row["seq"],
        )  # fmt: skip

    async def answered(self, events: list[str], patience: float) -> None:
        """Wait until each endpoint has answered these events once, at most so many seconds.

        What is held back, dropped or delayed on purpose is not waited for.
        """
        ends = time.monotonic() + patience
        marks = ", ".join("?" * len(events))
        while time.monotonic() < ends:
            row = self.store.execute(
                "SELECT count(*) AS open FROM deliveries WHERE status = 'pending'"  # noqa: S608
                f" AND attempts = 0 AND next_wall <= ? AND event IN ({marks})",
                time.time(),
                *events,
            ).fetchone()
            if not row["open"]:
                return
            await asyncio.sleep(0.02)


def resend(store: Store, event_id: str, endpoint_id: str) -> None:
    """Have an event delivered once more, at once; what waits for its next try has it now."""
    store.execute(
        "INSERT INTO deliveries (event, endpoint, status, next_wall) VALUES (?, ?, 'failed', ?)"
        " ON CONFLICT (event, endpoint) DO UPDATE SET next_wall = excluded.next_wall,"
        " status = iif(status IN ('held', 'dropped'), 'failed', status)",
        event_id, endpoint_id, time.time(),
    )  # fmt: skip


def wants(endpoint: Object, kind: str) -> bool:
    """Whether an endpoint is to get events of this type."""
    enabled = endpoint["enabled_events"]
    return "*" in enabled or kind in enabled
