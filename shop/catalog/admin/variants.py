"""The variants on a product's page, and the search for those whose weight nobody knows."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shop.catalog.admin.forms import VariantForm, VariantFormSet, price_fields
from shop.catalog.admin.stock import StockAdmin, in_words, units_in_parcels
from shop.catalog.admin.wording import at_stripe, given_away, with_reduction, with_state
from shop.catalog.models import Product, Variant


class VariantInline(admin.StackedInline[Variant, Product]):
    model = Variant
    form = VariantForm
    formset = VariantFormSet
    extra = 0
    can_delete = False
    readonly_fields = ("price_now", "stock_now", "at_stripe", "gives")
    stock_page: Callable[[int], str] | None = None

    def get_fieldsets(self, request: HttpRequest, obj: Product | None = None) -> Any:
        # Nothing can be typed by those who may only look.
        may_type = self.has_change_permission(request, obj) or self.has_add_permission(request, obj)
        prices = list(price_fields()) if may_type else []
        # An inline is made for each request.
        pages = StockAdmin.change_pages
        may_adjust = pages is not None and request.user.has_perm("catalog.adjust_stock")
        self.stock_page = pages.one if pages and may_adjust else None
        rows = [
            ("sku", "option_values", "is_active"),
            ("price_now", *prices),
            ("stock_now", "low_stock_threshold"),
            "at_stripe",
            ("image", "position", "grams", "content"),
            ("requires_shipping", "gives", "tax_code", "barcode"),
        ]
        return [(None, {"fields": rows})]

    def get_formset(self, request: HttpRequest, obj: Product | None = None, **more: Any) -> Any:
        # The fields for prices come with the form; the model knows none of them.
        return super().get_formset(request, obj, **{"fields": VariantForm.Meta.fields, **more})

    def get_queryset(self, request: HttpRequest) -> QuerySet[Variant]:
        variants = with_state(super().get_queryset(request)).select_related(
            "product", "digital__file"
        )
        return variants.annotate(in_parcels=units_in_parcels("pk"))

    @admin.display(description="price")
    def price_now(self, variant: Variant) -> str | SafeString:
        if variant.pk is None:
            return "none yet"
        words = ", ".join(with_reduction(price) for price in variant.prices.all()) or "none yet"
        history = reverse("admin:catalog_price_changelist")
        return format_html(
            '{} <a href="{}?variant__id__exact={}">history</a>', words, history, variant.pk
        )

    @admin.display(description="stock")
    def stock_now(self, variant: Any) -> str | SafeString:
        stock = getattr(variant, "stock", None)
        if stock is None:
            return "none yet"
        words = in_words(stock, variant.in_parcels)
        if self.stock_page is None:
            return words
        return format_html('{} <a href="{}">change</a>', words, self.stock_page(variant.pk))

    @admin.display(description="buyers download", empty_value="nothing: it is sent")
    def gives(self, variant: Variant) -> str | SafeString | None:
        if variant.pk is None:
            return "nothing yet"
        if variant.requires_shipping:
            return None
        return given_away(variant)

    @admin.display(description="at Stripe")
    def at_stripe(self, variant: Variant) -> str | SafeString:
        if variant.pk is None:
            return "not there"
        return at_stripe([variant], f"variant__id__exact={variant.pk}")


class WeightFilter(admin.SimpleListFilter):
    """Products of which some variant that is sold is sent, and has no weight."""

    title = "weight"
    parameter_name = "weight"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("missing", "Missing, though it is sent")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        if self.value() != "missing":
            return queryset
        unweighed = Variant.objects.filter(
            product=OuterRef("pk"), is_active=True, requires_shipping=True, grams=0
        )
        return queryset.filter(Exists(unweighed))
