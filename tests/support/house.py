"""The whole shop for a test: web server, workers and beat as processes, with the stand-in."""

import os
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from email import message_from_string
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import redis
import requests
from django.utils import timezone

from local.services import valkey
from local.services.directory_lock import claimed
from local.services.ports import HOST, free_from
from local.services.processes import Kept
from shop import work
from tests.support import databases
from tests.support.databases import Templates
from tests.support.stand_in import StandIn
from tests.support.waiting import eventually

ENVIRONMENT = {
    "SWEEP_EVERY": "2",
    # Above it an order waits for staff; below it the stock check captures.
    "CAPTURE_REVIEW_ABOVE": "eur:15000",
    "REMAP_SIGTERM": "SIGQUIT",
    "LOG_LEVEL": "INFO",
}
BETWEEN_MAILS = "-" * 79  # as Django's file backend has it
WEBHOOK_SECRET = "whsec_only_for_tests"


class House:
    """The running shop. `web`, `worker` and `beat` can be stopped and started like any process."""

    def __init__(self, directory: Path, stand_in: StandIn, database: str, broker: "Broker") -> None:
        self.directory = directory
        self.stand_in = stand_in
        self.broker = broker
        # Below those that the system gives to connections: it is free again after each stop.
        self.port = free_from(20_000 + os.getpid() % 10_000)
        self.url = f"http://localhost:{self.port}"
        self.mail = directory / "mail"
        self.environment = {
            **os.environ,
            **ENVIRONMENT,
            "DATABASE_URL": database,
            "REDIS_URL": broker.url,
            "SITE_URL": self.url,
            "PORT": str(self.port),
            "STRIPE_API_BASE": stand_in.url,
            "EMAIL_URL": f"filemail://{self.mail}",
            "SELLER_ADDRESS": "1 Harbour Street, Dublin",
            "SELLER_TAX_NUMBER": "IE0000000X",
            "MEDIA_ROOT": str(directory / "media"),
            "DIGITAL_ROOT": str(directory / "digital"),
        }
        self.processes: dict[str, Kept] = {}
        # How many pieces of work are done at the same time.
        self.worker_children = 4

    def manage(self, *arguments: str | Path) -> None:
        """Run a management command to its end."""
        self.run("manage.py", *arguments)

    def run(self, *arguments: str | Path) -> None:
        """Run Python with these arguments in the house's environment."""
        command = [sys.executable, *arguments]
        log = self.directory / "manage.log"
        Kept("manage", command, log=log, environment=self.environment).succeed(timeout=600)

    def start(self, name: str, **more: str) -> None:
        self.start_as(name, ["-m", *self.commands()[name]], **more)

    def start_as(self, name: str, command: list[str], **more: str) -> None:
        """Start what Python is called with under a name; the house starts it in no other way."""
        self.processes[name] = Kept(
            name,
            [sys.executable, *command],
            log=self.directory / f"{name}.log",
            environment={**self.environment, **more},
            stop_signal="TERM",
        )

    def supervise(self) -> None:
        """Start again what has ended by itself, as Compose and the demo's crew do.

        A Celery worker that loses its broker in the moment of giving a message back ends with an
        error of its own ("'NoneType' object has no attribute 'hostname'") instead of waiting.
        """
        for name, process in list(self.processes.items()):
            if process.exit_code() is not None:
                self.start(name)

    def stop(self, name: str) -> None:
        self.processes.pop(name).stop()

    def kill(self, name: str) -> None:
        """SIGKILL the process and all that it started, as a lost machine would."""
        os.killpg(command_of(self.processes[name]), signal.SIGKILL)
        self.stop(name)

    def kill_children(self, name: str) -> None:
        """SIGKILL what the process started; it lives on itself."""
        for child in children_of(command_of(self.processes[name])):
            os.kill(child, signal.SIGKILL)

    def end_leases(self) -> None:
        """Make the wait for the leases of a killed worker short."""
        for kind in work.kinds():
            leased = kind._default_manager.filter(status=work.Work.Status.LEASED)
            leased.update(lease_until=timezone.now())

    def heal(self) -> None:
        """Everything runs and nothing is ordered to go wrong."""
        self.stand_in.ask("faults/clear", {})
        self.listen("normal")
        self.broker.heal()
        for name in self.commands():
            kept = self.processes.get(name)
            if kept is None or kept.exit_code() is not None:
                self.start(name)
        self.wait_until_ready()

    def listen(self, mode: str, **more: Any) -> None:
        """How the stand-in's events reach the shop: normal, duplicate, drop, hold, ..."""
        self.stand_in.ask("webhooks", {"endpoint": f"{self.url}/webhook", "mode": mode, **more})

    def wait_until_quiet(self) -> None:
        """Return once no work row is left to do."""
        eventually(lambda: not open_work())

    def mails(self, email: str) -> list[str]:
        """Subjects of the mails that were sent to an address, each copy counted."""
        return [copy["Subject"] for copy in self._copies(email)]

    def texts(self, email: str) -> list[str]:
        """What those mails say, without their HTML."""
        parts = (part for copy in self._copies(email) for part in copy.walk())
        plain = (part for part in parts if part.get_content_type() == "text/plain")
        return [str(part.get_payload()) for part in plain]

    def letters(self, email: str) -> list[str]:
        """Subjects as above, the copies of one mail counted once, by their Message-ID.

        For a shop whose workers are killed: who is killed between the mail server and the row
        has sent a mail that the next worker sends again.
        """
        letters = {copy["Message-ID"]: copy["Subject"] for copy in self._copies(email)}
        return list(letters.values())

    def _copies(self, email: str) -> list[Message]:
        # Two workers that send in the same second may write into the same file.
        mails = [
            message_from_string(mail.lstrip())
            for path in sorted(self.mail.glob("*.log"))
            for mail in path.read_text().split(BETWEEN_MAILS)
        ]
        return [mail for mail in mails if mail["To"] == email]

    def commands(self) -> dict[str, list[str]]:
        # A worker's own look at the settings is that of every command, and is proved with Compose.
        worker = (
            "celery --skip-checks -A shop worker -Q money,inbox,mail,catalog,sweep "
            f" --concurrency {self.worker_children} --without-gossip --without-mingle -l INFO"
        )
        beat = f"celery --skip-checks -A shop beat -l INFO -s {self.directory}/beat"
        web = (
            f"gunicorn shop.wsgi -b 127.0.0.1:{self.port}"
            " -k gthread --threads 16 -t 60 --no-control-socket --access-logfile -"
            " --logger-class shop.http.access_log.AccessLog"
        )
        return {"web": web.split(), "worker": worker.split(), "beat": beat.split()}

    @property
    def is_open(self) -> bool:
        return bool(self.processes)

    def open(self) -> None:
        for name in self.commands():
            self.start(name)
        self.stand_in.ask("webhooks", {"endpoint": f"{self.url}/webhook", "secret": WEBHOOK_SECRET})
        self.wait_until_ready()

    def wait_until_ready(self) -> None:
        eventually(self.is_ready)

    def is_ready(self) -> bool:
        try:
            return requests.get(f"{self.url}/readyz", timeout=30).status_code == 200
        except requests.RequestException:
            return False

    def close(self) -> None:
        for kept in self.processes.values():
            kept.ask_to_stop()
        for name in list(self.processes):
            self.stop(name)

    def visitor(self) -> requests.Session:
        """A customer's browser, as far as HTTP goes."""
        browser = requests.Session()
        browser.headers["Connection"] = "close"
        return browser


