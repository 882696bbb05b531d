"""A visitor is the signed browser session; beside it stands the network address."""

import ipaddress
import uuid

from django.conf import settings
from django.http import HttpRequest

# What one customer of a provider has at least, to choose addresses from as they like.
ONE_CUSTOMERS_BITS = 64


def known_visitor(request: HttpRequest) -> uuid.UUID | None:
    """This browser session's id, if it has one."""
    known = request.session.get("visitor")
    return uuid.UUID(known) if known else None


def visitor(request: HttpRequest) -> uuid.UUID:
    """The same; one that nobody has yet when it has none: see `keep_visitor`."""
    return known_visitor(request) or uuid.uuid4()


def keep_visitor(request: HttpRequest, visitor: uuid.UUID) -> None:
    """From now on this browser session is this visitor's.

    Done when something came of the visit: whoever is refused gets no cookie, and with it none of
    the room that a new visitor has.
    """
    if request.session.get("visitor") != visitor.hex:
        request.session["visitor"] = visitor.hex


def is_visitor(request: HttpRequest, of: uuid.UUID | None) -> bool:
    """Whether this browser session is that one."""
    known = known_visitor(request)
    return known is not None and known == of


def address(request: HttpRequest) -> str:
    """The client's address. Of X-Forwarded-For only what our own proxies wrote is believed."""
    if settings.TRUSTED_PROXIES:
        hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",")]
        if len(hops) >= settings.TRUSTED_PROXIES and hops[-settings.TRUSTED_PROXIES]:
            return hops[-settings.TRUSTED_PROXIES]
    return str(request.META.get("REMOTE_ADDR", ""))


def network(request: HttpRequest) -> str:
    """What limits count by beside the visitor: the address, of IPv6 what one customer has of it."""
    told = address(request)
    try:
        parsed = ipaddress.ip_address(told.partition("%")[0])
    except ValueError:
        return told[:64]
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, ONE_CUSTOMERS_BITS), strict=False))


def is_private(network: str) -> bool:
    """Whether a network as named above is one of a house, not of the internet."""
    try:
        return ipaddress.ip_network(network).is_private
    except ValueError:
        return False
