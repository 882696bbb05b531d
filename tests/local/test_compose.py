"""docker-compose.yml without Docker: its shape, and each of our own services run as it says."""

import importlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from local.demo import stand_in
from local.demo.workers import WORKERS
from local.services import ports, services
from local.services.processes import ROOT, Kept
from local.testing import environment as rehearsal
from shop import settings, work
from tests.local.leftovers import own_environment
from tests.support.waiting import PATIENCE, eventually

COMPOSE = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SCHEMA = Path(__file__).parent / "compose-spec" / "compose-spec.json"
OURS = {name: entry for name, entry in COMPOSE["services"].items() if "build" in entry}

# ${NAME}, ${NAME:-default} and ${NAME:?what to do}, as Compose reads them; $$ is a plain $.
VARIABLE = re.compile(r"\$\$|\$\{(\w+)(?::([-?])([^}]*))?\}")

# Settings that no container is given.
NEVER_ON = {"DEBUG", "REHEARSAL"}

# Where a container's programs are found on this machine; a script names its own by a path.
PROGRAMS = {
    "python": [sys.executable],
    "gunicorn": [sys.executable, "-m", "gunicorn"],
    "celery": [sys.executable, "-m", "celery"],
}


def test_file_is_what_the_compose_specification_allows() -> None:
    schema = json.loads(SCHEMA.read_text())

    jsonschema.Draft201909Validator(schema).validate(COMPOSE)


def test_every_image_is_pinned_and_every_service_is_guarded() -> None:
    images = {name: entry["image"] for name, entry in COMPOSE["services"].items()}
    unguarded = [
        name
        for name, entry in OURS.items()
        if not (entry["read_only"] and entry["cap_drop"] == ["ALL"] and entry["security_opt"])
    ]

    assert [image for image in images.values() if not re.search(r":v?\d+\.\d+", image)] == []
    assert unguarded == []


def test_every_setting_can_be_given_and_tests_take_none_from_outside() -> None:
    given = set(COMPOSE["x-environment"])
    rehearsed = rehearsal.environment().keys() | {"DATABASE_URL", "REDIS_URL"}

    assert {*settings.env.names()} - given == {*NEVER_ON, "PORT"}  # always the same
    assert {*settings.env.names()} - rehearsed == set()


def test_money_waits_for_nobodys_mail() -> None:
    # K20
    commands = {name: entry.get("command", []) for name, entry in OURS.items()}
    taken = {
        name: command[command.index("--queues") + 1]
        for name, command in commands.items()
        if "--queues" in command
    }

    # The sweep's bells expire: behind mails that hang nobody would hear them.
    assert taken == {"money": "money,inbox,sweep", "errands": "mail,catalog"}
    assert {name: queues for name, (queues, _) in WORKERS.items()} == taken
    everything = {queue for queues in taken.values() for queue in queues.split(",")}
    assert everything == {"sweep", *(kind.QUEUE for kind in work.kinds())}


def test_the_broker_forgets_nothing_and_the_cache_may() -> None:
    # K20
    commands = {name: COMPOSE["services"][name]["command"] for name in ("valkey", "cache")}
    policy = {name: command[-1] for name, command in commands.items()}
    kept = {name: command[command.index("--appendonly") + 1] for name, command in commands.items()}
    given = COMPOSE["x-environment"]

    assert policy == {"valkey": "noeviction", "cache": "allkeys-lru"}
    assert kept == {"valkey": "yes", "cache": "no"}
    assert (given["REDIS_URL"], given["CACHE_URL"]) == (
        "redis://valkey:6379/0",
        "redis://cache:6379/0",
    )


def test_published_ports_are_for_this_machine_alone() -> None:
    published = [port for entry in COMPOSE["services"].values() for port in entry.get("ports", [])]

    assert [port for port in published if not port.startswith("127.0.0.1:")] == []


def test_what_is_waited_for_can_say_that_it_is_there() -> None:
    waits = [
        (waited, how["condition"])
        for entry in COMPOSE["services"].values()
        for waited, how in entry.get("depends_on", {}).items()
    ]

    for waited, condition in waits:
        entry = COMPOSE["services"][waited]
        if condition == "service_healthy":
            assert "test" in entry["healthcheck"], waited
        else:
            assert (condition, entry["restart"]) == ("service_completed_successfully", "no"), waited


def test_images_run_as_an_ordinary_user_from_hashed_requirements() -> None:
    stages = re.split(r"^FROM ", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)[1:]
    final = {stage.split()[2]: stage for stage in stages}

    assert {re.split(r"[\s]", stage)[0] for stage in stages} == {
        "python:3.13.0-slim-bookworm",
        "base",
    }
    for image in ("shop", "stand-in"):
        assert "\nUSER shop\n" in final[image]
        assert "\nHEALTHCHECK " in final[image]
        assert "--require-hashes" in final[f"{image}-packages"]


