"""The feed over HTTP, as the file says it."""

import os

import structlog
from celery import current_app
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.views.decorators.http import require_safe
from kombu.exceptions import OperationalError

from shop.catalog.google_feed import file as feed_file

log = structlog.get_logger(__name__)

# Seconds, while a worker writes the first one.
COME_BACK_AFTER = 30


@require_safe
def google(request: HttpRequest) -> HttpResponseBase:
    """The feed of the last hour; where there is none yet, a worker is asked for it.

    Whoever has what it says already is told just that.
    """
    path = feed_file.path()
    if not path.exists():
        _ask_for_it()
        wait = {"Retry-After": str(COME_BACK_AFTER)}
        return HttpResponse(
            "It is being written.\n", status=503, content_type="text/plain", headers=wait
        )
    file = path.open("rb")
    # Of the open file: another may take its place at any time.
    state = os.fstat(file.fileno())
    tag, since = f'"{state.st_mtime_ns:x}-{state.st_size:x}"', int(state.st_mtime)
    answer: HttpResponseBase | None = get_conditional_response(
        request, etag=tag, last_modified=since
    )
    if answer is None:
        answer = FileResponse(file, content_type="application/xml; charset=utf-8")
    else:
        file.close()
    answer.headers["ETag"] = tag
    answer.headers["Last-Modified"] = http_date(since)
    return answer


def _ask_for_it() -> None:
    """Ring for the feed, which may take a worker minutes; beat rings for it each hour, too."""
    try:
        current_app.send_task("catalog.write_feed", queue="catalog", expires=COME_BACK_AFTER)
    except OperationalError as error:
        log.warning("bell not rung", kind="google feed", why=str(error))
