"""The Celery app. A task carries a work row's id and nothing else that matters."""

import os
from typing import Any

from celery import Celery, signals
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
# Binds the id of the request that rang to all that the task writes into the log.
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks(["shop", "shop.accounts", "shop.catalog", "payments", "fulfillment"])


@signals.celeryd_init.connect
@signals.beat_init.connect
def use_patient_sockets(**_: Any) -> None:
    """Workers and beat wait for the broker; only a web request must not."""
    from django.conf import settings

    app.conf.broker_transport_options = settings.WORKER_BROKER_TRANSPORT_OPTIONS


@signals.worker_ready.connect
def say_so(**_: Any) -> None:
    """The first heartbeat goes out at once, so that /readyz need not wait for beat."""
    app.send_task("shop.heartbeat", queue="sweep")
