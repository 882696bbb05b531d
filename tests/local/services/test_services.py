"""Real servers, started from the wheels and ended in every way a process can end."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
import redis

from local.services import services, unprivileged
from local.services.directory_lock import InUse, claimed
from local.services.processes import ROOT
from tests.local.leftovers import Start, at_work_in, own_environment, wait_until_left

HOLD = Path(__file__).with_name("hold_services.py")
WITHOUT_NAMESPACES = Path(__file__).with_name("without_namespaces.py")


@pytest.fixture
def nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)


def test_both_answer_and_leave_nothing_behind(nothing_given: None, tmp_path: Path) -> None:
    with services.running(tmp_path, durable=False) as found:
        with psycopg.connect(found.database_url) as connection:
            letters = connection.execute("SELECT lower('ÉCLAIR'), version()").fetchone()
        settings = redis.Redis.from_url(found.redis_url).config_get(
            "maxmemory-policy", "appendonly"
        )

    assert letters
    assert letters[0] == "éclair"
    assert letters[1].startswith("PostgreSQL 18")
    assert settings == {"maxmemory-policy": "noeviction", "appendonly": "no"}
    assert at_work_in(tmp_path) == []


def test_what_the_environment_names_is_used_instead(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgres://given/database")
    monkeypatch.setenv("REDIS_URL", "redis://given/0")

    with services.running(tmp_path, durable=False) as found:
        started = list(tmp_path.iterdir())

    assert (found.database_url, found.redis_url) == ("postgres://given/database", "redis://given/0")
    assert started == []


def test_killed_holder_takes_its_servers_along_and_the_data_stays(
    start: Start, nothing_given: None, tmp_path: Path
) -> None:
    # Guard: the lifeline in local/services/die_with_parent.py; without it both servers go on.
    holder = start(HOLD, tmp_path)
    database_url, redis_url = json.loads(holder.wait_for(r"\[.*\]")[0])
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 41 + 1 AS answer")
    redis.Redis.from_url(redis_url).set("kept", "this too")

    holder.end(signal.SIGKILL)

    wait_until_left(tmp_path)
    with services.running(tmp_path, durable=True) as again:
        assert (again.database_url, again.redis_url) == (database_url, redis_url)
        with psycopg.connect(again.database_url) as connection:
            assert connection.execute("SELECT answer FROM kept").fetchone() == (42,)
        assert redis.Redis.from_url(again.redis_url).get("kept") == b"this too"


def test_killed_keepers_take_their_servers_along(start: Start, tmp_path: Path) -> None:
    # Guard: PR_SET_PDEATHSIG in local/services/die_with_parent.py, set after the change of user
    # that would clear it.
    holder = start(HOLD, tmp_path)
    holder.wait_for(r"\[.*\]")
    keepers = [
        int(line.split(":")[0])
        for line in at_work_in(tmp_path)
        if "local.services.die_with_parent" in line
    ]

    for keeper in keepers:
        os.kill(keeper, signal.SIGKILL)
    holder.end(signal.SIGKILL)

    assert len(keepers) == 2
    wait_until_left(tmp_path)


def test_lock_file_of_a_crash_does_not_block_the_next_start(
    nothing_given: None, tmp_path: Path
) -> None:
    # Guard: `start` in local/services/postgres.py removes what only a crash can have left.
    with services.running(tmp_path, durable=False):
        stale = (tmp_path / "postgres" / "data" / "postmaster.pid").read_text()
    lines = stale.splitlines()
    # A process of the same user that lives: to PostgreSQL it looks like the server of this data.
    lines[0] = str(os.getpid())
    (tmp_path / "postgres" / "data" / "postmaster.pid").write_text("\n".join(lines) + "\n")

    with services.running(tmp_path, durable=False) as found:
        psycopg.connect(found.database_url).close()


def test_second_user_of_the_same_data_is_refused(
    start: Start, nothing_given: None, tmp_path: Path
) -> None:
    holder = start(HOLD, tmp_path)
    holder.wait_for(r"\[.*\]")

    with pytest.raises(InUse), claimed(tmp_path / "postgres", wait=0.1):
        pass


def test_works_below_a_private_directory_with_a_space_and_leaves_its_mode(
    nothing_given: None, tmp_path: Path
) -> None:
    private = tmp_path / "a private place"
    private.mkdir(mode=0o700)
    before = [path.stat().st_mode for path in (private, *private.parents)]

    with services.running(private / "data", durable=False) as found:
        psycopg.connect(found.database_url).close()

    assert [path.stat().st_mode for path in (private, *private.parents)] == before


def test_taken_port_is_exchanged_for_a_free_one(nothing_given: None, tmp_path: Path) -> None:
    with services.running(tmp_path / "one", durable=False) as first:
        shutil.copytree(tmp_path / "one" / "valkey", tmp_path / "two" / "valkey")
        with services.running(tmp_path / "two", durable=False) as second:
            redis.Redis.from_url(second.redis_url).ping()

    assert first.redis_url.rsplit(":", 1)[0] == second.redis_url.rsplit(":", 1)[0]
    assert first.redis_url != second.redis_url


def test_where_namespaces_are_refused_root_runs_the_server_as_nobody(tmp_path: Path) -> None:
    # As an ordinary user there is nothing to get round: the server runs as that user.
    command: list[str | Path] = [sys.executable, HOLD.with_name("try_services.py"), tmp_path]
    if os.geteuid() == 0:
        command = [sys.executable, WITHOUT_NAMESPACES, *command]

    runs = [
        subprocess.run(command, cwd=ROOT, env=own_environment(), capture_output=True, text=True)
        for _ in range(2)
    ]

    owner = "nobody" if os.geteuid() == 0 else str(os.geteuid())
    assert [(run.returncode, run.stdout, run.stderr) for run in runs] == [
        (0, f"owner {owner}, starts 1\n", ""),
        (0, f"owner {owner}, starts 2\n", ""),
    ]
    unprivileged.remove(tmp_path / "postgres")
    assert not unprivileged.place_elsewhere(tmp_path / "postgres").exists()
