"""`make demo`: the whole shop on this machine, with a rehearsal of Stripe unless a key is given."""

from __future__ import annotations

import argparse
import signal
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from local.demo import doors, settings_check, stand_in
from local.demo.doors import Doors, Taken
from local.demo.environment import (
    STAFF,
    Odd,
    Ports,
    environment,
    kept_secrets,
    read_dot_env,
)
from local.demo.manage import forget_environment, note_environment
from local.demo.parent_watch import Parent
from local.demo.supervisor import Crew, fresh_log, say
from local.demo.workers import WORKERS, command
from local.services import services
from local.services.directory_lock import InUse, claimed
from local.services.processes import PATIENCE, ROOT, DidNotStart, Kept
from local.services.state_file import Notes

ANOTHER_DEMO = (
    "Probably another `make demo` runs in this folder: use that one, or stop it first "
    "(Ctrl-C where it runs, or kill with the number of the process)."
)

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Told(Exception):
    """Somebody wants the demo to stop."""


class CannotStart(Exception):
    """The demo cannot start here and now; the message says what would help."""


def main() -> int:
    options = arguments()
    for number in STOP_SIGNALS:  # a shell that starts us in the background has some of them ignored
        signal.signal(number, told)
    parent = Parent() if options.end_with_parent else None
    try:
        read_dot_env()
        with claimed(options.data, wait=options.wait) as lock:
            try:
                Demo(options.data, lock, parent).run()
            finally:
                forget_environment(options.data)
    except Told:
        say(f"Stopped. The data is kept in {shown(options.data)}.")
        return 0
    except InUse as error:
        say(f"\n{error} {ANOTHER_DEMO}")
        return 2
    except (CannotStart, Odd, Taken) as error:
        say(f"\n{error}")
        return 2
    except DidNotStart as error:
        say(f"\n{error}")
        return 1
    return 0


def told(_number: int, _frame: FrameType | None) -> None:
    for each in STOP_SIGNALS:  # once is enough: a second one must not break the stopping
        signal.signal(each, signal.SIG_IGN)
    raise Told


class Demo:
    """One run of the demo, from the first process to the last."""

    def __init__(self, data: Path, lock: int, parent: Parent | None) -> None:
        self.data = data
        self.lock = lock
        self.parent = parent
        self.logs = data / "log"
        self.logs.mkdir(exist_ok=True)
        self.began = time.monotonic()

    def run(self) -> None:
        forget_environment(self.data)  # of a run that was killed
        kept = kept_secrets(self.data)
        with doors.held(kept) as open_doors:
            refuse_odd_settings()
            self.run_behind(open_doors, kept)

    def run_behind(self, open_doors: Doors, kept: Notes) -> None:
        chosen = open_doors.ports
        step("PostgreSQL and Valkey")
        with services.running(self.data, durable=True) as found:
            variables = environment(self.data, found, chosen, kept.facts)
            self.prepare(variables, kept)
            note_environment(self.data, variables)
            with crew_of(self.logs, variables, self.lock) as crew:
                if chosen.stand_in is None:
                    start_pulling(crew)
                else:
                    start_stand_in(crew, self.data, open_doors, kept)
                start_shop(crew, self.data, open_doors.web)
                self.wait_until_ready(crew, f"http://127.0.0.1:{chosen.web}/readyz")
                say(welcome(self.data, chosen, kept, time.monotonic() - self.began))
                self.stay(crew, found)

    def prepare(self, variables: dict[str, str], kept: Notes) -> None:
        step("tables, staff log-in, sample range")
        staff = {"DEMO_STAFF": STAFF, "DEMO_STAFF_PASSWORD": kept["staff_password"]}
        log = fresh_log(self.logs / "prepare.log")
        command = [sys.executable, "-m", "local.demo.prepare"]
        Kept("The preparation", command, log=log, environment=variables | staff).succeed()

    def wait_until_ready(self, crew: Crew, url: str) -> None:
        """Return once the shop is ready; until then, say what it waits for when it takes long."""
        deadline = time.monotonic() + PATIENCE
        answer = ""
        while time.monotonic() < deadline:
            ready, answer = stand_in.ask(url)
            if ready:
                return
            self.look_after(crew)
            time.sleep(0.2)
        raise DidNotStart(
            f"The shop was not ready within {PATIENCE:.0f} s. {url} says: {answer}\n"
            f"What each process wrote is in {shown(self.logs)}."
        )

    def stay(self, crew: Crew, found: services.Services) -> None:
        while True:
            self.look_after(crew)
            for child in found.children:
                if child.exit_code() is not None:
                    raise child.trouble("ended, so the demo stops; start it again")
            time.sleep(0.3)

    def look_after(self, crew: Crew) -> None:
        crew.watch()
        if self.parent and self.parent.wants_an_end():
            raise Told


