"""Requests are answered only when all of their body is there, whether its length was told or not.

Django reads as much as Content-Length says. A body sent in chunks has none, and would be read as
empty; one that is cut off would be read as far as it came. Either way somebody is answered for
what they did not send: no signature, no token, or the shop's default thing instead of theirs.
"""

from collections.abc import Iterable
from io import BytesIO
from typing import Any
from wsgiref.types import InputStream, StartResponse, WSGIApplication, WSGIEnvironment

import structlog

log = structlog.get_logger(__name__)

# Kept in memory while it is read; no form of ours and no delivery of Stripe's is that long.
READ_AHEAD = 4 * 1024 * 1024
PIECE = 65536


class CutOff(OSError):
    """The sender went away in the middle; Django tells it as a body that cannot be read."""


class TooLong(Exception):
    """More came than is read of a body whose length was not told."""


class WholeBodies:
    """Hands on what has come whole: 400 for the rest, 413 for what has no end in sight."""

    def __init__(self, application: WSGIApplication) -> None:
        self.application = application

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if "HTTP_TRANSFER_ENCODING" in environ and not environ.get("wsgi.input_terminated"):
            # This server hands the chunks on as they are: where they end, it does not say.
            return _refused(start_response, "411 Length Required", "Send a Content-Length.")
        try:
            _read(environ)
        except TooLong:
            return _refused(start_response, "413 Content Too Large", "Too large.")
        except Exception as error:  # noqa: BLE001 - each server has errors of its own for it
            log.warning("body not read", path=environ.get("PATH_INFO"), why=type(error).__name__)
            return _refused(
                start_response,
                "400 Bad Request",
                "The request did not arrive whole. Nothing was changed, and nothing was charged.",
            )
        return self.application(environ, start_response)


def _read(environ: WSGIEnvironment) -> None:
    """Put the whole body, and its length, where Django looks for them."""
    wire: InputStream = environ["wsgi.input"]
    told = str(environ.get("CONTENT_LENGTH") or "")
    if "HTTP_TRANSFER_ENCODING" in environ:
        body = _at_most(wire, READ_AHEAD + 1)
        if len(body) > READ_AHEAD:
            raise TooLong
        environ["CONTENT_LENGTH"] = str(len(body))
    elif told.isascii() and told.isdigit() and int(told) <= READ_AHEAD:
        body = _at_most(wire, int(told))
        if len(body) < int(told):
            raise CutOff
    elif told.isascii() and told.isdigit():
        # An upload: read by whoever wants it, as it comes.
        environ["wsgi.input"] = UntilItsEnd(wire, int(told))
        return
    else:
        # None, or an odd one, that each door judges by itself.
        return
    environ["wsgi.input"] = BytesIO(body)


def _at_most(wire: InputStream, size: int) -> bytes:
    pieces = []
    while size and (piece := wire.read(min(size, PIECE))):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


class UntilItsEnd:
    """A long body that fails where it is cut off instead of only ending there."""

    def __init__(self, wire: InputStream, length: int) -> None:
        self.wire = wire
        self.left = length

    def read(self, size: int = -1) -> bytes:
        return self._counted(self.wire.read(self._bounded(size)), size)

    def readline(self, size: int = -1) -> bytes:
        return self._counted(self.wire.readline(self._bounded(size)), size)

    def _bounded(self, size: int) -> int:
        return self.left if size is None or size < 0 else min(size, self.left)

    def _counted(self, piece: bytes, size: int) -> bytes:
        if not piece and self.left and size:
            raise CutOff
        self.left -= len(piece)
        return piece

    def __getattr__(self, name: str) -> Any:
        return getattr(self.wire, name)


def _refused(start_response: StartResponse, status: str, sentence: str) -> Iterable[bytes]:
    body = f"{sentence}\n".encode()
    start_response(
        status,
        [
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Length", str(len(body))),
        ],
    )
    return [body]
