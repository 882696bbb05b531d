"""The database and the broker: what the environment names, else servers of our own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from local.services import postgres, valkey
from local.services.processes import Kept


@dataclass(frozen=True)
class Services:
    """Where the database and the broker are, as the shop's settings want to be told.

    `children` are the servers that were started for it.
    """

    database_url: str
    redis_url: str
    children: tuple[Kept, ...] = ()


@contextmanager
def running(directory: Path, *, durable: bool) -> Iterator[Services]:
    """Both services while the block runs, with the data of our own in `directory`.

    What `DATABASE_URL` and `REDIS_URL` name is used instead of starting anything. No server
    outlives the process that runs the block, however it ends. `durable` says whether the data must
    survive a crash of the machine.
    """
    urls = {name: os.environ.get(name, "") for name in ("DATABASE_URL", "REDIS_URL")}
    children = []
    with ExitStack() as stack:
        for name, module in (("DATABASE_URL", postgres), ("REDIS_URL", valkey)):
            if not urls[name]:
                place = directory / module.__name__.rpartition(".")[2]
                urls[name], child = stack.enter_context(module.running(place, durable=durable))
                children.append(child)
        yield Services(urls["DATABASE_URL"], urls["REDIS_URL"], tuple(children))
