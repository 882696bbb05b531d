"""What is answered when a request could not be understood, or when something broke.

The pages need no database and no session; they only tell the request's id, which the customer can
quote and which stands in the logs.
"""

import sys

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from shop.configuration.payment_methods import in_words

# Seconds. A database that restarts or a statement that waited too long needs no more.
COME_BACK_AFTER = 15


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return _page(request, "400.html", status=400)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _page(request, "403_csrf.html", status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 where the database is away or too busy: then it is worth coming back."""
    if not isinstance(sys.exception(), OperationalError | InterfaceError):
        return _page(request, "500.html", status=500)
    response = _page(request, "503.html", status=503)
    response["Retry-After"] = str(COME_BACK_AFTER)
    return response


def _page(request: HttpRequest, template: str, *, status: int) -> HttpResponse:
    told = {
        "shop_name": settings.SHOP_NAME,
        "support_email": settings.SUPPORT_EMAIL,
        "payment_means": in_words(settings.PAYMENT_METHODS_SHOWN),
        "request_id": getattr(request, "request_id", ""),
    }
    return HttpResponse(render_to_string(template, told), status=status)
