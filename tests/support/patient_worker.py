"""The shop's Celery app for a worker whose work may be held for as long as a test holds it."""

import django

from shop.celery import app

HELD_FOR = 3600  # in seconds; it ends what is left behind and says nothing about any speed
app.conf.update(task_soft_time_limit=HELD_FOR, task_time_limit=HELD_FOR)

django.setup()
# Needs the apps: Celery would load them later.
from shop.stripe_client import clients  # noqa: E402

clients.TIMEOUT = (HELD_FOR, HELD_FOR)
