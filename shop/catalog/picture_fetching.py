"""Fetching a picture that a catalog names: from a public address, and from nowhere else.

Whoever may import a catalog must not be able to make the shop look at its own network: only https,
only addresses of the public internet, no redirects; and the connection goes to just the address
that was looked at, whatever the name says a moment later.
"""

import http.client
import socket
import ssl
import time
from datetime import timedelta
from ipaddress import ip_address
from urllib.parse import SplitResult, quote, urlsplit

import structlog
from django.db import transaction

from shop import work
from shop.catalog import picture_files, sync_queue
from shop.catalog.models import PictureFetch
from shop.catalog.picture_files import LARGEST_FILE, NotAPicture

log = structlog.get_logger(__name__)

SECONDS = 5.0
CHUNK = 64 * 1024
AGAIN = timedelta(minutes=10)
HEADERS = {"Accept": "image/*", "User-Agent": "Holdfast"}


class NotPublic(ValueError):
    """The address is none of the public internet over https."""


class CannotBeFetched(Exception):
    """The server does not answer with the picture; another time it may."""


def fetch(row: PictureFetch) -> None:
    """The body of the work row: fetch, write anew, show."""
    image = row.image
    try:
        written = picture_files.write(read(image.source))
    except (NotPublic, NotAPicture) as error:
        raise work.Impossible(str(error)) from error
    except CannotBeFetched as error:
        raise work.TryLater(str(error), after=AGAIN * row.attempts) from error
    with transaction.atomic():
        picture_files.show(image, written)
        work.finish(row, "fetched")
        sync_queue.queue_many(image.product.variants.values_list("pk", flat=True))


def read(address: str) -> bytes:
    """The bytes at a web address. Raises NotPublic or CannotBeFetched."""
    parts = urlsplit(address)
    until = time.monotonic() + SECONDS
    place = public_place(parts)
    connection = _Pinned(parts.hostname or "", parts.port or 443, place)
    try:
        connection.request("GET", _path(parts), headers=HEADERS)
        answer = connection.getresponse()
        if answer.status != 200:
            # A redirect may lead anywhere, also inwards; it is not followed.
            raise CannotBeFetched(f"{parts.hostname} answers {answer.status}.")
        return _body(answer, connection, until)
    except (OSError, http.client.HTTPException, ssl.SSLError) as error:
        raise CannotBeFetched(f"{parts.hostname} does not answer: {error}") from error
    finally:
        connection.close()


def public_place(parts: SplitResult) -> str:
    """The network address to connect to, when every one of the name's is public."""
    try:
        port = parts.port
    except ValueError as error:
        raise NotPublic("The address has no port that exists.") from error
    if parts.scheme != "https" or not parts.hostname or port not in {None, 443}:
        raise NotPublic("Only https addresses are fetched, at the usual port.")
    if parts.username or parts.password:
        raise NotPublic("An address with a password is not fetched.")
    try:
        found = socket.getaddrinfo(parts.hostname, 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise CannotBeFetched(f"{parts.hostname} is not known: {error}") from error
    places = [str(entry[4][0]) for entry in found]
    if not places or not all(is_public(place) for place in places):
        raise NotPublic(f"{parts.hostname} is no address of the public internet.")
    return places[0]


def is_public(place: str) -> bool:
    """Whether a network address is one of the public internet, also when written as IPv6."""
    number = ip_address(place.partition("%")[0])
    inner = getattr(number, "ipv4_mapped", None) or getattr(number, "sixtofour", None)
    return number.is_global and not number.is_multicast and (inner is None or inner.is_global)


class _Pinned(http.client.HTTPSConnection):
    """Connects to the address that was looked at, and checks the certificate of the name."""

    def __init__(self, host: str, port: int, place: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=SECONDS, context=self._tls)
        self._place = place

    def connect(self) -> None:
        plain = socket.create_connection((self._place, self.port), timeout=SECONDS)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)


def _body(
    answer: http.client.HTTPResponse, connection: http.client.HTTPSConnection, until: float
) -> bytes:
    """All of it, within the time and the size that a picture may take."""
    parts: list[bytes] = []
    size = 0
    while True:
        left = until - time.monotonic()
        if left <= 0:
            raise CannotBeFetched(f"The picture takes longer than {SECONDS:.0f} s.")
        if connection.sock is not None:
            connection.sock.settimeout(left)
        chunk = answer.read1(CHUNK)
        if not chunk:
            return b"".join(parts)
        size += len(chunk)
        if size > LARGEST_FILE:
            raise NotAPicture(f"A picture has at most {LARGEST_FILE // 1024**2} MB.")
        parts.append(chunk)


def _path(parts: SplitResult) -> str:
    path = parts.path or "/"
    asked = f"{path}?{parts.query}" if parts.query else path
    return quote(asked, safe="/?&=%+:@!$'()*,;~-._")
