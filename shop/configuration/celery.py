"""How the workers behave: Celery is the doorbell and the muscle; the work rows are the memory."""

import logging as _logging  # no setting: it would hide the module of that name there
from typing import Any

from celery.schedules import crontab

CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
# True would run a task that kills its worker for ever; the row's lease brings the work back.
CELERY_TASK_REJECT_ON_WORKER_LOST = False
# Below the lease (75 s, shop/work/running.py), which is below the visibility timeout.
CELERY_TASK_SOFT_TIME_LIMIT = 55
CELERY_TASK_TIME_LIMIT = 65
# A web request never waits for the broker: 0.5 s, no second try (`task_publish_retry = False`
# would be the slow setting: 6 s on a refused connection).
CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 0}
# What workers and beat take in its place (shop/celery.py).
WORKER_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 10,
    "unacked_restore_throttle": 1,
    "socket_timeout": 30,
    "socket_connect_timeout": 3,
    "socket_keepalive": True,
    "health_check_interval": 25,
}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CHANNEL_ERROR_RETRY = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = False
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 300_000
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "sweep"
# What a log line says of the request goes with each bell, into the lines of the task. Not its
# middleware: that writes the whole address down, and with it the tokens of orders, and asks for
# the user of every request; shop.http.request_id binds the id.
DJANGO_STRUCTLOG_CELERY_ENABLED = True
# Celery itself says when a task began and how it ended.
DJANGO_STRUCTLOG_CELERY_DEFAULT_LOG_LEVEL = _logging.DEBUG


def beat_schedule(sweep_every: int) -> dict[str, dict[str, Any]]:
    """What is due again and again; `sweep_every` seconds pass between two looks for work.

    A periodic message that nobody took expires before the next one: no pile-up after an outage.
    """
    schedule: dict[str, dict[str, Any]] = {
        name: {
            "task": task,
            "schedule": seconds,
            "options": {"expires": seconds * 0.9, "queue": "sweep"},
        }
        for name, task, seconds in [
            ("ring what is due", "shop.ring_due", sweep_every),
            ("know whose key it is", "shop.keep_account_known", sweep_every),
            ("worker heartbeat", "shop.heartbeat", sweep_every),
            ("sweep payments", "payments.sweep", sweep_every),
            ("look for trouble", "fulfillment.watch", 2 * sweep_every),
            ("publish what is due", "catalog.publish_due", sweep_every),
            ("tell what is back", "fulfillment.tell_back_in_stock", 2 * sweep_every),
            ("fetch missed events", "payments.pull_events", 2 * sweep_every),
        ]
    }
    schedule["renew the index"] = {
        "task": "catalog.renew_index",
        "schedule": 2 * sweep_every,
        "options": {"expires": 1.8 * sweep_every, "queue": "catalog"},
    }
    # By the clock, so that beat being started again and again does not put it off.
    schedule["write the feed"] = {
        "task": "catalog.write_feed",
        "schedule": crontab(minute=7),
        # Minutes of a large catalog: nothing to wait for where money is taken.
        "options": {"expires": 3000, "queue": "catalog"},
    }
    # Beside pictures and the catalog: where money is taken nothing waits for it.
    schedule["forget what is old"] = {
        "task": "accounts.prune",
        "schedule": crontab(hour=3, minute=40),
        "options": {"expires": 3000, "queue": "catalog"},
    }
    return schedule
