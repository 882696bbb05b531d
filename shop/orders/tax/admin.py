"""Tax rates as staff keep them: what was used is ended or replaced, never changed."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from shop.configuration.countries import COUNTRIES
from shop.orders.models import TaxRate
from shop.orders.models.tax import EVERY_COUNTRY
from shop.translation.admin import TranslatedAdmin, TranslatedForm

TYPED = ("country", "tax_class", "name", "percentage")
# The same where it is only read: 20 and not 20.0000.
FIXED = ("country", "tax_class", "name", "share")


class TaxRateForm(TranslatedForm):
    class Meta:
        model = TaxRate
        fields = (*TYPED, "is_active")

    def clean_country(self) -> str:
        code = str(self.cleaned_data["country"]).upper()
        if code != EVERY_COUNTRY and code not in COUNTRIES:
            self.add_error("country", f"{code}: no country that Stripe asks an address in.")
        return code


class TaxRateAdmin(TranslatedAdmin):
    form = TaxRateForm
    list_display = ("country", "tax_class", "name", "share", "is_active", "used_at")
    list_filter = ("is_active", "tax_class")
    search_fields = ("country", "tax_class", "name")
    ordering = ("-is_active", "country", "tax_class")

    @admin.display(description="percentage", ordering="percentage")
    def share(self, rate: TaxRate) -> str:
        return rate.share

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What orders and Stripe refer to stays as it is; a new rate takes its place."""
        return [*super().get_readonly_fields(request, obj), *(FIXED if _is_used(obj) else ())]

    def get_exclude(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["percentage"] if _is_used(obj) else super().get_exclude(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_used(obj) and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> Any:
        """Not many at once, one of which may have been used."""
        return {
            name: action
            for name, action in super().get_actions(request).items()
            if name != "delete_selected"
        }

    def save_model(self, request: HttpRequest, obj: TaxRate, form: Any, change: bool) -> None:
        """Django's transaction is open."""
        obj.end_former()
        super().save_model(request, obj, form, change)


def _is_used(rate: TaxRate | None) -> bool:
    return rate is not None and rate.used_at is not None
