"""The Django project: settings, addresses, and what every app stands on."""

import gc

# What is loaded now lives as long as the process, and is most of what there is: looking for garbage
# in it again and again is a sixth of what a start costs.
gc.set_threshold(50_000, 20, 100)

from shop.celery import app as celery_app  # noqa: E402

__all__ = ["celery_app"]
