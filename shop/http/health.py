"""Alive and ready, for supervisors and load balancers."""

import structlog
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.module_loading import import_string

from shop import pulse
from shop.models import Heartbeat

log = structlog.get_logger(__name__)

NO_BROKER = "The broker does not answer."

_ready_once = False


def alive(_request: HttpRequest) -> HttpResponse:
    """The process answers; nothing else is asked."""
    return HttpResponse("alive\n", content_type="text/plain")


def ready(_request: HttpRequest) -> JsonResponse:
    """200 once database, migrations, broker and a worker have answered.

    After that a lost broker or worker is told in the answer without failing, and so are beat and a
    sweep that have been silent for three rounds: the shop still sells, and the work waits in its
    rows. A process that is begun anew meanwhile is as ready as those beside it, if it reaches the
    broker.
    """
    global _ready_once
    problems = _essential()
    essential = not connection.is_usable() if connection.connection else True
    silences = [] if essential else pulse.silences()
    unanswered = [] if problems else _unanswered()
    if unanswered and unanswered != [NO_BROKER]:
        _ready_once = _ready_once or pulse.was_ready_lately()
    problems = problems or unanswered
    ok = not problems or (_ready_once and not essential)
    _ready_once = _ready_once or not problems
    if ok:
        Heartbeat.leave(pulse.READY)
    if silences:
        import_string(settings.TELL_OF_SILENCE)(silences)
    late = [one.sentence for one in silences if one.part != pulse.Part.WORKERS]
    return JsonResponse({"ready": ok, "problems": problems or late}, status=200 if ok else 503)


def _essential() -> list[str]:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return ["The database does not answer."]
    return ["Migrations wait: run manage.py migrate."] if waiting else []


def _unanswered() -> list[str]:
    beat = Heartbeat.objects.filter(name=pulse.Part.WORKERS).first()
    if beat and timezone.now() - beat.at < pulse.silent_after():
        return []
    if not pulse.ask_for_a_heartbeat():
        return [NO_BROKER]
    return [pulse.Silence(pulse.Part.WORKERS, beat.at if beat else None).sentence]
