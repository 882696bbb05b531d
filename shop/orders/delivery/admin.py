"""Delivery methods as staff set them: countries, days, and prices as people write them."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.postgres.forms import SimpleArrayField
from django.db.models import QuerySet
from django.forms.models import BaseInlineFormSet
from django.http import HttpRequest

from shop.configuration.countries import COUNTRIES
from shop.money import Money, NotAnAmount
from shop.orders.models import DeliveryMethod, DeliveryRate, FreeDelivery
from shop.translation.admin import TranslatedAdmin, TranslatedForm

Bands = DeliveryMethod.Bands
# A ton: what weighs more goes by no parcel.
MOST_GRAMS = 1_000_000


class DeliveryMethodForm(TranslatedForm):
    countries = SimpleArrayField(
        forms.CharField(max_length=20),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"}),
        help_text="Two letters each, parted by commas: AT, DE. Whoever lives elsewhere is not "
        "offered this.",
    )

    class Meta:
        model = DeliveryMethod
        fields = (
            "name", "words", "countries", "min_days", "max_days", "is_free", "bands_by", "tax_code",
            "is_active", "position",
        )  # fmt: skip

    def clean_countries(self) -> list[str]:
        """Each country once, as Stripe's payment page can ask an address in it."""
        codes = [code.strip().upper() for code in self.cleaned_data["countries"] if code.strip()]
        if odd := sorted(set(codes) - COUNTRIES):
            raise forms.ValidationError(
                f"{', '.join(odd)}: no country that Stripe asks an address in."
            )
        return list(dict.fromkeys(codes))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        fewest, most = cleaned.get("min_days"), cleaned.get("max_days")
        if fewest is not None and most is not None and not 1 <= fewest <= most <= 99:
            self.add_error("max_days", "Give two numbers from 1 to 99, the smaller one first.")
        return cleaned


class AmountForm(forms.ModelForm[Any]):
    """A currency that the shop offers, and an amount in it as people type it."""

    currency = forms.ChoiceField()
    price = forms.CharField(
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 10}),
    )
    # The method that the row belongs to, as it was typed on the same page.
    method: DeliveryMethod

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        known: Any = self.fields["currency"]
        codes = dict.fromkeys([*settings.CURRENCIES_OFFERED, self.instance.currency])
        known.choices = [(code, code.upper()) for code in codes if code]
        if self.instance.pk:
            self.initial["price"] = Money(self.instance.amount, self.instance.currency).plain

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if "currency" in cleaned and "price" in cleaned:
            self.instance.amount = self.amount_of("price")
        return cleaned

    def amount_of(self, name: str) -> int:
        """Whole minor units of what was typed; 0 and an error at the field for what is none."""
        try:
            return Money.parse(self.cleaned_data[name], self.cleaned_data["currency"]).amount
        except NotAnAmount as error:
            self.add_error(name, str(error))
            return 0


class RateForm(AmountForm):
    starts = forms.CharField(
        label="from",
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 10}),
    )

    class Meta:
        model = DeliveryRate
        fields = ("currency",)

    field_order = ("currency", "starts", "price")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        rate = self.instance
        if rate.pk and rate.method.bands_by == Bands.VALUE:
            self.initial["starts"] = Money(rate.starts_at, rate.currency).plain
        elif rate.pk:
            self.initial["starts"] = str(rate.starts_at)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "currency" in cleaned and "starts" in cleaned:
            self.instance.starts_at = self._starts_at(cleaned["starts"])
        return cleaned

    def _starts_at(self, typed: str) -> int:
        if not typed or self.method.bands_by == Bands.NONE:
            return 0
        if self.method.bands_by == Bands.VALUE:
            return self.amount_of("starts")
        if not (typed.isascii() and typed.isdigit() and int(typed) <= MOST_GRAMS):
            self.add_error("starts", f"Write whole grams from 0 to {MOST_GRAMS}.")
            return 0
        return int(typed)


class FreeDeliveryForm(AmountForm):
    class Meta:
        model = FreeDelivery
        fields = ("currency",)

    field_order = ("currency", "price")


class AmountFormSet(BaseInlineFormSet[Any, DeliveryMethod, Any]):
    """Rows that know their method, of which no two say the same."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.method = self.instance

    def clean(self) -> None:
        super().clean()
        seen = set()
        for form in self.forms:
            if not form.has_changed() and not form.instance.pk:
                continue
            if form.errors or form.cleaned_data.get("DELETE"):
                continue
            row = form.instance
            key = (form.cleaned_data["currency"], getattr(row, "starts_at", 0))
            if key in seen:
                form.add_error("currency", "There is another line for this.")
            seen.add(key)


class RateInline(admin.TabularInline[Any, Any]):
    model = DeliveryRate
    form = RateForm
    formset = AmountFormSet
    extra = 1
    verbose_name = "price"
    fields = ("currency", "starts", "price")


class FreeDeliveryInline(admin.TabularInline[Any, Any]):
    model = FreeDelivery
    form = FreeDeliveryForm
    formset = AmountFormSet
    extra = 0
    verbose_name = "goods' value from which it is free"
    verbose_name_plural = "free from"
    fields = ("currency", "price")


class DeliveryMethodAdmin(TranslatedAdmin):
    form = DeliveryMethodForm
    inlines = (RateInline, FreeDeliveryInline)
    list_display = ("name", "where", "days", "priced", "is_active", "position")
    fieldsets = (
        (None, {"fields": ("name", "words", "countries")}),
        (None, {"fields": (("min_days", "max_days"),)}),
        (None, {"fields": ("is_free", "bands_by", "tax_code")}),
        (None, {"fields": (("is_active", "position"),)}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[DeliveryMethod]:
        methods: QuerySet[DeliveryMethod] = super().get_queryset(request)
        return methods.prefetch_related("rates")

    @admin.display(description="countries")
    def where(self, method: DeliveryMethod) -> str:
        return ", ".join(method.countries)

    @admin.display(description="prices")
    def priced(self, method: DeliveryMethod) -> str:
        if method.is_free:
            return "free"
        rates = [Money(rate.amount, rate.currency) for rate in method.rates.all()]
        return ", ".join(map(str, rates)) or "none: it is offered to nobody"
