"""The pages of passkeys. They need a script; the mailed code, which needs none, is always there."""

from typing import Any

from allauth.account.models import Login
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.mfa.base.internal.flows import delete_and_cleanup
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.internal import auth, flows
from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from shop.accounts.customers.access import customer_of, customer_required, sure_required
from shop.accounts.customers.door import COME_BACK_AFTER, while_counted
from shop.accounts.passkeys.forms import NewPasskeyForm, PasskeyLoginForm

# Nobody has more devices.
MOST = 10


@never_cache
@sensitive_post_parameters("credential")
@require_http_methods(["GET", "HEAD", "POST"])
@while_counted
def log_in(request: HttpRequest) -> HttpResponse:
    """Nobody is named: the browser offers the passkeys that it has for this shop."""
    if customer_of(request) is not None:
        return redirect(get_next_redirect_url(request) or "account")
    form = PasskeyLoginForm(request.POST or None)
    if request.method != "POST":
        return _ask(request, form)
    if not ratelimit.consume(request, action="login"):
        form.add_error(None, _("There were too many attempts. Please wait five minutes."))
        return _ask(request, form, status=429)
    if not form.is_valid():
        return _ask(request, form, status=400)
    passkey = form.cleaned_data["credential"]
    login = Login(user=passkey.user, redirect_url=get_next_redirect_url(request))
    response: HttpResponse = flows.perform_passwordless_login(request, passkey, login)
    return response


@customer_required
@require_safe
def passkeys(request: HttpRequest) -> HttpResponse:
    found = [{"row": row, "name": row.wrap().name} for row in _own(request)]
    context = {"passkeys": found, "is_full": len(found) >= MOST}
    return render(request, "account/passkeys.html", context)


@sensitive_post_parameters("credential")
@sure_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest) -> HttpResponse:
    """A new one, which its owner's finger, face or PIN unlocks."""
    if _own(request).count() >= MOST:
        messages.error(request, _("There is no room for more passkeys. Please remove one first."))
        return redirect("account_passkeys")
    form = NewPasskeyForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        named = {name: form.cleaned_data[name] for name in ("name", "credential")}
        with transaction.atomic():
            flows.signup_authenticator(request, request.user, **named)
        messages.success(request, _("The passkey is added."))
        return redirect("account_passkeys")
    options = auth.begin_registration(_user(request), passwordless=True)
    context = {"form": form, "js_data": {"creation_options": options}}
    status = 400 if request.method == "POST" else 200
    return render(request, "account/passkey_add.html", context, status=status)


@sure_required
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks first: whoever removes it here must forget it on the device, too."""
    passkey = get_object_or_404(_own(request), pk=pk)
    if request.method == "POST":
        with transaction.atomic():
            delete_and_cleanup(request, passkey)
        messages.success(request, _("The passkey is removed. Delete it on your device as well."))
        return redirect("account_passkeys")
    return render(request, "account/passkey_remove.html", {"name": passkey.wrap().name})


def _own(request: HttpRequest) -> QuerySet[Authenticator]:
    own = Authenticator.objects.filter(user=_user(request), type=Authenticator.Type.WEBAUTHN)
    ordered: QuerySet[Authenticator] = own.order_by("created_at", "pk")
    return ordered


def _user(request: HttpRequest) -> Any:
    """Whom `customer_required` let in."""
    return request.user


def _ask(request: HttpRequest, form: PasskeyLoginForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "onward": get_next_redirect_url(request) or "",
        "js_data": {"request_options": auth.begin_authentication(user=None)},
    }
    response = render(request, "account/log_in_by_passkey.html", context, status=status)
    if status == 429:
        response["Retry-After"] = str(COME_BACK_AFTER)
    return response
