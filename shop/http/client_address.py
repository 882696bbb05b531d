"""Where a request comes from: the one place that reads it, for limits, history and failures."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# What one customer of a provider has at least, to choose addresses from as they like.
ONE_CUSTOMERS_BITS = 64


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
