"""Alive is said at once; ready is said when database, migrations, broker and a worker answered."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from shop.http import health
from shop.models import Heartbeat

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def new_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that was never ready."""
    monkeypatch.setattr(health, "_ready_once", False)


def ready(client: Client) -> tuple[int, Any]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def beat(*, ago: int = 0) -> None:
    moment = timezone.now() - timedelta(seconds=ago)
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": moment})


NO_WORKER = {"ready": False, "problems": ["No worker has answered yet."]}


def test_alive_asks_for_nothing(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        answer = client.get("/healthz")

    assert (answer.status_code, answer.content) == (200, b"alive\n")


def test_ready_once_a_worker_has_answered(client: Client) -> None:
    first = ready(client)
    beat()
    second = ready(client)

    assert (first, second) == ((503, NO_WORKER), (200, {"ready": True, "problems": []}))


def test_an_old_heartbeat_is_no_answer(client: Client) -> None:
    beat(ago=120)

    assert ready(client) == (503, NO_WORKER)


def test_once_ready_a_lost_worker_is_told_without_failing(client: Client) -> None:
    beat()
    ready(client)
    beat(ago=120)

    assert ready(client) == (200, {**NO_WORKER, "ready": True})


def test_migrations_that_wait_are_told(client: Client) -> None:
    """Guard: _essential."""
    beat()
    latest = MigrationRecorder.Migration.objects.filter(app="payments").latest("id").name
    MigrationRecorder(connection).record_unapplied("payments", latest)
    try:
        answer = ready(client)
    finally:
        MigrationRecorder(connection).record_applied("payments", latest)

    said = {"ready": False, "problems": ["Migrations wait: run manage.py migrate."]}
    assert answer == (503, said)


def test_without_a_database_it_is_not_ready_whatever_it_was(client: Client) -> None:
    beat()
    ready(client)
    address: dict[str, Any] = connection.settings_dict
    port = address["PORT"]
    connection.close()
    address["PORT"] = "9"
    try:
        answer = ready(client)
    finally:
        connection.close()
        address["PORT"] = port

    assert answer == (503, {"ready": False, "problems": ["The database does not answer."]})
