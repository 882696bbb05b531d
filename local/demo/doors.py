"""The doors of a demo: who listens on a port is decided the moment it is chosen.

A port that was free a moment ago may be taken by the time a server asks for it. Another demo,
started in the same minute, would then answer in its place. So the socket listens from the choice on
and is handed to the server; whoever knocks before that waits.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from local.demo.environment import Ports, stripe_key, web_port
from local.services import ports
from local.services.state_file import Notes

STAND_IN_PORT = 12111


class Taken(Exception):
    """Somebody else listens on the shop's port; the message says which one is free."""


@dataclass(frozen=True)
class Doors:
    """The listening sockets of the shop and, unless real Stripe is used, of the stand-in."""

    web: socket.socket
    stand_in: socket.socket | None

    @property
    def ports(self) -> Ports:
        return Ports(number(self.web), number(self.stand_in) if self.stand_in else None)


@contextmanager
def held(kept: Notes) -> Iterator[Doors]:
    """The doors of this run while the block runs; Taken when the shop's own port is."""
    with ExitStack() as stack:
        web = stack.enter_context(shop_door())
        if stripe_key():
            yield Doors(web, None)
            return
        wanted = int(kept.get("stand_in_port") or STAND_IN_PORT)
        stand_in = stack.enter_context(ports.hold(wanted) or ports.hold_from(STAND_IN_PORT))
        kept.remember(stand_in_port=str(number(stand_in)))  # links to payment pages outlive a run
        yield Doors(web, stand_in)


def shop_door() -> socket.socket:
    """Where the shop is asked for; nobody is moved to another address unasked."""
    port = web_port()
    door = ports.hold(port)
    if door is None:
        free = ports.free_from(port + 1)
        raise Taken(f"Port {port} is in use. This one is free: PORT={free} make demo")
    return door


def number(door: socket.socket) -> int:
    port: int = door.getsockname()[1]
    return port
