"""One user at a time for a data directory."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class InUse(Exception):
    """Another process works with this data directory."""


@contextmanager
def claimed(directory: Path, *, wait: float = 15) -> Iterator[int]:
    """Hold the directory for this process and whoever it hands the yielded descriptor to.

    The lock is the system's own: it is gone when the last holder is, so none is ever stale. A
    server that holds it too keeps the next one waiting until it has written its last byte.
    """
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = os.open(directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        lock_within(lock, wait, directory)
        os.truncate(lock, 0)
        os.write(lock, str(os.getpid()).encode())  # for the message to who comes second
        yield lock
    finally:
        os.close(lock)


def lock_within(lock: int, wait: float, directory: Path) -> None:
    deadline = time.monotonic() + wait
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                holder = os.pread(lock, 20, 0).decode()
                raise InUse(f"The data in {directory} is in use by process {holder}.") from None
            time.sleep(0.02)
        else:
            return


def is_claimed(directory: Path) -> bool:
    """Whether somebody holds the directory now."""
    if not directory.exists():
        return False
    try:
        with claimed(directory, wait=0):
            return False
    except InUse:
        return True
