"""The pulse, and the sweep that rings for every kind of work that is due."""

import structlog
from celery import current_app, shared_task
from django.utils import timezone

from shop import stripe_client, work
from shop.models import Heartbeat

log = structlog.get_logger(__name__)


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
    Heartbeat.objects.update_or_create(name="bell", defaults={"at": timezone.now()})


@shared_task(name="shop.keep_account_known")
def keep_account_known() -> None:
    """After a key was rolled nothing waits for the first buyer to ask whose it is."""
    try:
        stripe_client.keep_known()
    except stripe_client.AccountUnknown as error:
        log.warning("account unknown", why=str(error))
