"""The forms of the door, by names that browsers and people know."""

from typing import Any

from allauth.account import forms as allauth
from django import forms
from django.http import HttpRequest

from shop.accounts.models import PasswordReset, User


def _address(**attributes: Any) -> forms.EmailField:
    widget = forms.EmailInput(attrs={"autocomplete": "username", **attributes})
    return forms.EmailField(label="E-mail address", max_length=254, widget=widget)


def _new_password(label: str) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, strip=False, widget=widget)


class LoginForm(allauth.LoginForm):
    """allauth's, with the field names of Django's admin."""

    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["login"]
        self.fields["username"] = _address(autofocus=True)
        self.order_fields(["username", "password"])

    def clean_username(self) -> str:
        account = str(self.cleaned_data["username"]).lower()
        self.cleaned_data["login"] = account
        return account

    @property
    def had_too_many(self) -> bool:
        """Whether the attempts are used up, of the account or of the network address."""
        return bool(self.has_error("__all__", "too_many_login_attempts"))


class ForgottenForm(allauth.ResetPasswordForm):
    """Writes down who asked, and looks at nothing: known and unknown take the same time."""

    email = _address(autofocus=True)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    def save(self, request: HttpRequest, **_: Any) -> str:
        reset = PasswordReset.objects.create(email=self.cleaned_data["email"])
        reset.ring()
        return str(reset.email)


class NewPasswordForm(allauth.ResetPasswordKeyForm):
    """Twice the same, and one that is good enough."""

    password1 = _new_password("New password")
    password2 = _new_password("New password again")

    def clean_password1(self) -> str:
        password = self.cleaned_data["password1"]
        return str(allauth.get_adapter().clean_password(password, user=self.user))


class LinkForm(allauth.UserTokenForm):
    """The link in the mail is good for active staff, once, and for an hour."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        user = self.reset_user
        if not (isinstance(user, User) and user.is_active and user.is_staff):
            raise allauth.get_adapter().validation_error("invalid_password_reset")
        return cleaned
