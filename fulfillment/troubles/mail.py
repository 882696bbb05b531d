"""The mail to staff about a trouble: once an hour for each, whoever meets it first."""

from datetime import timedelta

import structlog
from celery import current_app
from django.conf import settings
from django.core.mail import send_mail
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from fulfillment.models import Trouble
from fulfillment.troubles import found
from fulfillment.troubles.found import Found
from shop import pulse

log = structlog.get_logger(__name__)

TASK = "fulfillment.tell_staff"
AGAIN_AFTER = timedelta(hours=1)


def tell_of_silence(silences: list[pulse.Silence]) -> None:
    """What /readyz has found."""
    call(found.by_silence(silences))


def call(troubles: list[Found]) -> None:
    """Have staff told: by a worker, and without workers by this process itself."""
    without_workers = [one for one in troubles if one.kind == pulse.Part.WORKERS]
    if without_workers:
        tell(without_workers)
        return
    told = Trouble.objects.filter(told_at__gt=timezone.now() - AGAIN_AFTER)
    if {one.kind for one in troubles} - set(told.values_list("kind", flat=True)):
        try:
            # Where mails wait for a server that hangs, money does not.
            current_app.send_task(TASK, queue="mail", expires=60)
        except current_app.connection_for_write().recoverable_connection_errors as error:
            log.warning("staff not called", why=str(error))


def tell(troubles: list[Found] | None = None) -> None:
    """Write to staff of each trouble that they were not told of for an hour."""
    for one in found.now() if troubles is None else troubles:
        if _is_due(one):
            _send(one)


def _is_due(one: Found) -> bool:
    """Whether it is ours to tell: of many who meet it at once, one gets True."""
    now = timezone.now()
    Trouble.objects.get_or_create(kind=one.kind, defaults={"said": one.said, "since": now})
    due = Trouble.objects.filter(Q(told_at=None) | Q(told_at__lte=now - AGAIN_AFTER), kind=one.kind)
    return bool(due.update(told_at=now))


def _send(one: Found) -> None:
    title = Trouble.Kind(one.kind).label
    where = settings.SITE_URL + reverse("admin:index")
    body = f"{one.said}\n\n{where}\n\nmanage.py doctor says more.\n"
    try:
        send_mail(f"{settings.SHOP_NAME}: {title}", body, None, settings.STAFF_EMAIL)
    except OSError as error:
        log.error("staff not told", trouble=one.kind, why=str(error))
        # The next one who meets it tries again.
        Trouble.objects.filter(kind=one.kind).update(told_at=None)
