"""A visitor is the signed browser session; beside it stands the network address
(shop/http/client_address.py).
"""

import uuid

from django.http import HttpRequest


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
