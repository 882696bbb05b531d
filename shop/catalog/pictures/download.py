"""Fetching a picture that a catalog names: from a public address, and from nowhere else.

Whoever may import a catalog must not be able to make the shop look at its own network: only https,
only addresses of the public internet, no redirects; and the connection goes to just the address
that was looked at, whatever the name says a moment later. And all of it within a bound: the name,
the connection, the head and the body.

That bound is why this is no library: requests-hardened refuses private addresses and pins what it
looked at, but asks for the name without any limit, and its timeouts are those of requests, for one
read at a time, so that a byte now and then goes on for ever.
"""

import http.client
import queue
import socket
import ssl
import threading
import time
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, cast
from urllib.parse import SplitResult, quote, urlsplit

from shop.catalog.pictures.files import LARGEST_FILE, NotAPicture

SECONDS = 5.0
CHUNK = 64 * 1024
# All of IPv6 that is routed; what lies outside is of one network, or of a way into IPv4.
GLOBAL_UNICAST = IPv6Network("2000::/3")
NAT64 = IPv6Network("64:ff9b::/96")
HEADERS = {"Accept": "image/*", "User-Agent": "Holdfast"}


class NotPublic(ValueError):
    """The address is none of the public internet over https."""


class CannotBeFetched(Exception):
    """The server does not answer with the picture; another time it may."""


def read(address: str, *, seconds: float = SECONDS) -> bytes:
    """The bytes at a web address, within that time. Raises NotPublic or CannotBeFetched."""
    until = time.monotonic() + seconds
    parts = checked(address)
    connection = _Pinned(parts.hostname or "", public_place(parts, until), until)
    try:
        connection.request("GET", _path(parts), headers=HEADERS)
        answer = connection.getresponse()
        if answer.status != 200:
            # A redirect may lead anywhere, also inwards; it is not followed.
            raise CannotBeFetched(f"{parts.hostname} answers {answer.status}.")
        return _body(answer)
    except TimeoutError as error:
        raise CannotBeFetched(f"{parts.hostname} takes too long.") from error
    except (OSError, http.client.HTTPException, ssl.SSLError) as error:
        raise CannotBeFetched(f"{parts.hostname} does not answer: {error}") from error
    finally:
        connection.close()


def checked(address: str) -> SplitResult:
    """The parts of an address that may be fetched, as far as its text tells. Raises NotPublic."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:
        raise NotPublic("The address has no host or port that exists.") from error
    if parts.scheme != "https" or not parts.hostname or port not in {None, 443}:
        raise NotPublic("Only https addresses are fetched, at the usual port.")
    if parts.username or parts.password:
        raise NotPublic("An address with a password is not fetched.")
    return parts


def public_place(parts: SplitResult, until: float) -> str:
    """The network address to connect to, when every one of the name's is public."""
    places = _places(parts.hostname or "", until)
    if not places or not all(is_public(place) for place in places):
        raise NotPublic(f"{parts.hostname} is no address of the public internet.")
    return places[0]


def _places(host: str, until: float) -> list[str]:
    """What the name means. A resolver cannot be stopped, only left behind in its own thread."""
    answers: queue.SimpleQueue[list[str] | Exception] = queue.SimpleQueue()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)
            answers.put([str(entry[4][0]) for entry in found])
        except (OSError, UnicodeError) as error:
            answers.put(error)

    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=left(until))
    except (queue.Empty, TimeoutError) as error:
        raise CannotBeFetched(f"The name {host} takes too long to be found.") from error
    if isinstance(answer, Exception):
        raise CannotBeFetched(f"{host} is not known: {answer}") from answer
    return answer


def is_public(place: str) -> bool:
    """Whether a network address is one of the public internet, also when written as IPv6."""
    number = ip_address(place.partition("%")[0])
    if isinstance(number, IPv6Address):
        if (inner := _inner(number)) is not None:
            return is_public(str(inner))
        if number not in GLOBAL_UNICAST:
            return False
    return number.is_global and not number.is_multicast


def _inner(number: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that a way from the one to the other carries in it, if it is on such a way.

    Teredo's addresses and the old IPv4-compatible ones lead nowhere today and are not public.
    """
    if number in NAT64:
        return IPv4Address(int(number) & 0xFFFF_FFFF)
    return number.ipv4_mapped or number.sixtofour


def left(until: float) -> float:
    """How many seconds there are; raises TimeoutError when there are none."""
    seconds = until - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


class _BoundedSocket(ssl.SSLSocket):
    """Each read may take what is left of the whole, or a byte now and then would go on for ever."""

    until: float

    def recv_into(self, buffer: Any, nbytes: int | None = None, flags: int = 0) -> int:
        self.settimeout(left(self.until))
        return super().recv_into(buffer, nbytes, flags)


class _Pinned(http.client.HTTPSConnection):
    """Connects to the address that was looked at, and checks the certificate of the name."""

    def __init__(self, host: str, place: str, until: float) -> None:
        self._tls = ssl.create_default_context()
        self._tls.sslsocket_class = _BoundedSocket
        super().__init__(host, 443, context=self._tls)
        self._place = place
        self._until = until

    def connect(self) -> None:
        plain = socket.create_connection((self._place, self.port), timeout=left(self._until))
        try:
            plain.settimeout(left(self._until))
            secure = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise
        self.sock = cast(_BoundedSocket, secure)
        self.sock.until = self._until


def _body(answer: http.client.HTTPResponse) -> bytes:
    """All of it, within the size that a picture may take."""
    parts: list[bytes] = []
    size = 0
    while chunk := answer.read1(CHUNK):
        size += len(chunk)
        if size > LARGEST_FILE:
            raise NotAPicture(f"A picture has at most {LARGEST_FILE // 1024**2} MB.")
        parts.append(chunk)
    return b"".join(parts)


def _path(parts: SplitResult) -> str:
    path = parts.path or "/"
    asked = f"{path}?{parts.query}" if parts.query else path
    return quote(asked, safe="/?&=%+:@!$'()*,;~-._")