def test_all_that_the_shop_reads_reaches_its_image() -> None:
    """Without a folder of texts or templates the image builds and starts, and says it wrongly."""
    templates: Any = settings.TEMPLATES[0]
    named = [*settings.LOCALE_PATHS, *templates["DIRS"]]
    apps = [importlib.import_module(app.partition(".")[0]) for app in settings.INSTALLED_APPS]
    packages = [Path(app.__path__[0]) for app in apps]
    ours = [folder for folder in packages if folder.parent == ROOT]
    needed = {str(folder.relative_to(ROOT)) for folder in [*named, *ours]}

    stage = (ROOT / "Dockerfile").read_text().partition(" AS shop\n")[2]
    copied = set(re.findall(r"^COPY (\w+) \1$", stage, flags=re.MULTILINE))
    sent = set(re.findall(r"^!(\w+)$", (ROOT / ".dockerignore").read_text(), flags=re.MULTILINE))

    assert needed == {"fulfillment", "locale", "payments", "shop", "templates"}
    assert needed - copied == set()
    assert needed - sent == set()


def test_the_sample_reaches_the_stand_in_and_no_live_image() -> None:
    stages = re.split(r"^FROM ", (ROOT / "Dockerfile").read_text(), flags=re.MULTILINE)[1:]
    final = {stage.split()[2]: stage for stage in stages}
    sent = (ROOT / ".dockerignore").read_text().splitlines()

    assert "sample" not in final["shop"]
    assert "COPY . ." not in final["shop"]
    assert "\nCOPY . .\n" in final["stand-in"]
    assert "!sample" in sent
    assert "media:/media" in COMPOSE["services"]["prepare"]["volumes"]
    assert not list((ROOT / "shop").rglob("sample"))
    assert not (ROOT / "shop" / "catalog" / "static" / "pictures").exists()


class Machine:
    """This machine in the place of the containers: names become ports, volumes a directory."""

    def __init__(self, found: services.Services, place: Path) -> None:
        self.place = place
        self.web = ports.free_port()
        lines = (ROOT / "local" / "compose-rehearsal.env").read_text().splitlines()
        self.variables = dict(line.split("=", 1) for line in lines if re.match(r"\w+=", line))
        self.replaced = [
            (r"^postgres://.*", found.database_url),
            (r"^redis://.*", found.redis_url),
            (r"\b12111\b", str(ports.free_port())),
            (r"\b4242\b", str(self.web)),
            (r"0\.0\.0\.0|(?<=//)(stand-in|web)(?=:)", ports.HOST),
            (r"/(tmp|data)/", f"{place}/"),
        ]

    def here(self, text: str) -> str:
        """A value of the file as it must be on this machine."""
        text = VARIABLE.sub(self.value, str(text))
        for pattern, replacement in self.replaced:
            text = re.sub(pattern, replacement, text)
        return text

    def value(self, match: re.Match[str]) -> str:
        name, how, otherwise = match.groups()
        if name is None:
            return "$"
        if not self.variables.get(name) and how == "?":
            raise KeyError(f"{name}: {otherwise}")
        return self.variables.get(name) or otherwise or ""

    def command(self, parts: list[str]) -> list[str]:
        here = [self.here(part) for part in parts]
        return [*PROGRAMS.get(here[0], here[:1]), *here[1:]]

    def environment(self, name: str) -> dict[str, str]:
        """Exactly what the file gives the service, beside what finds programs."""
        given = OURS[name].get("environment", {})
        needed = {key: own_environment()[key] for key in ("PATH", "PYTHONPATH")}
        return needed | {key: self.here(value) for key, value in given.items()}

    def start(self, name: str) -> Kept:
        log = self.place / f"{name}.log"
        return Kept(
            name, self.command(OURS[name]["command"]), log=log, environment=self.environment(name)
        )

    def is_healthy(self, name: str) -> bool:
        kind, *check = OURS[name]["healthcheck"]["test"]
        command = self.command(check) if kind == "CMD" else ["sh", "-c", self.here(check[0])]
        environment = self.environment(name)
        return not subprocess.run(
            command, cwd=ROOT, env=environment, capture_output=True, timeout=PATIENCE
        ).returncode


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Machine]:
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    with services.running(tmp_path / "services", durable=False) as found:
        yield Machine(found, tmp_path)


def in_order() -> list[str]:
    """Our services, each after those of ours that it waits for."""
    ordered: list[str] = []
    while len(ordered) < len(OURS):
        ordered += [
            name
            for name, entry in OURS.items()
            if name not in ordered and OURS.keys() & set(entry.get("depends_on", {})) <= {*ordered}
        ]
    return ordered


@pytest.mark.timeout(1800)
def test_each_service_of_ours_starts_and_becomes_healthy_as_the_file_says(machine: Machine) -> None:
    outcomes, children = {}, {}
    with ExitStack() as running:
        for name in in_order():
            child = children[name] = machine.start(name)
            running.callback(child.stop)
            if OURS[name]["restart"] == "no":
                child.succeed(timeout=PATIENCE)
                outcomes[name] = "done"
            elif "test" in OURS[name]["healthcheck"]:
                child.wait_until(partial(machine.is_healthy, name), timeout=PATIENCE)
                outcomes[name] = "healthy"
        ready = eventually(lambda: stand_in.ask(f"http://127.0.0.1:{machine.web}/readyz")[0])
        outcomes["clock"] = "running" if children["clock"].exit_code() is None else "ended"

    assert outcomes == {
        "migrate": "done",
        "stand-in": "healthy",
        "web": "healthy",
        "money": "healthy",
        "errands": "healthy",
        "beat": "healthy",
        "prepare": "done",
        "clock": "running",
    }
    assert ready
