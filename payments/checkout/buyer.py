"""Who is buying, and how many checkouts one visitor may start."""

import hashlib
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from payments.models import CheckoutSession


class TooMany(Exception):
    """This visitor started too many checkouts."""

    def __init__(self, sentence: str, *, retry_after: int) -> None:
        super().__init__(sentence)
        self.retry_after = retry_after


@dataclass(frozen=True)
class Buyer:
    """Who is buying: the browser session, what limits count by, the user if logged in, and what
    language they read.
    """

    visitor: uuid.UUID
    limit_key: str
    user: Any = None
    language: str = settings.LANGUAGE_CODE


def check_limits(buyer: Buyer) -> None:
    """At most so many checkouts a minute, and so many that hold units at a time."""
    with connection.cursor() as cursor:
        # One at a time per visitor, or many at once would all count too few.
        digest = hashlib.sha256(buyer.limit_key.encode()).digest()[:8]
        cursor.execute(
            "SELECT pg_advisory_xact_lock(%s)", [int.from_bytes(digest, "big", signed=True)]
        )
    mine = CheckoutSession.objects.filter(visitor_key=buyer.limit_key)
    minute_ago = timezone.now() - timedelta(minutes=1)
    if mine.filter(created_at__gt=minute_ago).count() >= settings.CHECKOUT_RATE_LIMIT:
        raise TooMany(_("You have started many checkouts. Please wait a minute."), retry_after=60)
    if mine.filter(status=CheckoutSession.Status.OPEN).count() >= settings.CHECKOUT_OPEN_HOLDS:
        raise TooMany(
            _("You have several open checkouts. Finish or leave one before you start another."),
            retry_after=600,
        )
