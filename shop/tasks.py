"""The pulse, and the sweep that rings for every kind of work that is due."""

from celery import current_app, shared_task
from django.utils import timezone

from shop import work
from shop.models import Heartbeat


@shared_task(name="shop.heartbeat")
def heartbeat() -> None:
    """A worker is alive and reaches the database."""
    Heartbeat.objects.update_or_create(name="worker", defaults={"at": timezone.now()})


@shared_task(name="shop.ring_due")
def ring_due() -> None:
    """Ring once per kind for what is due; that task drains in batches."""
    for kind in work.kinds():
        if work.due(kind).exists():
            current_app.send_task(kind.DRAIN_TASK, queue=kind.QUEUE, expires=30)
    Heartbeat.objects.update_or_create(name="sweep", defaults={"at": timezone.now()})
