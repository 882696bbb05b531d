"""Facts of products: which there are, and what each product says of them."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db import transaction
from django.http import HttpRequest

from shop.catalog import option_words
from shop.catalog.admin.words.option_words import MOST_INDEXED
from shop.catalog.models import Fact, Product, ProductFact
from shop.catalog.search import index
from shop.translation.admin import TranslatedForm, translated_fields
from shop.translation.translated import further_languages

LONGEST_WORD = 100


class ProductFactForm(TranslatedForm):
    is_in_a_table = True

    class Meta:
        model = ProductFact
        fields = ("fact", "text")
        widgets = {"text": forms.Textarea(attrs={"rows": 2, "cols": 40})}

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for language in further_languages():
            self.fields[f"text_{language}"].widget.attrs |= {"rows": 2, "cols": 40, "class": ""}

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        fact: Fact | None = cleaned.get("fact")
        said = ProductFact(fact=fact, text=cleaned.get("text") or "") if fact else None
        if said and any(len(word) > LONGEST_WORD for word in said.words):
            sentence = f"{fact} narrows lists: write words parted by commas, as Linen, Cotton."
            self.add_error("text", sentence)
        return cleaned


class FactInline(admin.TabularInline[ProductFact, Product]):
    """What a product says; the words of a fact that narrows lists are translated with options."""

    model = ProductFact
    form = ProductFactForm
    extra = 0
    verbose_name_plural = "facts"

    def get_fields(self, request: HttpRequest, obj: Product | None = None) -> Any:
        may_type = self.has_change_permission(request, obj) or self.has_add_permission(request, obj)
        further = [
            field
            for language in further_languages()
            for field in translated_fields(ProductFact, language, may_type=may_type)
        ]
        return ["fact", "text", *further]

    def get_formset(self, request: HttpRequest, obj: Product | None = None, **more: Any) -> Any:
        # The fields of further languages come with the form; the model knows none of them.
        formset: Any = super().get_formset(
            request, obj, **{**more, "fields": ProductFactForm.Meta.fields}
        )
        if choice := formset.form.base_fields.get("fact"):
            # Asked once, not once for each row.
            choice.choices = [("", "---"), *((one.pk, one.name) for one in Fact.objects.all())]
        return formset

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("fact")


@admin.register(Fact)
class FactAdmin(admin.ModelAdmin[Fact]):
    list_display = ("name", "is_filter", "position")
    list_editable = ("position",)
    search_fields = ("name",)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # What some product says stays; what none does may go.
        is_said = obj is not None and ProductFact.objects.filter(fact=obj).exists()
        return super().has_delete_permission(request, obj) and not is_said

    @transaction.atomic
    def save_model(self, request: HttpRequest, obj: Fact, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not change or not {"name", "is_filter"} & set(form.changed_data):
            return
        ids = ProductFact.objects.filter(fact=obj).order_by("product_id")
        products = list(ids.values_list("product_id", flat=True)[: MOST_INDEXED + 1])
        if len(products) <= MOST_INDEXED:
            option_words.share(products)
            index.index_many(products)
        else:
            messages.warning(
                request, "Lists are narrowed by it as it is now after manage.py index_products."
            )
