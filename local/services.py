"""The database and the broker: what the environment names, else servers of our own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from local import postgres, valkey


@dataclass(frozen=True)
class Services:
    """Where the database and the broker are, as the shop's settings want to be told."""

    database_url: str
    redis_url: str


@contextmanager
def running(directory: Path, *, durable: bool) -> Iterator[Services]:
    """Both services while the block runs, with the data of our own in `directory`.

    What `DATABASE_URL` and `REDIS_URL` name is used instead of starting anything. No server
    outlives the process that runs the block, however it ends. `durable` says whether the data must
    survive a crash of the machine.
    """
    with ExitStack() as stack:
        database_url = os.environ.get("DATABASE_URL") or stack.enter_context(
            postgres.running(directory / "postgres", durable=durable)
        )
        redis_url = os.environ.get("REDIS_URL") or stack.enter_context(
            valkey.running(directory / "valkey", durable=durable)
        )
        yield Services(database_url, redis_url)