def refuse_odd_settings() -> None:
    """Before anything is started with them; a name that nobody reads is only told."""
    for sentence in settings_check.names_nobody_reads():
        step(sentence)
    if problems := settings_check.found_by_settings():
        listed = "\n".join(f"  - {problem}" for problem in problems)
        raise CannotStart(f"The settings need mending; .env.example explains each:\n{listed}")


@contextmanager
def crew_of(logs: Path, variables: dict[str, str], lock: int) -> Iterator[Crew]:
    """Processes that are all stopped when the block is left."""
    crew = Crew(logs, variables, lock)
    try:
        yield crew
    finally:
        step("stopping")
        crew.stop()


def start_stand_in(crew: Crew, data: Path, open_doors: Doors, kept: Notes) -> None:
    """Start the rehearsal of Stripe and tell it where the shop takes its events."""
    chosen = open_doors.ports
    step(f"the Stripe stand-in on port {chosen.stand_in}")
    door = open_doors.stand_in.fileno() if open_doors.stand_in else -1
    arguments = ["--fd", str(door), "--owner", kept["demo"], "--log-level", "info"]
    arguments += ["--public-url", f"http://localhost:{chosen.stand_in}"]
    arguments += ["--state", str(data / "fake_stripe.sqlite3")]
    member = crew.start("stand-in", "-m", "fake_stripe", *arguments, doors=[door])
    if member.child:
        member.child.wait_until(lambda: stand_in.is_owned(chosen.stand_in_url, by=kept["demo"]))
    register_endpoint(chosen, kept)
    crew.start("clock", "-m", "local.demo.follow_clock", grace=2)


def register_endpoint(chosen: Ports, kept: Notes) -> None:
    """Have events sent to this run's port; the port of an earlier run may be another's by now."""
    endpoint = f"http://127.0.0.1:{chosen.web}/webhook"
    known = kept.get("endpoint_id") if kept.get("endpoint") != endpoint else None
    if known:
        stand_in.remove_endpoint(chosen.stand_in_url, known)
    made = stand_in.register_endpoint(chosen.stand_in_url, endpoint, kept["webhook_secret"])
    kept.remember(endpoint=endpoint, endpoint_id=made)


def start_pulling(crew: Crew) -> None:
    """With a real key events are fetched: no tunnel is needed."""
    step("Stripe's events (pull_events --follow)")
    crew.start("events", "manage.py", "pull_events", "--follow")


def start_shop(crew: Crew, data: Path, door: socket.socket) -> None:
    step(f"web on port {doors.number(door)}, workers, beat")
    web = ["--bind", f"fd://{door.fileno()}", "--worker-class", "gthread", "--workers", "2"]
    web += ["--threads", "12", "--graceful-timeout", "5", "--access-logfile", "-"]
    web += ["--no-control-socket", "--logger-class", "shop.http.access_log.AccessLog"]
    crew.start("web", "-m", "gunicorn", "shop.wsgi", *web, doors=[door.fileno()])
    celery = ["-m", "celery", "-A", "shop"]
    for name in WORKERS:
        crew.start(name, *command(name))
    schedule = data / "celerybeat-schedule"
    crew.start(
        "beat", *celery, "beat", "--schedule", schedule, "--pidfile", "", "--loglevel", "INFO"
    )
    crew.start("catalog", "manage.py", "sync_catalog", "--apply", ends_by_itself=True)


def welcome(data: Path, chosen: Ports, kept: Notes, seconds: float) -> str:
    """All that somebody at the terminal needs, in one block."""
    shop = f"http://localhost:{chosen.web}"
    facts = {
        "Shop": f"{shop}/",
        "Admin": f"{shop}/admin/   {STAFF} / {kept['staff_password']}",
        "Mailbox": f"{shop}/_dev/mail/",
    }
    if chosen.stand_in is None:
        facts["Stripe"] = "your test account; events are fetched every few seconds"
    else:
        facts["Stripe"] = f"a stand-in, no real money: http://localhost:{chosen.stand_in}/_fake/"
    facts["Test card"] = "4242 4242 4242 4242, any future date, any CVC"
    lines = [f"  {name:<10} {value}" for name, value in facts.items()]
    end = f"Ctrl-C stops it. The data is kept in {shown(data)}; make clean starts afresh."
    return "\n".join(["", f"Holdfast is ready ({seconds:.0f} s).", "", *lines, "", f"  {end}", ""])


def step(text: str) -> None:
    say(f"  {text}")


def shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="local.demo", description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT / "var" / "demo")
    parser.add_argument(
        "--wait", type=float, default=20, help="seconds for an earlier run to have stopped"
    )
    parser.add_argument(
        "--end-with-parent", action="store_true", help="stop when the calling process is gone"
    )
    options = parser.parse_args()
    options.data = options.data.resolve()
    return options


if __name__ == "__main__":
    sys.exit(main())
