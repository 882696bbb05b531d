"""Alive is said at once; ready is said when database, migrations, broker and a worker answered."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from django.utils import timezone

from shop import pulse, tasks
from shop.http import health
from shop.models import Heartbeat

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def never_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that was never ready, and has run for an hour."""
    monkeypatch.setattr(health, "_ready_once", False)
    monkeypatch.setattr(pulse, "_began", timezone.now() - timedelta(hours=1))


def ready(client: Client) -> tuple[int, Any]:
    answer = client.get("/readyz")
    return answer.status_code, answer.json()


def beat(*, ago: int = 0, parts: list[str] | None = None) -> None:
    moment = timezone.now() - timedelta(seconds=ago)
    for part in parts or list(pulse.Part):
        Heartbeat.objects.update_or_create(name=part, defaults={"at": moment})


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


def no_worker_since() -> list[str]:
    at = Heartbeat.objects.get(name=pulse.Part.WORKERS).at
    return [f"No worker has answered since {at:%Y-%m-%d %H:%M} UTC."]


def test_an_old_heartbeat_is_no_answer(client: Client) -> None:
    beat(ago=120)

    assert ready(client) == (503, {"ready": False, "problems": no_worker_since()})


def test_once_ready_a_lost_worker_is_told_without_failing(client: Client) -> None:
    beat()
    ready(client)
    beat(ago=120)

    assert ready(client) == (200, {"ready": True, "problems": no_worker_since()})


def test_a_process_that_is_first_asked_while_workers_are_away_is_as_ready_as_the_others(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A server starts its processes anew now and then, and not all of them at once."""
    beat()
    ready(client)
    beat(ago=120)
    ready(client)
    monkeypatch.setattr(health, "_ready_once", False)

    assert ready(client) == (200, {"ready": True, "problems": no_worker_since()})


def test_a_shop_that_begins_after_a_rest_waits_for_a_worker(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    beat()
    ready(client)
    beat(ago=120)
    Heartbeat.objects.filter(name=pulse.READY).update(at=timezone.now() - timedelta(seconds=120))
    monkeypatch.setattr(health, "_ready_once", False)

    assert ready(client) == (503, {"ready": False, "problems": no_worker_since()})


# T5
@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("bell", "Beat has not rung for what is due since "),
        ("sweep", "No whole round of the sweep has come to its end since "),
    ],
)
def test_a_part_that_is_silent_for_three_rounds_is_told_without_failing(
    client: Client, part: str, said: str
) -> None:
    beat()
    well = ready(client)
    beat(ago=120, parts=[part])

    status, answer = ready(client)

    assert well == (200, {"ready": True, "problems": []})
    assert (status, answer["ready"], len(answer["problems"])) == (200, True, 1)
    assert answer["problems"][0].startswith(said)


def test_a_heartbeat_that_was_asked_for_does_not_speak_for_beat(client: Client) -> None:
    # T5
    beat(ago=120, parts=["bell", "sweep"])
    tasks.heartbeat()

    (first, second) = ready(client)[1]["problems"]

    assert first.startswith("Beat has not rung")
    assert second.startswith("No whole round of the sweep")


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
