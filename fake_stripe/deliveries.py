"""Signed events on their way to the endpoints, with retries, and with disorder on demand."""

import asyncio
import contextlib
import json
import logging
import random
import time
from collections import defaultdict
from typing import Any

import aiohttp

from fake_stripe.clock import Clock
from fake_stripe.schema import Object
from fake_stripe.signing import payload, secrets_of, signature
from fake_stripe.store import Store
from fake_stripe.transaction import public

log = logging.getLogger("fake_stripe")

MODES = ("normal", "duplicate", "shuffle", "delay", "drop", "hold")
# Waits between attempts in real time: short, so that nobody rehearsing has to wait for hours.
WALL_BACKOFF = (1, 3, 10, 30, 60, 120, 300, 600, 600, 600, 600, 600, 600, 600, 600)
# The same on the account's clock, about as Stripe spreads its three days.
CLOCK_BACKOFF = (300, 1800, 7200, 18000) + (36000,) * 11
# How many deliveries one endpoint gets at the same time.
AT_ONCE = 8
TIMEOUT = aiohttp.ClientTimeout(total=20)


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
            event_id, endpoint["id"], status, time.time() + wait,
        )  # fmt: skip

    def wake(self) -> None:
        """Say that there may be something to deliver."""
        self.bell.set()

    async def start(self) -> None:
        """Begin to deliver, also what an earlier process left."""
        self.session = aiohttp.ClientSession(timeout=TIMEOUT)
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

    def due(self) -> list[Any]:
        """Pending deliveries whose time has come, in order, but those under way."""
        rows = self.store.execute(
            "SELECT seq FROM deliveries WHERE status = 'pending'"
            " AND (next_wall <= ? OR next_clock <= ?) ORDER BY next_wall, seq",
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
                self.store.execute("UPDATE deliveries SET status = 'failed' WHERE seq = ?", seq)
                return
            private = endpoint["_"]
            copies = private.get("copies") or 2 if private.get("mode") == "duplicate" else 1
            async with self.places[endpoint["id"]]:
                answers = await asyncio.gather(*(self.send(event, endpoint) for _ in range(copies)))
            self.note(seq, answers)
        finally:
            self.under_way.pop(seq, None)

    async def send(self, event: Object, endpoint: Object) -> dict[str, Any]:
        """Post an event, signed now; the answer in a few words."""
        body = payload(event, endpoint)
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Accept": "*/*; q=0.5, application/xml",
            "Cache-Control": "no-cache",
            "Stripe-Signature": signature(body, secrets_of(endpoint, self.clock.now())),
        }
        began = time.monotonic()
        answer: dict[str, Any] = {"at": round(time.time(), 3), "status": None}
        try:
            assert self.session, "deliveries have not been started"  # noqa: S101
            async with self.session.post(
                endpoint["url"], data=body, headers=headers, allow_redirects=False
            ) as response:
                answer["status"] = response.status
                answer["body"] = (await response.content.read(500)).decode(errors="replace")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            answer["error"] = f"{type(error).__name__}: {error}"[:200]
        answer["milliseconds"] = round((time.monotonic() - began) * 1000)
        log.info("webhook %s %s -> %s", event["type"], endpoint["url"], answer["status"])
        return answer

    def note(self, seq: int, answers: list[dict[str, Any]]) -> None:
        """Write down how an attempt went, and when the next one is."""
        row = self.store.execute("SELECT * FROM deliveries WHERE seq = ?", seq).fetchone()
        if row is None:
            return
        done = any(arrived(answer) for answer in answers) or row["status"] == "delivered"
        tried = row["attempts"]
        last = tried >= len(WALL_BACKOFF)
        status = "delivered" if done else "failed" if last else "pending"
        self.store.execute(
            "UPDATE deliveries SET status = ?, attempts = ?, next_wall = ?, next_clock = ?,"
            " answers = ? WHERE seq = ?",
            status, tried + 1,
            None if done or last else time.time() + WALL_BACKOFF[tried],
            None if done or last else self.clock.now() + CLOCK_BACKOFF[tried],
            json.dumps([*json.loads(row["answers"]), *answers]), seq,
        )  # fmt: skip

    def hold(self, event_id: str, endpoint: Object) -> None:
        """Take a delivery into one's own hands: what was pending is not sent as well."""
        self.store.execute(
            "INSERT INTO deliveries (event, endpoint, status) VALUES (?, ?, 'held')"
            " ON CONFLICT (event, endpoint) DO UPDATE SET status = 'held'"
            " WHERE status IN ('pending', 'dropped', 'failed')",
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

    def listed(self, events: list[Object]) -> list[Object]:
        """Events with what became of them at each endpoint."""
        urls = {one["id"]: one["url"] for one in self.store.select("webhook_endpoint")}
        return [
            {
                **public(event),
                "deliveries": [
                    {
                        "endpoint": urls.get(row["endpoint"], row["endpoint"]),
                        "status": row["status"],
                        "attempts": row["attempts"],
                        "answers": json.loads(row["answers"]),
                    }
                    for row in self.store.execute(
                        "SELECT * FROM deliveries WHERE event = ? ORDER BY seq", event["id"]
                    )
                ],
            }
            for event in events
        ]

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


def wants(endpoint: Object, kind: str) -> bool:
    """Whether an endpoint is to get events of this type."""
    enabled = endpoint["enabled_events"]
    return "*" in enabled or kind in enabled


def arrived(answer: dict[str, Any]) -> bool:
    """Whether the endpoint took the event."""
    return answer["status"] is not None and 200 <= answer["status"] < 300
