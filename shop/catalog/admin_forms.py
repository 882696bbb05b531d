"""A variant as staff type it: its price in major units, its options in the product's order."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.forms.models import BaseInlineFormSet

from shop.catalog import publishing
from shop.catalog.models import Image, Product, Stock, Variant
from shop.money import Money, NotAnAmount

# Django's own classes take no type arguments; their stubs want them.
if TYPE_CHECKING:
    OneVariantForm = forms.ModelForm[Variant]
    ManyVariantForms = BaseInlineFormSet[Variant, Product, forms.ModelForm[Variant]]
else:
    OneVariantForm = forms.ModelForm
    ManyVariantForms = BaseInlineFormSet


class VariantForm(OneVariantForm):
    new_price = forms.CharField(
        required=False,
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "size": 10}),
        help_text=f"In {settings.DEFAULT_CURRENCY.upper()}, like 12.50. Replaces the price.",
    )

    class Meta:
        model = Variant
        fields = (
            "sku",
            "option_values",
            "is_active",
            "image",
            "position",
            "grams",
            "requires_shipping",
            "tax_code",
        )
        help_texts = {"option_values": "One for each option of the product, parted by commas."}

    def clean_new_price(self) -> Money | None:
        text = self.cleaned_data["new_price"].strip()
        if not text:
            if self.instance.pk is None:
                raise forms.ValidationError("A new variant needs a price.")
            return None
        try:
            return Money.parse(text, settings.DEFAULT_CURRENCY)
        except NotAnAmount as error:
            raise forms.ValidationError(str(error)) from error

    def save_what_belongs_to_it(self) -> None:
        """Its price, if one was typed, and an empty stock for a new variant."""
        Stock.objects.get_or_create(variant=self.instance)
        if money := self.cleaned_data["new_price"]:
            publishing.set_price(self.instance, money)


class VariantFormSet(ManyVariantForms):
    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        form.fields["image"].queryset = Image.objects.filter(product_id=self.instance.pk)
        form.fields["image"].choices = self._pictures

    @cached_property
    def _pictures(self) -> list[tuple[Any, str]]:
        """Asked once, not once for each variant."""
        images = Image.objects.filter(product_id=self.instance.pk)
        return [("", "the product's first"), *((image.pk, str(image)) for image in images)]

    def clean(self) -> None:
        names = self.instance.option_names
        seen: dict[tuple[str, ...], str] = {}
        for form in self.forms:
            cleaned = form.cleaned_data if form.is_valid() else {}
            if not cleaned:
                continue
            values = tuple(cleaned.get("option_values") or [])
            if len(values) != len(names):
                wanted = " / ".join(names) or "none: the product has no options"
                form.add_error("option_values", f"Give one value for each option ({wanted}).")
            elif other := seen.get(values):
                form.add_error("option_values", f"{other} has the same options.")
            seen[values] = cleaned["sku"]
        super().clean()

    def save_what_belongs_to_them(self) -> None:
        form: Any
        for form in self.forms:
            if form.has_changed() and form.instance.pk:
                form.save_what_belongs_to_it()
