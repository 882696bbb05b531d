"""What a browser hands over of a passkey; whatever else is sent in its place is refused."""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import LoginWebAuthnForm, SignupWebAuthnForm
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# What allauth's and fido2's own code may stumble over in what is not of a browser.
NO_CREDENTIAL = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
LONGEST_NAME = 40
REFUSED = gettext_lazy("That was no passkey that we know. Please try again, or log in by a code.")


class NewPasskeyForm(SignupWebAuthnForm):
    """A passkey that can log in by itself, and what its owner calls it."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=LONGEST_NAME, required=False)
    passwordless = True

    def clean(self) -> dict[str, Any]:
        try:
            cleaned: dict[str, Any] = super().clean()
        except forms.ValidationError as error:
            raise forms.ValidationError(_not_taken()) from error
        except NO_CREDENTIAL as error:
            raise forms.ValidationError(_not_taken()) from error
        return {**cleaned, "passwordless": True}


def _not_taken() -> str:
    return _("The passkey could not be added. Please try again.")


class PasskeyLoginForm(LoginWebAuthnForm):
    """A passkey of a customer, by which alone its owner logs in."""

    def clean_credential(self) -> Authenticator:
        try:
            found: Authenticator = super().clean_credential()
        except forms.ValidationError as error:
            raise forms.ValidationError(REFUSED) from error
        except NO_CREDENTIAL as error:
            raise forms.ValidationError(REFUSED) from error
        # Staff have a door of their own, and whoever is turned off has none.
        if found.user.is_staff or not found.user.is_active:
            raise forms.ValidationError(REFUSED)
        return found
