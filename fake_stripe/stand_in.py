"""The running stand-in: one account, its clock, its troubles, and the loops that move time."""

import asyncio
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

from fake_stripe.engine import assumptions
from fake_stripe.engine.clock import Clock
from fake_stripe.engine.ids import new_id, random_text
from fake_stripe.engine.store import TABLES, Store
from fake_stripe.engine.transaction import JOBS, Transaction
from fake_stripe.events.deliveries import Deliveries
from fake_stripe.protocol.faults import Faults, Limits
from fake_stripe.protocol.request_log import RequestLog

log = logging.getLogger("fake_stripe")

# How often the loop looks for what has fallen due, in seconds.
TICK = 0.25


class StandIn:
    """Everything that the three faces (API, hosted page, controls) share."""

    def __init__(self, state: Path, public_url: str = "", owner: str = "") -> None:
        self.store = Store(state)
        self.clock = Clock(self.store)
        self.public_url = public_url
        self.owner = owner
        self.faults = Faults(self.store)
        self.limits = Limits(self.store)
        self.lag = int(self.store.setting("lag", 0))
        # The permissions that were taken from restricted keys, by key.
        self.taken: dict[str, list[str]] = self.store.setting("taken", {})
        self.deliveries = Deliveries(self.store, self.clock)
        self.request_log = RequestLog(self.store)
        self.loop_task: asyncio.Task[None] | None = None

    @contextmanager
    def transaction(self, now: int | None = None, **request: Any) -> Iterator[Transaction]:
        """Change the account; events leave for the endpoints once all of it is committed."""
        with self.store.transaction():
            tx = Transaction(
                self.store,
                now=self.clock.now() if now is None else now,
                offset=self.clock.offset,
                public_url=self.public_url,
                **request,
            )
            yield tx
            self.deliveries.queue(tx.events)
        if tx.events or tx.resent:
            self.deliveries.wake()

    def page_transaction(self) -> AbstractContextManager[Transaction]:
        """A transaction for what a page does: Stripe gives such requests ids and keys too."""
        return self.transaction(
            request_id=new_id("request"), idempotency_key=random_text(36).lower()
        )

    def read(self) -> Transaction:
        """The account to look at; what is changed through it is committed at once."""
        return Transaction(
            self.store,
            now=self.clock.now(),
            offset=self.clock.offset,
            public_url=self.public_url,
            lag=self.lag,
        )

    def run_due(self) -> int:
        """Run everything that has fallen due by the account's clock; answers how much."""
        count = 0
        while row := self.next_due():
            try:
                # It happens as of then: a period begins at the moment the one before ended.
                with self.transaction(now=row["at"]) as tx:
                    tx.unschedule(row["job"], row["object"])
                    JOBS[row["job"]](tx, row["object"])
            except Exception:
                # It must not stand in the way of what falls due after it.
                log.exception("%s of %s could not be done", row["job"], row["object"])
                self.read().unschedule(row["job"], row["object"])
            count += 1
        return count

    def next_due(self) -> sqlite3.Row | None:
        """The first thing that has fallen due."""
        row: sqlite3.Row | None = self.store.execute(
            "SELECT job, object, at FROM due WHERE at <= ? ORDER BY at, rowid LIMIT 1",
            self.clock.now(),
        ).fetchone()
        return row

    def set_lag(self, seconds: int) -> None:
        """Let lists show objects only so many seconds after they were made; 0 shows all."""
        self.lag = seconds
        self.store.set_setting("lag", seconds)

    def take_rights(self, key: str, permissions: list[str]) -> None:
        """Take permissions from a restricted key; none gives them back."""
        self.taken[key] = permissions
        self.store.set_setting("taken", self.taken)

    def advance(self, seconds: int) -> None:
        """Move the clock forward and do at once what that makes due."""
        with self.store.transaction():
            self.clock.advance(seconds)
        self.run_due()
        self.deliveries.wake()

    def reset(self, *, keep_endpoints: bool) -> None:
        """Forget every object, delivery, key and request, and all trouble."""
        with self.store.transaction():
            endpoints = self.store.select("webhook_endpoint", ascending=True)
            for table in TABLES:
                self.store.execute(f"DELETE FROM {table}")  # noqa: S608 - fixed names
            for endpoint in endpoints if keep_endpoints else []:
                self.store.insert("webhook_endpoint", endpoint)
            self.clock.reset()
        self.faults.clear()
        self.limits.clear()
        self.request_log.clear()
        self.set_lag(0)
        self.taken = {}
        self.store.set_setting("taken", {})
        self.store.set_setting("tax_settings", {})
        assumptions.forget(self.store)

    async def start(self) -> None:
        """Begin to deliver events and to watch the clock."""
        await self.deliveries.start()
        self.loop_task = asyncio.create_task(self.watch_clock())

    async def stop(self) -> None:
        """Stop the loops and close the file."""
        if self.loop_task:
            self.loop_task.cancel()
        await self.deliveries.stop()
        self.store.close()

    async def watch_clock(self) -> None:
        """Run what falls due, for as long as the server lives."""
        while True:
            try:
                self.run_due()
            except Exception:
                log.exception("something that fell due could not be done")
            await asyncio.sleep(TICK)
