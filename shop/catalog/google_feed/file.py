"""The feed as a file: written each hour by a worker, replaced in one step, only where it changed.

It lies below MEDIA_ROOT, the one place that web and workers share. Its name is made from the shop's
name, address and currency, so that a shop under other settings begins with a feed of its own.
"""

import filecmp
import hashlib
import math
import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog
from django.conf import settings
from django.db import connection
from django.utils import timezone, translation

from shop.catalog.google_feed import document
from shop.models import Installation

log = structlog.get_logger(__name__)

# Any number that nobody else locks.
ONE_WRITER_AT_A_TIME = 7_205_759_403


def path() -> Path:
    """Where the feed lies, or will."""
    told = (
        Installation.current(),
        settings.SHOP_NAME,
        settings.SITE_URL,
        settings.DEFAULT_CURRENCY,
    )
    name = hashlib.sha256(repr(told).encode()).hexdigest()[:16]
    return Path(settings.MEDIA_ROOT) / "feeds" / f"google-{name}.xml"


def write(feed: Path) -> bool:
    """Write the feed anew at this path; False when somebody else is at it."""
    with _alone() as is_mine:
        if not is_mine:
            return False
        feed.parent.mkdir(parents=True, exist_ok=True)
        fresh = feed.with_suffix(f".{uuid.uuid4().hex}")
        try:
            with (
                translation.override(settings.LANGUAGE_CODE),
                fresh.open("w", encoding="utf-8", newline="\n") as file,
            ):
                count = document.write(file)
            is_new = _replace(feed, fresh)
        finally:
            fresh.unlink(missing_ok=True)
        log.info("feed written", items=count, changed=is_new)
        return True


def _replace(feed: Path, fresh: Path) -> bool:
    """Put the fresh one in the place of the old; whoever reads the old one reads on."""
    if not feed.exists():
        fresh.replace(feed)
        return True
    if filecmp.cmp(feed, fresh, shallow=False):
        return False
    # HTTP knows no finer moments than seconds: two feeds must not share one.
    moment = max(timezone.now().timestamp(), math.floor(feed.stat().st_mtime) + 1.0)
    os.utime(fresh, (moment, moment))
    fresh.replace(feed)
    return True


@contextmanager
def _alone() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ONE_WRITER_AT_A_TIME])
        (is_mine,) = cursor.fetchone()
        try:
            yield is_mine
        finally:
            if is_mine:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [ONE_WRITER_AT_A_TIME])
