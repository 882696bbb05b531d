"""The whole shop for a test: web server, workers and beat as processes, with the stand-in."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import requests
from django.db import connection

from local.ports import free_port
from local.processes import Kept
from tests.stand_in import StandIn

ENVIRONMENT = {
    "SWEEP_EVERY": "2",
    "REMAP_SIGTERM": "SIGQUIT",
    "LOG_LEVEL": "INFO",
}
WEBHOOK_SECRET = "whsec_only_for_tests"


class House:
    """The running shop. `web`, `worker` and `beat` can be stopped and started like any process."""

    def __init__(self, directory: Path, stand_in: StandIn, database: str, broker: str) -> None:
        self.directory = directory
        self.stand_in = stand_in
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.mail = directory / "mail"
        self.environment = {
            **os.environ,
            **ENVIRONMENT,
            "DATABASE_URL": database,
            "REDIS_URL": broker,
            "SITE_URL": self.url,
            "PORT": str(self.port),
            "STRIPE_API_BASE": stand_in.url,
            "EMAIL_URL": f"filemail://{self.mail}",
        }
        self.processes: dict[str, Kept] = {}

    def manage(self, *arguments: str | Path) -> None:
        """Run a management command to its end."""
        command = [sys.executable, "manage.py", *arguments]
        log = self.directory / "manage.log"
        Kept("manage", command, log=log, environment=self.environment).succeed(timeout=120)

    def start(self, name: str, **more: str) -> None:
        self.processes[name] = Kept(
            name,
            [sys.executable, "-m", *self.commands()[name]],
            log=self.directory / f"{name}.log",
            environment={**self.environment, **more},
            stop_signal="TERM",
        )

    def stop(self, name: str) -> None:
        self.processes.pop(name).stop()

    def commands(self) -> dict[str, list[str]]:
        worker = "celery -A shop worker -Q money,inbox,mail,catalog,sweep --concurrency 4 -l INFO"
        beat = f"celery -A shop beat -l INFO -s {self.directory}/beat"
        web = f"gunicorn shop.wsgi -b 127.0.0.1:{self.port} -k gthread --threads 16 -t 60"
        return {"web": web.split(), "worker": worker.split(), "beat": beat.split()}

    def open(self) -> None:
        for name in self.commands():
            self.start(name)
        self.stand_in.ask("webhooks", {"endpoint": f"{self.url}/webhook", "secret": WEBHOOK_SECRET})
        self.wait_until_ready()

    def wait_until_ready(self, within: float = 60) -> None:
        deadline = time.monotonic() + within
        while True:
            try:
                answer = requests.get(f"{self.url}/readyz", timeout=5)
                if answer.status_code == 200:
                    return
                said = answer.text
            except requests.RequestException as error:
                said = str(error)
            assert time.monotonic() < deadline, f"the shop is not ready: {said}"
            time.sleep(0.1)

    def close(self) -> None:
        for kept in self.processes.values():
            kept.ask_to_stop()
        for name in list(self.processes):
            self.stop(name)

    def visitor(self) -> requests.Session:
        """A customer's browser, as far as HTTP goes."""
        return requests.Session()


@contextmanager
def built(directory: Path, stand_in: StandIn) -> Iterator[House]:
    """A house with a database of its own and the sample catalog in it."""
    directory.mkdir(parents=True, exist_ok=True)
    name = f"house_{os.getpid()}"
    server = os.environ["DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        admin.execute(f"CREATE DATABASE {name}")
    broker = os.environ["REDIS_URL"].rsplit("/", 1)[0] + "/1"
    house = House(directory, stand_in, f"{server.rsplit('/', 1)[0]}/{name}", broker)
    try:
        house.manage("migrate", "-v", "0")
        house.manage("import_products", Path("shop/catalog/sample/products.csv"))
        house.open()
        yield house
    finally:
        house.close()
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


@contextmanager
def looking_into(house: House) -> Iterator[None]:
    """The test's own database connection looks into the house's database for a while."""
    settings_dict: dict[str, Any] = connection.settings_dict
    before = settings_dict["NAME"]
    connection.close()
    settings_dict["NAME"] = house.environment["DATABASE_URL"].rsplit("/", 1)[1]
    try:
        yield
    finally:
        connection.close()
        settings_dict["NAME"] = before
