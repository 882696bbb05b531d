"""The customers' door: an address, a code from a mail, and in; and the way out."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlencode

import redis
import structlog
from allauth.account.internal.flows.logout import logout
from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from shop.accounts.customers.access import customer_of, customer_required
from shop.accounts.customers.codes import CodeLogIn, NoCustomer, TooManyCodes, may_try
from shop.accounts.customers.forms import CodeForm, EmailForm

log = structlog.get_logger(__name__)

View = Callable[..., HttpResponse]

# Seconds, as at the staff's door.
COME_BACK_AFTER = 300
MENDED_AFTER = 30


def while_counted(view: View) -> View:
    """Without the cache nobody could count tries and codes: then the page says so, with 503."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except redis.RedisError as error:
            log.error("no customer can log in", why=str(error))
            response = render(request, "account/shut.html", status=503)
            response["Retry-After"] = str(MENDED_AFTER)
            return response

    return answer


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@while_counted
def log_in(request: HttpRequest) -> HttpResponse:
    """Ask where the code is to go. The answer is the same whoever has that address, or nobody."""
    if request.method != "POST":
        return redirect(_onward(request)) if customer_of(request) else _ask(request, EmailForm())
    form = EmailForm(request.POST)
    if not form.is_valid():
        return _ask(request, form, status=400)
    if not form.is_of_a_program:
        try:
            CodeLogIn.begin(request, form.cleaned_data["email"])
        except TooManyCodes:
            form.add_error(None, _("These were many codes. Please wait a few minutes."))
            return _ask(request, form, status=429)
    return redirect(code_page(get_next_redirect_url(request)))


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@while_counted
def code(request: HttpRequest) -> HttpResponse:
    """Ask for the code. Opening this page, as programs do with links in mails, changes nothing."""
    process = CodeLogIn.under_way(request)
    if process is None:
        return redirect(_onward(request) if customer_of(request) else _again(request))
    if request.method != "POST":
        return _ask_code(request, process, CodeForm(expected=process.code))
    if not may_try(process):
        return _ended(request)
    form = CodeForm(request.POST, expected=process.code)
    if not form.is_valid():
        is_left = process.record_invalid_attempt()
        return _ask_code(request, process, form, status=400) if is_left else _ended(request)
    try:
        return process.finish(get_next_redirect_url(request))
    except NoCustomer:
        return _ended(request)


@customer_required
@require_http_methods(["GET", "HEAD", "POST"])
@while_counted
def confirm(request: HttpRequest) -> HttpResponse:
    """Once more a code to the account's own address, before something that matters."""
    user = customer_of(request)
    if request.method != "POST" or user is None:
        context = {"onward": get_next_redirect_url(request) or ""}
        return render(request, "account/confirm.html", context)
    try:
        CodeLogIn.begin(request, user.email.lower())
    except TooManyCodes:
        messages.error(request, _("These were many codes. Please wait a few minutes."))
        return redirect("account")
    return redirect(code_page(get_next_redirect_url(request)))


@never_cache
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """Out of the account: this browser is a new visitor's from then on."""
    logout(request, show_message=False)
    messages.success(request, _("You are logged out."))
    return redirect("catalog:home")


def code_page(onward: str | None) -> str:
    """Where the code is typed, and where to go on from there."""
    return reverse("account_confirm_login_code") + _query(onward)


def _onward(request: HttpRequest) -> str:
    return get_next_redirect_url(request) or reverse("account")


def _again(request: HttpRequest) -> str:
    return reverse("account_request_login_code") + _query(get_next_redirect_url(request))


def _query(onward: str | None) -> str:
    return f"?{urlencode({'next': onward})}" if onward else ""


def _ended(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("This code is not good any more. Please ask for a new one."))
    return redirect(_again(request))


def _ask(request: HttpRequest, form: EmailForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "onward": get_next_redirect_url(request) or ""}
    response = render(request, "account/log_in.html", context, status=status)
    if status == 429:
        response["Retry-After"] = str(COME_BACK_AFTER)
    return response


def _ask_code(
    request: HttpRequest, process: CodeLogIn, form: CodeForm, *, status: int = 200
) -> HttpResponse:
    onward = get_next_redirect_url(request) or ""
    context = {"form": form, "email": process.email, "onward": onward}
    return render(request, "account/code.html", context, status=status)
