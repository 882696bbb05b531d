"""Who may see an account's pages: a customer who is logged in; staff have a door of their own."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.cache import never_cache

from shop.accounts.models import User

View = Callable[..., HttpResponse]


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


def _see(address: str) -> HttpResponse:
    return HttpResponse(status=303, headers={"Location": address})
