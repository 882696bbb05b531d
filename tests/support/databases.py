"""The databases of a run: two templates, copies of them, and how a copy is emptied."""

import hashlib
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection, transaction
from django.test import TransactionTestCase
from psycopg import sql

from local.services import postgres
from local.services.directory_lock import claimed
from local.services.processes import ROOT, Kept
from local.testing.pytest_services import run_id
from shop.orders.delivery.terms import Terms
from shop.orders.models import DeliveryMethod

# A second worker waits as long as the first one needs to fill a template.
FILLED_WITHIN = 600

# Migrations take a quarter of a minute of processor time: their outcome is kept for later runs.
KEPT = ROOT / "var" / "migrated"

# What `migrate` writes; the rows are the same after every test.
WRITTEN_BY_MIGRATE = ["django_content_type", "auth_permission"]


class Templates:
    """Databases that are filled once for a run, by the worker that needs them first."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.sample_media = directory / "sample-media"

    def migrated(self) -> str:
        """The name of a database with all tables in it. Changes the connection while it works."""
        name = f"template_{run_id()}"
        with self.filling(name) as half:
            if half:
                create(half)
                kept = KEPT / f"{digest_of_migrations()}.sql"
                if kept.exists():
                    fill_from(kept, half)
                with connected_to(half):
                    # Of what was kept nothing is left to do but what follows every `migrate`.
                    call_command("migrate", interactive=False, verbosity=0)
                if not kept.exists():
                    keep(half, kept)
        return name

    def with_sample(self) -> str:
        """The name of one that has the sample range in it, too; its pictures are beside it."""
        template, name = self.migrated(), f"template_sample_{run_id()}"
        with self.filling(name) as half:
            if half:
                create(half, template)
                shutil.rmtree(self.sample_media, ignore_errors=True)
                self.load_sample(half)
                free_delivery(half)
        return name

    def load_sample(self, database: str) -> None:
        own = {
            "DATABASE_URL": url_of(database),
            "MEDIA_ROOT": str(self.sample_media),
            "DIGITAL_ROOT": f"{self.sample_media}-digital",
        }
        log = self.directory / "sample.log"
        command = [sys.executable, "-m", "sample.load"]
        child = Kept("sample.load", command, log=log, environment=os.environ | own)
        child.succeed(timeout=FILLED_WITHIN)

    @contextmanager
    def filling(self, name: str) -> Iterator[str | None]:
        """A name to fill a database under, which gets its own when it is full; None if it has."""
        half = f"{name}_half"
        with claimed(self.directory / "templates", wait=FILLED_WITHIN):
            if exists(name):
                yield None
                return
            yield half
            with administering() as admin:
                admin.execute(identifiers("ALTER DATABASE {} RENAME TO {}", half, name))


def digest_of_migrations() -> str:
    """Of all that decides what `migrate` makes: migrations, and packages with some of their own."""
    digest = hashlib.sha256((ROOT / "requirements" / "dev.txt").read_bytes())
    apps = (ROOT / name for name in ("shop", "payments", "fulfillment"))
    for path in sorted(path for app in apps for path in app.glob("**/migrations/*.py")):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:32]


def keep(database: str, kept: Path) -> None:
    """Write what is in a database as SQL for later runs, in place of that of other migrations."""
    KEPT.mkdir(parents=True, exist_ok=True)
    half = kept.with_suffix(f".{run_id()}")
    dump = postgres.package() / "pginstall" / "bin" / "pg_dump"
    command: list[str | Path] = [dump, "--no-owner", "--inserts", f"--dbname={url_of(database)}"]
    Kept("pg_dump", [*command, f"--file={half}"], log=kept.with_suffix(".log")).succeed()
    for old in KEPT.glob("*.sql"):
        old.unlink(missing_ok=True)
    half.rename(kept)


def fill_from(kept: Path, database: str) -> None:
    """Carry out what `keep` wrote."""
    # Lines of psql's own, not SQL, begin so.
    lines = [line for line in kept.read_text().splitlines() if not line.startswith("\\")]
    with psycopg.connect(url_of(database)) as connection:
        connection.execute("\n".join(lines))


def free_delivery(database: str) -> None:
    """One method to everywhere: what a test of something else counts is the goods' price."""
    with connected_to(database):
        countries = Terms.now().countries
        DeliveryMethod.objects.exclude(name="Standard").delete()
        DeliveryMethod.objects.update(is_free=True, countries=countries)


