"""Alive and ready, for supervisors and load balancers."""

from datetime import timedelta

import structlog
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone

from shop.models import Heartbeat

log = structlog.get_logger(__name__)

# One beat may be late; three in a row mean that nobody is there.
BEATS = 3
_ready_once = False


def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("alive\n", content_type="text/plain")


def ready(_request: HttpRequest) -> JsonResponse:
    """200 once database, migrations, broker and a worker have answered.

    After that a lost broker or worker is told in the answer without failing: the shop still sells,
    and the work waits in its rows.
    """
    global _ready_once
    problems = _essential() or _helpful()
    essential = not connection.is_usable() if connection.connection else True
    ok = not problems or (_ready_once and not essential)
    _ready_once = _ready_once or not problems
    return JsonResponse({"ready": ok, "problems": problems}, status=200 if ok else 503)


def silent_after() -> timedelta:
    """How old a heartbeat is of which three have been missed."""
    return BEATS * timedelta(seconds=settings.SWEEP_EVERY) + timedelta(seconds=5)


def _essential() -> list[str]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return ["The database does not answer."]
    return ["Migrations wait: run manage.py migrate."] if waiting else []


def _helpful() -> list[str]:
    beat = Heartbeat.objects.filter(name="worker").first()
    if beat and timezone.now() - beat.at < silent_after():
        return []
    try:
        current_app.send_task("shop.heartbeat", queue="sweep", expires=30)
    except current_app.connection_for_write().recoverable_connection_errors:
        return ["The broker does not answer."]
    return ["No worker has answered yet."]
