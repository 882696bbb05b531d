"""Who may move money shows a second factor before any page of staff; until then there is only the
page to set one up.

That it was shown, or made, in this very session is kept in the session: one that began with a
password alone does not become better by what its owner does elsewhere.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils.http import urlencode

from shop.accounts.login.sessions import FACTOR

MONEY = [
    "payments.capture_payment",
    "payments.release_payment",
    "payments.refund_payment",
    "payments.charge_later",
]
FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
# The way in and out, and where a factor is shown; files of texts and scripts say nothing.
OPEN = (
    *("account_", "mfa_authenticate", "mfa_reauthenticate"),
    *("admin:login", "admin:logout", "admin:jsi18n"),
)
# Where factors are made, removed and seen: by a password alone only as long as there are none.
OF_FACTORS = "mfa_"


class SecondFactorMiddleware:
    """Leads to the second factor whoever needs one and has not shown it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        match = request.resolver_match
        if match is None or not match.route.startswith("admin/"):
            return None
        if match.view_name.startswith(OPEN) or not is_missing(request):
            return None
        if not is_mfa_enabled(request.user, FACTORS):
            return None if match.view_name.startswith(OF_FACTORS) else redirect("mfa_index")
        onward = request.get_full_path() if request.method == "GET" else "/admin/"
        return redirect(f"{confirm_by(request.user)}?{urlencode({'next': onward})}")


def is_missing(request: HttpRequest) -> bool:
    """Whether they must show one first. Asks the database nothing but for their rights."""
    user: Any = request.user
    if settings.STAFF_SECOND_FACTOR != "required" or not user.is_staff or was_shown(request):
        return False
    return any(user.has_perm(right) for right in MONEY)


def was_shown(request: HttpRequest) -> bool:
    """Whether a factor was shown or made in this session."""
    user: Any = request.user
    if request.session.get(FACTOR) == user.pk:
        return True
    return any(one.get("method") == "mfa" for one in get_authentication_records(request, user))


def confirm_by(user: Any) -> str:
    """The page on which they show their factor: a code where they have an app, else a key."""
    has_app = is_mfa_enabled(user, [Authenticator.Type.TOTP])
    return "/admin/second-factor/" + ("reauthenticate/" if has_app else "key/reauthenticate/")


def made(request: HttpRequest, user: Any, **_: Any) -> None:
    """Whoever makes a factor has it at hand."""
    request.session[FACTOR] = user.pk


def removed(request: HttpRequest, user: Any, **_: Any) -> None:
    """Without the last one they begin anew."""
    if not is_mfa_enabled(user, FACTORS):
        _forget(request.session)


def _forget(session: SessionBase) -> None:
    session.pop(FACTOR, None)
    records = session.get("account_authentication_methods", [])
    session["account_authentication_methods"] = [
        one for one in records if one.get("method") != "mfa"
    ]
