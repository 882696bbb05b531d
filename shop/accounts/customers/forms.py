"""The forms of the customers' door."""

from typing import Any

from allauth.core.internal.cryptokit import compare_user_code
from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_CODE = 40


class EmailForm(forms.Form):
    """An e-mail address, and a field that no person sees or fills in."""

    email = forms.EmailField(
        max_length=254,
        label=_("Your e-mail address"),
        error_messages={
            "required": _("Please write your e-mail address."),
            "invalid": _("Please write an e-mail address, such as name@example.com."),
            "max_length": _("This address is too long."),
        },
    )
    website = forms.CharField(required=False)

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()

    @property
    def is_of_a_program(self) -> bool:
        """Whether the field that nobody sees was filled in."""
        return bool(self.cleaned_data.get("website"))


class CodeForm(forms.Form):
    """The code from the mail, with or without its dash."""

    code = forms.CharField(
        max_length=LONGEST_CODE,
        label=_("Code"),
        error_messages={
            "required": _("Please type the code from the mail."),
            "max_length": _("No code is as long as this."),
        },
    )

    def __init__(self, *args: Any, expected: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._expected = expected

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        if not compare_user_code(actual=code, expected=self._expected):
            raise forms.ValidationError(_("This is not the code that we sent."))
        return code