def drop_templates() -> None:
    for kind in ("template_sample", "template", "upgraded", "before"):
        drop(f"{kind}_{run_id()}")


def create(name: str, template: str = "template1") -> None:
    """Make a database as a copy of another; one of that name is lost."""
    drop(name)
    with administering() as admin:
        admin.execute(identifiers("CREATE DATABASE {} TEMPLATE {}", name, template))


def drop(name: str) -> None:
    with administering() as admin:
        admin.execute(identifiers("DROP DATABASE IF EXISTS {} WITH (FORCE)", name))


def exists(name: str) -> bool:
    with administering() as admin:
        found = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


def url_of(name: str) -> str:
    return f"{os.environ['DATABASE_URL'].rsplit('/', 1)[0]}/{name}"


@contextmanager
def administering() -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as admin:
        yield admin


def identifiers(statement: str, *names: str) -> sql.Composed:
    return sql.SQL(statement).format(*map(sql.Identifier, names))


@contextmanager
def connected_to(name: str) -> Iterator[None]:
    """The test's own connection looks into another database for a while."""
    settings_dict: dict[str, Any] = connection.settings_dict
    before = settings_dict["NAME"]
    connection.close()
    settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        settings_dict["NAME"] = before


def empty_after(case: TransactionTestCase) -> None:
    """Take a transactional test's rows away, in place of Django's own TRUNCATE of all tables.

    That one costs the same whether a test has written one row or ten thousand, and what `migrate`
    writes has to be written anew after it.
    """
    if case.available_apps is None and may_switch_triggers_off() and is_emptied():
        return
    TRUNCATE(case)
    restore_first_methods()
    note_what_migrate_wrote()


TRUNCATE = TransactionTestCase._fixture_teardown  # type: ignore[attr-defined]


def is_emptied() -> bool:
    """Delete what a test has written; whether all is as `migrate` left it."""
    with transaction.atomic(), connection.cursor() as cursor:
        # Neither foreign keys nor the triggers of what is append-only have a say in it.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(which_are_filled())
        for (table,) in cursor.fetchall():
            cursor.execute(identifiers("DELETE FROM {}", table))
        restore_first_methods()
        for table, (_, last) in _written.items():
            cursor.execute(identifiers("DELETE FROM {} WHERE id > %s", table), [last])
        return all(written_in(table) == _written[table] for table in WRITTEN_BY_MIGRATE)


def note_what_migrate_wrote() -> None:
    _written.update({table: written_in(table) for table in WRITTEN_BY_MIGRATE})


def keep_first_methods() -> None:
    """Remember what `migrate` wrote and a test may change: the first way of delivery."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(jsonb_agg(m), '[]')::text FROM orders_deliverymethod m")
        (_first["methods"],) = cursor.fetchone()


def restore_first_methods() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_deliverymethod"
            " SELECT * FROM jsonb_populate_recordset(null::orders_deliverymethod, %s)",
            [_first["methods"]],
        )


_first: dict[str, str] = {}
_written: dict[str, tuple[int, int]] = {}


def written_in(table: str) -> tuple[int, int]:
    """How many rows are in it, and the last one's id."""
    with connection.cursor() as cursor:
        cursor.execute(identifiers("SELECT count(*), max(id) FROM {}", table))
        count, last = cursor.fetchone()
    return count, last or 0


@cache
def may_switch_triggers_off() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
        return bool(cursor.fetchone()[0])


@cache
def which_are_filled() -> sql.Composable:
    """A query for the names of the tables that hold a row."""
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    return sql.SQL(" UNION ALL ").join(
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(
            sql.Literal(name), sql.Identifier(name)
        )
        for name in sorted(set(names) - set(WRITTEN_BY_MIGRATE))
    )
