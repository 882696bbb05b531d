"""An address as it is typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from shop.accounts.models import Address
from shop.configuration.countries import COUNTRIES
from shop.http.languages import by_country_name

# What Stripe's page has beside countries: no place that anybody lives in.
ELSEWHERE = "ZZ"


class AddressForm(forms.ModelForm[Address]):
    """Who, where, and whether it is proposed first."""

    country = forms.ChoiceField(label=_("Country"))

    class Meta:
        model = Address
        fields = ("name", "line1", "line2", "postal_code", "city", "state", "country", "is_default")
        labels = {
            "name": _("Name"),
            "line1": _("Street and number"),
            "line2": _("Staircase, door, company (if any)"),
            "postal_code": _("Postal code"),
            "city": _("Town"),
            "state": _("State or region (if any)"),
            "is_default": _("Propose this address first"),
        }

    # What browsers fill in by themselves.
    autocomplete = {
        "name": "shipping name",
        "line1": "shipping address-line1",
        "line2": "shipping address-line2",
        "postal_code": "shipping postal-code",
        "city": "shipping address-level2",
        "state": "shipping address-level1",
        "country": "shipping country",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = by_country_name(COUNTRIES - {ELSEWHERE})
        self.fields["country"].choices = [("", "…"), *named]  # type: ignore[attr-defined]
        self.fields["city"].required = True
        for name, field in self.fields.items():
            field.widget.attrs["autocomplete"] = self.autocomplete.get(name, "off")
            if self.is_bound and name in self.errors:
                field.widget.attrs["aria-invalid"] = "true"
                field.widget.attrs["aria-describedby"] = f"{name}-error"
