"""Another e-mail address for an account: proved by a code that goes there; the old one is told."""

import time
import uuid
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.code_verification import AbstractCodeVerificationProcess
from allauth.core import ratelimit
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shop.accounts.customers.access import sure_required
from shop.accounts.customers.codes import TooManyCodes, may_try, write_code
from shop.accounts.customers.door import while_counted
from shop.accounts.customers.forms import CodeForm, EmailForm
from shop.accounts.customers.proof import prove
from shop.accounts.models import AccountMail, User

KEPT = "account_new_email"
Kind = AccountMail.Kind


class AddressTaken(Exception):
    """Another account has the address by now."""


class NewEmail(AbstractCodeVerificationProcess):
    """allauth's way with codes: so many tries, for so long, in this browser alone."""

    def __init__(self, request: HttpRequest, state: dict[str, Any]) -> None:
        self.request = request
        super().__init__(
            max_attempts=settings.ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS,
            timeout=settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT,
            state=state,
        )

    @classmethod
    def begin(cls, request: HttpRequest, email: str) -> None:
        """Have a code mailed to the new address, whoever has it. Raises TooManyCodes."""
        if not ratelimit.consume(request, action="request_login_code", key=email):
            raise TooManyCodes
        code = get_adapter().generate_login_code()
        state = {**cls.initial_state(user=None, email=email), "code": code}
        process = cls(request, {**state, "attempt": uuid.uuid4().hex, "at": time.time()})
        process.send()
        process.persist()

    @classmethod
    def under_way(cls, request: HttpRequest) -> Any:
        """The one that was begun in this browser, while its code is good."""
        state = request.session.get(KEPT)
        return cls(request, state).abort_if_invalid() if state else None

    @property
    def email(self) -> str:
        return str(self.state["email"])

    def send(self) -> None:
        write_code(Kind.NEW_EMAIL, self.email, self.code)

    def persist(self) -> None:
        self.request.session[KEPT] = self.state

    def abort(self) -> None:
        self.request.session.pop(KEPT, None)


@sure_required
@require_http_methods(["GET", "HEAD", "POST"])
@while_counted
def ask(request: HttpRequest) -> HttpResponse:
    """Which address it is to be."""
    form = EmailForm(request.POST or None)
    if request.method != "POST":
        return _page(request, form)
    if not form.is_valid():
        return _page(request, form, status=400)
    try:
        NewEmail.begin(request, form.cleaned_data["email"])
    except TooManyCodes:
        form.add_error(None, _("These were many codes. Please wait a few minutes."))
        return _page(request, form, status=429)
    return redirect("account_new_email_code")


@sensitive_post_parameters("code")
@sure_required
@require_http_methods(["GET", "HEAD", "POST"])
@while_counted
def code(request: HttpRequest) -> HttpResponse:
    """The code that went there."""
    process = NewEmail.under_way(request)
    if process is None:
        return redirect("account_new_email")
    form = CodeForm(request.POST or None, expected=process.code)
    if request.method != "POST":
        return _code_page(request, process, form)
    if not may_try(process):
        return _ended(request)
    if not form.is_valid():
        is_left = process.record_invalid_attempt()
        return _code_page(request, process, form, status=400) if is_left else _ended(request)
    process.abort()
    try:
        change(request.user, process.email)
    except AddressTaken:
        messages.error(request, _("This address belongs to another account."))
        return redirect("account_new_email")
    messages.success(request, _("Your address is %(email)s now.") % {"email": process.email})
    return redirect("account")


@transaction.atomic
def change(user: Any, email: str) -> None:
    """From now on the account is known by this address. Raises AddressTaken."""
    locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if locked.email.lower() != email.lower():
        write_code(Kind.EMAIL_CHANGED, locked.email, "")
    try:
        User.objects.filter(pk=user.pk).update(email=email)
    except IntegrityError as error:
        raise AddressTaken from error
    prove(locked, email)


def _ended(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("This code is not good any more. Please ask for a new one."))
    return redirect("account_new_email")


def _page(request: HttpRequest, form: EmailForm, *, status: int = 200) -> HttpResponse:
    return render(request, "account/new_email.html", {"form": form}, status=status)


def _code_page(
    request: HttpRequest, process: NewEmail, form: CodeForm, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "email": process.email}
    return render(request, "account/new_email_code.html", context, status=status)
