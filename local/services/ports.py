"""Ports on the loopback address."""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import TypeVar

from local.services.processes import DidNotStart

HOST = "127.0.0.1"
ATTEMPTS = 4
# Who knocks before the server has taken over waits in this line.
BACKLOG = 128

T = TypeVar("T")


def is_free(port: int, host: str = HOST) -> bool:
    """Whether a server could listen on the port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def hold(port: int, host: str = HOST) -> socket.socket | None:
    """A socket that listens on the port from now on, for a server to take over; None if taken."""
    door = socket.socket()
    # What is left of an earlier server's connections keeps nobody out.
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        door.bind((host, port))
        door.listen(BACKLOG)
    except OSError:
        door.close()
        return None
    return door


def hold_from(port: int, host: str = HOST) -> socket.socket:
    """The same for the first port at or after `port` that nobody has, else for any."""
    for candidate in range(port, min(port + 100, 65536)):
        if door := hold(candidate, host):
            return door
    door = hold(0, host)
    if door is None:
        raise DidNotStart(f"No port is free on {host}.")
    return door


def free_port(host: str = HOST) -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((host, 0))
        port: int = probe.getsockname()[1]
    return port


def free_from(port: int, host: str = HOST) -> int:
    """The first free port at or after `port`, for people who like the number they know."""
    near = (
        candidate for candidate in range(port, min(port + 100, 65536)) if is_free(candidate, host)
    )
    return next(near, None) or free_port(host)


def start_on_free_port(last: int, start: Callable[[int], T]) -> T:
    """Call `start` with the port `last` if it is free, else with another, until it did not fail.

    A port that was free a moment ago can be taken by the time a server asks for it, so a
    DidNotStart on a port that is taken now is tried again elsewhere.
    """
    for _ in range(ATTEMPTS):
        port = last if last and is_free(last) else free_port()
        try:
            return start(port)
        except DidNotStart:
            if is_free(port):
                raise
    return start(free_port())
