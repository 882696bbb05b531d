"""A password, for who wants one: set, changed, taken away, and another way in."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from django import forms
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from shop.accounts.customers.access import customer_of, sure_required
from shop.accounts.customers.door import COME_BACK_AFTER, while_counted
from shop.accounts.customers.forms import EmailForm

LONGEST = 4096


class PasswordLoginForm(EmailForm):
    """An address and a password."""

    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Please type your password.")},
    )


class NewPasswordForm(forms.Form):
    """Once: it can be shown while it is typed, and a code from a mail is always another way in."""

    password = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        max_length=LONGEST,
        error_messages={"required": gettext_lazy("Please type a password.")},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    def clean_password(self) -> str:
        return str(get_adapter().clean_password(self.cleaned_data["password"], user=self._user))


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@while_counted
def log_in(request: HttpRequest) -> HttpResponse:
    """What is wrong is not said: the address, the password, or that there is none."""
    if customer_of(request) is not None:
        return redirect("account")
    form = PasswordLoginForm(request.POST or None)
    if request.method != "POST":
        return _ask(request, form)
    if not form.is_valid():
        return _ask(request, form, status=400)
    typed = {name: form.cleaned_data[name] for name in ("email", "password")}
    try:
        user = get_adapter(request).authenticate(request, **typed, door="customers")
    except forms.ValidationError:
        form.add_error(None, _("There were too many attempts. Please wait five minutes."))
        return _ask(request, form, status=429)
    if user is None:
        form.add_error(None, _("The address and the password do not fit together."))
        return _ask(request, form, status=400)
    login = Login(user=user, email=typed["email"], redirect_url=get_next_redirect_url(request))
    response: HttpResponse = perform_password_login(request, typed, login)
    return response


@sensitive_post_parameters("password")
@sure_required
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Set one, or another. Other browsers are logged out by it; this one stays."""
    user: Any = request.user
    form = NewPasswordForm(request.POST or None, user=user)
    if request.method == "POST" and form.is_valid():
        get_adapter().set_password(user, form.cleaned_data["password"])
        update_session_auth_hash(request, user)
        messages.success(request, _("Your password is set."))
        return redirect("account")
    status = 400 if request.method == "POST" else 200
    return render(request, "account/password.html", {"form": form}, status=status)


@sure_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest) -> HttpResponse:
    """From now on a code is the only way in.

    Who had to type one first comes back without the button pressed, and finds it again.
    """
    if request.method != "POST":
        return redirect("account_password")
    user: Any = request.user
    user.set_unusable_password()
    user.save(update_fields=["password"])
    update_session_auth_hash(request, user)
    messages.success(request, _("Your password is removed. You log in by a code."))
    return redirect("account")


def _ask(request: HttpRequest, form: PasswordLoginForm, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "onward": get_next_redirect_url(request) or ""}
    response = render(request, "account/log_in_by_password.html", context, status=status)
    if status == 429:
        response["Retry-After"] = str(COME_BACK_AFTER)
    return response
