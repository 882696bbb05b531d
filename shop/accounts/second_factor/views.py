"""The pages of the second factor: allauth's, in the look of the staff site."""

from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from shop.accounts.login.views import Door


class AtOnce:
    """What is changed, and the mail that tells of it, are written together or not at all."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        with transaction.atomic():
            response: HttpResponseBase = super().post(request, *args, **kwargs)  # type: ignore[misc]
            return response


class Index(Door, base.IndexView):
    template_name = "admin/second_factor/index.html"
    title = "Second factor"


class Authenticate(Door, base.AuthenticateView):
    template_name = "admin/second_factor/authenticate.html"
    title = "Second factor"


class Confirm(Door, ReauthenticateView):
    template_name = "admin/second_factor/confirm.html"
    title = "Confirm that it is you"


class ConfirmByCode(Door, base.ReauthenticateView):
    template_name = "admin/second_factor/confirm.html"
    title = "Confirm that it is you"


class ConfirmByKey(Door, webauthn.ReauthenticateWebAuthnView):
    template_name = "admin/second_factor/confirm_key.html"
    title = "Confirm that it is you"


class AddApp(AtOnce, Door, totp.ActivateTOTPView):
    template_name = "admin/second_factor/app.html"
    title = "Add an app"


class RemoveApp(AtOnce, Door, totp.DeactivateTOTPView):
    template_name = "admin/second_factor/remove.html"
    title = "Remove the app"


class AddKey(AtOnce, Door, webauthn.AddWebAuthnView):
    template_name = "admin/second_factor/key.html"
    title = "Add a key"


class RemoveKey(AtOnce, Door, webauthn.RemoveWebAuthnView):
    template_name = "admin/second_factor/remove.html"
    title = "Remove the key"


class Codes(Door, recovery_codes.ViewRecoveryCodesView):
    template_name = "admin/second_factor/codes.html"
    title = "Recovery codes"


class NewCodes(Door, recovery_codes.GenerateRecoveryCodesView):
    template_name = "admin/second_factor/new_codes.html"
    title = "New recovery codes"


index = Index.as_view()
authenticate = Authenticate.as_view()
confirm = Confirm.as_view()
confirm_by_code = ConfirmByCode.as_view()
confirm_by_key = ConfirmByKey.as_view()
add_app = AddApp.as_view()
remove_app = RemoveApp.as_view()
add_key = AddKey.as_view()
remove_key = RemoveKey.as_view()
codes = Codes.as_view()
new_codes = NewCodes.as_view()
