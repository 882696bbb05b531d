"""Who may post without a token: our own pages and programs that are no browser, no other site.

Django's token would refuse the plain `curl -X POST` that starts a checkout, and would set a cookie
on every page that lets a visitor choose a language or a currency. So these few addresses follow
the algorithm of Go 1.25's net/http.CrossOriginProtection instead: a browser tells where a
request comes from, in headers that a page cannot forge.
"""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponse]

# Looking changes nothing, and one comes from a search engine or a mail.
SAFE = {"GET", "HEAD", "OPTIONS"}


def require_same_origin(view: View) -> View:
    """Answer 403 to a browser that posts from another origin; the token check is off here."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method in SAFE or is_same_origin(request):
            response = view(request, *args, **kwargs)
        else:
            response = render(request, "403.html", status=403)
        patch_vary_headers(response, ["Sec-Fetch-Site", "Origin"])
        return response

    return csrf_exempt(guarded)


def is_same_origin(request: HttpRequest) -> bool:
    """Whether the request comes from our own page, from a trusted origin, or from no browser."""
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"} or origin in settings.CSRF_TRUSTED_ORIGINS
    if origin is not None:
        own = f"{request.scheme}://{request.get_host()}"
        return _plain(origin) == own or origin in settings.CSRF_TRUSTED_ORIGINS
    return True


def _plain(origin: str) -> str:
    parts = urlsplit(origin)
    return f"{parts.scheme}://{parts.netloc}"