class Broker:
    """A Valkey of the house's own, to be stopped, stalled and emptied."""

    def __init__(self, directory: Path, lock: int) -> None:
        self.server = valkey.Server(directory, durable=False)
        self.lock = lock
        self.process: Kept | None = self.server.start(lock)
        # Who stands in its place while it is gone, so that nobody else on this machine takes it.
        self.place: socket.socket | None = None

    @property
    def url(self) -> str:
        return self.server.url

    def stop(self) -> None:
        """Gone, with all messages; connections are refused."""
        if self.process is not None:
            self.process.stop()
            self.process = None
        self.leave()

    def keep_away(self) -> None:
        """Gone, and to come back where it was."""
        self.stop()
        self.place = socket.socket()
        self.place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.place.bind((HOST, urlsplit(self.url).port))

    @contextmanager
    def hanging_up(self) -> Iterator[list[Any]]:
        """Whoever calls is heard and cut off at once; the calls so far."""
        self.keep_away()
        calls: list[Any] = []
        assert self.place is not None
        place = self.place

        def hang_up() -> None:
            with suppress(OSError):
                while True:
                    call, caller = place.accept()
                    calls.append(caller)
                    call.close()

        place.listen()
        threading.Thread(target=hang_up, daemon=True).start()
        yield calls
        # Closing alone would leave the thread in its wait.
        place.shutdown(socket.SHUT_RDWR)

    def leave(self) -> None:
        if self.place is not None:
            self.place.close()
            self.place = None

    def stall(self) -> None:
        """Connections open, and nobody answers."""
        assert self.process is not None
        os.kill(command_of(self.process), signal.SIGSTOP)

    def heal(self) -> None:
        if self.process is None:
            self.leave()
            self.process = self.server.start(self.lock)
        os.kill(command_of(self.process), signal.SIGCONT)

    def flush(self) -> None:
        """Lose every message."""
        with redis.Redis.from_url(self.url) as connected:
            connected.flushall()


def command_of(kept: Kept) -> int:
    """The process id of the command that a keeper runs."""
    (command,) = children_of(kept.keeper.pid)
    return command


def children_of(parent: int) -> list[int]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(entry.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(entry.parent.name))
    return found


def open_work() -> list[work.Work]:
    """Work rows that are not done and not given up."""
    waiting = [work.Work.Status.READY, work.Work.Status.LEASED]
    return [
        row for kind in work.kinds() for row in kind._default_manager.filter(status__in=waiting)
    ]


@contextmanager
def built(directory: Path, stand_in: StandIn, templates: Templates) -> Iterator[House]:
    """A house with a database and a broker of its own and the sample catalog in it."""
    directory.mkdir(parents=True, exist_ok=True)
    name = f"house_{os.getpid()}_{directory.name}".replace("-", "_")
    databases.create(name, templates.with_sample())
    shutil.copytree(templates.sample_media, directory / "media")
    with ExitStack() as stack:
        stack.callback(databases.drop, name)
        broker = Broker(directory / "broker", stack.enter_context(claimed(directory / "broker")))
        stack.callback(broker.stop)
        house = House(directory, stand_in, databases.url_of(name), broker)
        stack.callback(house.close)
        house.open()
        yield house


@contextmanager
def looking_into(house: House) -> Iterator[None]:
    """The test's own database connection looks into the house's database for a while."""
    with databases.connected_to(house.environment["DATABASE_URL"].rsplit("/", 1)[1]):
        yield
