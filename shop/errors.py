"""What is answered when a request could not be understood, or when something broke.

The pages need no context, no database and no session; they only tell the request's id, which the
customer can quote and which stands in the logs.
"""

from django.http import HttpRequest, HttpResponseBadRequest, HttpResponseServerError
from django.template.loader import render_to_string


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponseBadRequest:
    return HttpResponseBadRequest(render_to_string("400.html", _identity(request)))


def server_error(request: HttpRequest) -> HttpResponseServerError:
    return HttpResponseServerError(render_to_string("500.html", _identity(request)))


def _identity(request: HttpRequest) -> dict[str, str]:
    return {"request_id": getattr(request, "request_id", "")}
