"""Who may see an account's pages: a customer who is logged in; staff have a door of their own."""

import time
from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from shop.accounts.customers.proof import has_proved
from shop.accounts.models import User

View = Callable[..., HttpResponse]

# Seconds. As long as a code is good for; how soon staff are asked is a setting of their own.
FRESH_FOR = 15 * 60


def customer_of(request: HttpRequest) -> User | None:
    """The customer who is logged in here. Staff are none, whichever door they came in by."""
    user = request.user
    return user if user.is_authenticated and not user.is_staff else None


def customer_required(view: View) -> View:
    """Send everybody else to the log-in, and from there back to the page. Never cached."""

    @never_cache
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if customer_of(request) is not None:
            return view(request, *args, **kwargs)
        # What was posted is not kept: after the log-in the overview is as good a place as any.
        onward = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
        login = reverse("account_request_login_code")
        return redirect_to_login(onward, login) if onward else _see(login)

    return guarded


def sure_required(view: View) -> View:
    """For what nobody may do who only finds the browser open: the log-in was a moment ago, and a
    code has proved the address. Others are asked for one, and sent back to the page.
    """

    @customer_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        user = customer_of(request)
        if user is not None and is_fresh(request, user) and has_proved(user):
            return view(request, *args, **kwargs)
        query = urlencode({"next": request.path})
        return _see(f"{reverse('account_confirm')}?{query}")

    return guarded


def is_fresh(request: HttpRequest, user: User) -> bool:
    """Whether they logged in, here, a moment ago."""
    records = get_authentication_records(request, user)
    at = records[-1]["at"] if records else 0
    return time.time() - at < FRESH_FOR


def _see(address: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": address})
