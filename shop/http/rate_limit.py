"""How fast something may be asked, all processes together.

The next free moment stands in the database: whoever asks takes it and waits for it, or is refused.
So web, workers and commands keep one pace without knowing of one another, and no broker is needed
for it.
"""

import hashlib
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection, transaction

# Moments are those of the database, whatever the clocks of the machines say. One that lies too far
# ahead was written before that clock was set back.
TAKE = """
    INSERT INTO shop_pace AS pace (name, free_at) VALUES (%(name)s, clock_timestamp() + %(step)s)
    ON CONFLICT (name) DO UPDATE SET free_at = %(step)s + CASE
        WHEN pace.free_at > clock_timestamp() + %(longest)s THEN clock_timestamp()
        ELSE greatest(pace.free_at, clock_timestamp() - %(unused)s) END
    RETURNING extract(epoch FROM free_at - %(step)s - clock_timestamp())
"""
# The moment when all of an allowance is free again; one that lies too far ahead as above.
TAKE_ONE = """
    INSERT INTO shop_pace AS pace (name, free_at) VALUES (%(name)s, clock_timestamp() + %(step)s)
    ON CONFLICT (name) DO UPDATE SET free_at = %(step)s + CASE
        WHEN pace.free_at > clock_timestamp() + %(all)s THEN clock_timestamp()
        ELSE greatest(pace.free_at, clock_timestamp()) END
    WHERE pace.free_at <= clock_timestamp() + %(all)s - %(step)s
        OR pace.free_at > clock_timestamp() + %(all)s
"""
# What is free again is as if nobody had asked; others may be taking some of it.
FORGET = """
    DELETE FROM shop_pace WHERE name IN (
        SELECT name FROM shop_pace WHERE starts_with(name, %(kind)s)
        AND free_at < clock_timestamp() FOR UPDATE SKIP LOCKED)
"""
LONGEST_WAIT = timedelta(seconds=30)


@dataclass(frozen=True)
class RateLimit:
    """So many times a second; after a rest a few more at once."""

    name: str
    per_second: int
    at_once: int = 1

    def wait(self) -> None:
        """Return when it is this caller's turn.

        Never within a transaction: the others would wait for its end.
        """
        step = timedelta(seconds=1 / self.per_second)
        asked: dict[str, Any] = {
            "name": self.name,
            "step": step,
            "unused": step * (self.at_once - 1),
            "longest": LONGEST_WAIT,
        }
        with transaction.atomic(durable=True), connection.cursor() as cursor:
            cursor.execute(TAKE, asked)
            (seconds,) = cursor.fetchone()
        time.sleep(max(0.0, float(seconds)))


@dataclass(frozen=True)
class Allowance:
    """So many of something at once for each who asks, and one more after each `every`."""

    name: str
    at_once: int
    every: timedelta

    def take(self, whose: str) -> bool:
        """Take one of theirs, unless all are taken. Whose it is cannot be read from the row."""
        digest = hashlib.sha256(whose.encode()).hexdigest()
        asked: dict[str, Any] = {
            "kind": f"{self.name}:",
            "name": f"{self.name}:{digest}"[:40],
            "step": self.every,
            "all": self.every * self.at_once,
        }
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(FORGET, asked)
            cursor.execute(TAKE_ONE, asked)
            return bool(cursor.rowcount)
