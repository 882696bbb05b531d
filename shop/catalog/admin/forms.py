"""The catalog as staff type it: prices in major units, options in order."""

from decimal import Decimal
from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.forms.models import BaseInlineFormSet

from shop import clock
from shop.catalog import publishing
from shop.catalog.admin import versions
from shop.catalog.models import Category, Image, Product, Stock, Variant
from shop.catalog.models.products import MOST_GOING_WITH
from shop.catalog.models.tax_class import STANDARD
from shop.money import Money, NotAnAmount
from shop.translation.admin import TranslatedForm
from shop.translation.translated import further_languages


class MoneyField(forms.Field):
    """An amount in major units of its currency, as 12.50; None when nothing was typed."""

    def __init__(self, currency: str, **more: Any) -> None:
        attributes = {"inputmode": "decimal", "autocomplete": "off", "size": 10, "maxlength": 20}
        super().__init__(required=False, widget=forms.TextInput(attrs=attributes), **more)
        self.currency = currency

    def to_python(self, value: Any) -> Money | None:
        text = (value or "").strip()
        if not text:
            return None
        try:
            return Money.parse(text, self.currency)
        except NotAnAmount as error:
            raise forms.ValidationError(str(error)) from error


class ProductForm(TranslatedForm):
    # By which version of the product the page was made.
    version = versions.VersionField()

    class Meta:
        model = Product
        fields = (
            "title",
            "slug",
            "category",
            "vendor",
            "kind",
            "status",
            "publish_at",
            "most_per_order",
            "tax_class",
            "content_unit",
            "unit_price_per",
            "setup_future_usage",
            "goes_with",
            "description",
            "tags",
            "option_names",
            "size_guide",
        )

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        if "tax_class" in self.fields:
            self.fields["tax_class"].required = False
        if "kind" in self.fields:
            self.fields["kind"].required = False
        for language in further_languages():
            self.fields[f"options_{language}"].help_text = (
                "One word in each line, like Color = Farbe. A new word counts for all products "
                "(Option words); one that is called otherwise there is so for this product alone. "
                "Nothing after the sign: it is called as there."
            )
        if self.instance.pk and not self.is_bound:
            self.initial["version"] = versions.version_of(self.instance.pk)

    def clean_kind(self) -> str:
        return self.cleaned_data["kind"] or Product.Kind.GOODS

    def clean_goes_with(self) -> Any:
        others = self.cleaned_data["goes_with"]
        if len(others) > MOST_GOING_WITH:
            raise forms.ValidationError(f"Choose at most {MOST_GOING_WITH}.")
        if any(other.pk == self.instance.pk for other in others):
            raise forms.ValidationError("It goes with others, not with itself.")
        if given := [other.title for other in others if other.is_given]:
            raise forms.ValidationError(f"{given[0]} is nothing that is bought.")
        return others

    def clean_tax_class(self) -> str:
        return self.cleaned_data["tax_class"] or STANDARD

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if bool(cleaned.get("content_unit")) != bool(cleaned.get("unit_price_per")):
            sentence = "A unit price needs both: a unit, and per how many of it."
            self.add_error("unit_price_per", sentence)
        at = cleaned.get("publish_at")
        if cleaned.get("status") == Product.Status.DRAFT and at and at <= clock.now():
            self.add_error(
                "publish_at",
                "This time is past, so the draft would go on sale at once. "
                "Choose a later one, or leave it empty.",
            )
        if self.instance.pk and (shown := cleaned.get("version")):
            self._refuse_if_others_were_faster(shown)
        return cleaned

    def _refuse_if_others_were_faster(self, shown: str) -> None:
        versions.lock(self.instance.pk)
        now = versions.version_of(self.instance.pk)
        if not (parts := versions.changed_parts(shown, now)):
            return
        # Who has been told may save all the same.
        data: Any = self.data
        self.data = data = data.copy()
        data[self.add_prefix("version")] = now
        labels = [str(self.fields[name].label).lower() for name in self.changed_data]
        self.add_error(None, versions.sentence(self.instance, shown, parts, labels))


class CategoryForm(TranslatedForm):
    class Meta:
        model = Category
        fields = ("name", "slug", "parent", "position", "description")

    def clean_parent(self) -> Category | None:
        """A shelf cannot stand within itself."""
        parent: Category | None = self.cleaned_data["parent"]
        if parent is None or self.instance.pk is None:
            return parent
        above = dict(Category.objects.values_list("pk", "parent_id"))
        at: int | None = parent.pk
        seen: set[int] = set()
        while at is not None and at not in seen:
            if at == self.instance.pk:
                raise forms.ValidationError(self._why_not(parent))
            seen.add(at)
            at = above[at]
        return parent

    def _why_not(self, parent: Category) -> str:
        if parent == self.instance:
            return "A category cannot be its own parent."
        return f"{parent} lies within {self.initial['name']}, so it cannot be its parent."


class VariantForm(forms.ModelForm[Variant]):
    """With one field for a new price in each currency that the shop offers."""

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
            "barcode",
            "low_stock_threshold",
            "content",
        )
        help_texts = {"option_values": "One for each option of the product, parted by commas."}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, currency in price_fields().items():
            self.fields[name] = MoneyField(
                currency,
                label=f"New price in {currency.upper()}",
                help_text="Like 12.50. Replaces the price.",
            )

    def clean_content(self) -> Decimal | None:
        content: Decimal | None = self.cleaned_data["content"]
        if content is not None and content <= 0:
            raise forms.ValidationError("It holds more than nothing, or leave it empty.")
        return content

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        is_missing = "new_price" in cleaned and cleaned["new_price"] is None
        if self.instance.pk is None and is_missing:
            self.add_error("new_price", "A new variant needs a price.")
        return cleaned

    def save_what_belongs_to_it(self) -> None:
        """The prices that were typed, and an empty stock for a new variant."""
        Stock.objects.get_or_create(variant=self.instance)
        for name in price_fields():
            if money := self.cleaned_data[name]:
                publishing.set_price(self.instance, money)


def price_fields() -> dict[str, str]:
    """The fields for a new price and their currencies, the shop's own first."""
    others = [code for code in settings.CURRENCIES_OFFERED if code != settings.DEFAULT_CURRENCY]
    return {
        "new_price": settings.DEFAULT_CURRENCY,
        **{f"new_price_{code}": code for code in others},
    }


class VariantFormSet(BaseInlineFormSet[Variant, Product, forms.ModelForm[Variant]]):
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
        names, unit = self.instance.option_names, self.instance.get_content_unit_display()
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
            if unit and cleaned.get("is_active") and not cleaned.get("content"):
                form.add_error("content", f"Say how many {unit}: the product has a unit price.")
            seen[values] = cleaned["sku"]
        super().clean()

    def save_what_belongs_to_them(self) -> None:
        form: Any
        for form in self.forms:
            if form.has_changed() and form.instance.pk:
                form.save_what_belongs_to_it()
