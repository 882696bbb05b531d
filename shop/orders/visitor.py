"""A visitor is the signed browser session; without one, the network address."""

import uuid

from django.conf import settings
from django.http import HttpRequest


def visitor(request: HttpRequest) -> uuid.UUID:
    """This browser session's id, made and kept when it has none yet."""
    known = request.session.get("visitor")
    if known is None:
        known = request.session["visitor"] = uuid.uuid4().hex
    return uuid.UUID(known)


def is_visitor(request: HttpRequest, of: uuid.UUID | None) -> bool:
    """Whether this browser session is that one."""
    known = request.session.get("visitor")
    return known is not None and of is not None and uuid.UUID(known) == of


def limit_key(request: HttpRequest) -> str:
    """What limits count by: the browser session, else the address."""
    known = request.session.get("visitor")
    return f"session:{known}" if known else f"address:{address(request)}"


def address(request: HttpRequest) -> str:
    """The client's address. Of X-Forwarded-For only what our own proxies wrote is believed."""
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(hops) >= settings.TRUSTED_PROXIES and hops[-settings.TRUSTED_PROXIES]:
            return hops[-settings.TRUSTED_PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))
