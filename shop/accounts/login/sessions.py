"""How long staff stay logged in. Kept in the session, on the server; customers are never asked.

Whoever stays away too long, or came in too long ago, is nobody from then on; the cart and the rest
of what the browser holds as a customer stay.
"""

import time
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

BEGAN, SEEN, ENDED = "staff_began", "staff_seen", "staff_ended"
# Who has shown, or made, a second factor here (shop.accounts.second_factor.gate).
FACTOR = "staff_factor"
# What a log-in writes into a session, of Django, of allauth, and here.
OF_A_LOGIN = [
    SESSION_KEY,
    BACKEND_SESSION_KEY,
    HASH_SESSION_KEY,
    "account_authentication_methods",
    "account_authentication_methods_user",
    "account_reauthentication_state",
    "_messages",
    BEGAN,
    SEEN,
    FACTOR,
]
# Seconds. Not every page of somebody who works is worth a write; who stops working is counted out
# by so much too early, never too late.
NOTED_AFTER = 15


class StaffSessionMiddleware(AuthenticationMiddleware):
    """Django's, except that a staff session ends in time. Nothing is read until somebody asks."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: _user(request))  # type: ignore[assignment]


def begin(request: HttpRequest | None = None, **_: Any) -> None:
    """Somebody has logged in: from now on the session ages."""
    if request is not None:
        request.session[BEGAN] = request.session[SEEN] = time.time()
        request.session.pop(ENDED, None)


def how_it_ended(request: HttpRequest) -> str:
    """The sentence for whoever was logged out here by the clock; empty for everybody else."""
    match request.session.get(ENDED):
        case "idle":
            minutes = settings.STAFF_IDLE_MINUTES
            return f"You were logged out after {minutes} {_plural('minute', minutes)} without work."
        case "age":
            hours = settings.STAFF_LOGIN_HOURS
            return f"You were logged out {hours} {_plural('hour', hours)} after you had logged in."
    return ""


def _user(request: HttpRequest) -> Any:
    if not hasattr(request, "_cached_user"):
        user = get_user(request)
        if getattr(user, "is_staff", False) and (ended := _ended(request.session)):
            _end(request.session, ended)
            user = AnonymousUser()
        request._cached_user = user  # type: ignore[attr-defined]
    return request._cached_user  # type: ignore[attr-defined]


def _ended(session: SessionBase) -> str:
    """Why the session has come to its end; else it is noted that somebody works."""
    now = time.time()
    # A session without them is of a release that did not write them: nobody knows how old it is.
    began, seen = session.get(BEGAN, 0), session.get(SEEN, 0)
    if now - seen > 60 * settings.STAFF_IDLE_MINUTES:
        return "idle"
    if now - began > 60 * 60 * settings.STAFF_LOGIN_HOURS:
        return "age"
    if now - seen > NOTED_AFTER:
        session[SEEN] = now
    return ""


def _end(session: SessionBase, why: str) -> None:
    for name in OF_A_LOGIN:
        session.pop(name, None)
    # The key changes at the next log-in; now it would part a second tab from the cart.
    session[ENDED] = why


def _plural(noun: str, number: int) -> str:
    return noun if number == 1 else f"{noun}s"
