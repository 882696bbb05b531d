"""What the shop runs on: database, broker, cache, workers for each queue, and beat."""

import uuid
from collections.abc import Mapping
from typing import Any

import redis
from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from kombu.exceptions import OperationalError

from fulfillment.doctor.amiss import Amiss
from shop import pulse, work
from shop.models import Heartbeat

# In seconds, for servers that answer at once or not at all.
PATIENCE = 5
# For workers, one question after the other: they answer at once, unless the machine is busy.
PATIENCES = (1, 4, 10)
SWEEP = "sweep"


def database() -> str:
    """Whether it answers and has every table."""
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        raise Amiss(f"{len(waiting)} migrations wait.", mend="Run manage.py migrate.")
    return "the database answers, and no migration waits"


def broker() -> str:
    """Whether it answers, and forgets nothing when its memory is full."""
    mend = "Start it, or mend REDIS_URL. Work waits in its rows, and nothing is lost meanwhile."
    policy = _asked(settings.CELERY_BROKER_URL, "The broker", mend)["maxmemory_policy"]
    if policy != "noeviction":
        raise Amiss(
            f"The broker may forget bells when its memory is full ({policy}).",
            mend="Give it --maxmemory-policy noeviction, and the cache a server of its own "
            "(CACHE_URL).",
        )
    return "the broker answers, and forgets nothing"


def cache_server() -> str:
    """Whether the cache keeps what it is given."""
    name = f"doctor-{uuid.uuid4().hex}"
    try:
        cache.set(name, name, timeout=30)
        kept = cache.get(name)
    except redis.RedisError as error:
        raise Amiss(
            f"The cache does not answer: {error}", mend="Start it, or mend CACHE_URL."
        ) from error
    if kept != name:
        raise Amiss("The cache forgets at once.", mend="Give it more memory, or mend CACHE_URL.")
    return "the cache keeps what it is given"


def workers() -> str:
    """Whether each queue has a worker that answers."""
    needed = {SWEEP, *(kind.QUEUE for kind in work.kinds())}
    for patience in PATIENCES:
        answered = _queues_by_worker(patience)
        taken = {queue["name"] for queues in answered.values() for queue in queues}
        if needed <= taken:
            break
    if not answered:
        raise Amiss("No worker answers.", mend="Start the workers (docs/operations.md).")
    if idle := sorted(needed - taken):
        raise Amiss(
            f"No worker takes from: {', '.join(idle)}.",
            mend=f"Start one: celery -A shop worker -Q {','.join(idle)}.",
        )
    return f"{len(answered)} workers take from every queue"


def beat() -> str:
    """Whether somebody still rings for what is due, and the sweep comes to its end."""
    for part in (pulse.Part.BEAT, pulse.Part.SWEEP):
        last = Heartbeat.objects.filter(name=part).first()
        if last is None and part == pulse.Part.SWEEP:
            continue  # before the first whole round, workers and beat say what is missing
        if last is None or timezone.now() - last.at > pulse.silent_after():
            if not _queues_by_worker(PATIENCE):
                raise Amiss(
                    "Whether beat rings cannot be told: no worker answers that would hear it.",
                    mend="Start the workers, and look again.",
                )
            raise Amiss(
                pulse.Silence(part, last.at if last else None).sentence,
                mend="Start beat (celery -A shop beat), and a worker of the queue sweep; its log "
                "says what keeps it.",
            )
    return "beat rings for what is due, and the sweep comes round"


def _queues_by_worker(patience: float) -> Mapping[str, Any]:
    try:
        return current_app.control.inspect(timeout=patience).active_queues() or {}
    except (OperationalError, redis.RedisError, OSError):
        raise Amiss("The broker does not answer.", mend="See the broker.") from None


def _asked(url: str, who: str, mend: str) -> Any:
    server = redis.Redis.from_url(url, socket_connect_timeout=PATIENCE, socket_timeout=PATIENCE)
    try:
        with server:
            return server.info("memory")
    except (redis.RedisError, ValueError) as error:
        raise Amiss(f"{who} does not answer: {error}", mend=mend) from error
