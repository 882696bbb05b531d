"""Large amounts move only soon after somebody has shown who they are: no screen left open does."""

import time
from collections.abc import Iterable

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode

from shop.accounts.login.sessions import BEGAN
from shop.accounts.second_factor.gate import FACTORS, confirm_by
from shop.money import Money


def is_asked(request: HttpRequest, amounts: Iterable[Money]) -> bool:
    """Whether one of these is so much that they must show who they are once more."""
    limits = settings.STAFF_FRESH_ABOVE
    is_much = any(one.currency in limits and one.amount > limits[one.currency] for one in amounts)
    return is_much and not _is_fresh(request)


def ask(request: HttpRequest, onward: str) -> HttpResponse:
    """To the page that asks, and from there to the one with the button. Nothing is done yet."""
    messages.warning(request, "So much money moves only after you have confirmed that it is you.")
    has_factor = is_mfa_enabled(request.user, FACTORS)
    page = confirm_by(request.user) if has_factor else reverse("account_reauthenticate")
    return redirect(f"{page}?{urlencode({'next': onward})}")


def _is_fresh(request: HttpRequest) -> bool:
    age = time.time() - float(request.session.get(BEGAN, 0))
    return bool(age < 60 * settings.STAFF_FRESH_MINUTES or did_recently_reauthenticate(request))
