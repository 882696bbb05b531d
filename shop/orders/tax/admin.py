"""Tax rates as staff keep them: what was used is ended or replaced, never changed."""

from typing import Any

from django.http import HttpRequest

from shop.configuration.countries import COUNTRIES
from shop.orders.models import TaxRate
from shop.orders.models.tax import EVERY_COUNTRY
from shop.translation.admin import TranslatedAdmin, TranslatedForm

FIXED = ("country", "tax_class", "name", "percentage")


class TaxRateForm(TranslatedForm):
    class Meta:
        model = TaxRate
        fields = (*FIXED, "is_active")

    def clean_country(self) -> str:
        code = str(self.cleaned_data["country"]).upper()
        if code != EVERY_COUNTRY and code not in COUNTRIES:
            self.add_error("country", f"{code}: no country that Stripe asks an address in.")
        return code


class TaxRateAdmin(TranslatedAdmin):
    form = TaxRateForm
    list_display = ("country", "tax_class", "name", "percentage", "is_active", "used_at")
    list_filter = ("is_active", "tax_class")
    search_fields = ("country", "tax_class", "name")
    ordering = ("-is_active", "country", "tax_class")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What orders and Stripe refer to stays as it is; a new rate takes its place."""
        fixed = FIXED if obj is not None and obj.used_at else ()
        return [*super().get_readonly_fields(request, obj), *fixed]

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_used = obj is not None and obj.used_at
        return not is_used and super().has_delete_permission(request, obj)

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
