"""The pages of the second factor: allauth's, in the look of the staff site."""

from allauth.account.views import ReauthenticateView
from allauth.mfa.base import views as base
from allauth.mfa.recovery_codes import views as recovery_codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn

from shop.accounts.login.views import Door


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


class AddApp(Door, totp.ActivateTOTPView):
    template_name = "admin/second_factor/app.html"
    title = "Add an app"


class RemoveApp(Door, totp.DeactivateTOTPView):
    template_name = "admin/second_factor/remove.html"
    title = "Remove the app"


class AddKey(Door, webauthn.AddWebAuthnView):
    template_name = "admin/second_factor/key.html"
    title = "Add a key"


class RemoveKey(Door, webauthn.RemoveWebAuthnView):
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
