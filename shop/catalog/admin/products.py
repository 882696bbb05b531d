"""The catalog in the admin: products with their variants, categories, stock and its history.

Prices are replaced, never edited; stock is shown here and changed by delta elsewhere; what was ever
offered is archived, not deleted.
"""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from shop.catalog import option_words, publishing
from shop.catalog.admin import price_sheet
from shop.catalog.admin.categories import CategoryAdmin, old_addresses, save_with_address
from shop.catalog.admin.forms import ProductForm, VariantFormSet
from shop.catalog.admin.pictures import ImageInline, PictureFormSet
from shop.catalog.admin.prices import PriceAdmin
from shop.catalog.admin.stock import (
    ProductStock,
    StockAdmin,
    StockMovementAdmin,
)
from shop.catalog.admin.variants import VariantInline, WeightFilter
from shop.catalog.admin.wording import (
    at_stripe,
    can_be_bought,
    names,
    prices_in_words,
    with_state,
)
from shop.catalog.admin.words.facts import FactInline
from shop.catalog.models import (
    CatalogSync,
    Category,
    Price,
    Product,
    Stock,
    StockMovement,
    Variant,
)
from shop.staff.read_only import WorkAdmin
from shop.staff.search_list import SearchAdmin
from shop.staff.site import ShopAdminSite
from shop.translation.admin import TranslatedAdmin


@admin.register(Product)
class ProductAdmin(SearchAdmin, TranslatedAdmin):
    form = ProductForm
    list_display = ("title", "category", "shown", "variant_count", "price", "available", "stripe")
    list_filter = (
        "status",
        ProductStock,
        WeightFilter,
        ("category", admin.RelatedOnlyFieldListFilter),
    )
    list_select_related = ("category",)
    list_per_page = 50
    search_fields = ("title", "slug", "vendor", "variants__sku")
    search_help_text = "Title, address, vendor or SKU"
    show_full_result_count = False
    ordering = ("title", "id")
    autocomplete_fields = ("goes_with",)
    prepopulated_fields = {"slug": ("title",)}
    readonly_fields = ("old_addresses",)
    fieldsets = (
        (
            None,
            {
                "fields": (
                    ("title", "slug"),
                    "old_addresses",
                    ("category", "vendor", "kind"),
                    ("status", "publish_at"),
                    ("most_per_order", "tax_class", "setup_future_usage"),
                    ("content_unit", "unit_price_per"),
                    "goes_with",
                    "description",
                    "tags",
                    "option_names",
                    "size_guide",
                )
            },
        ),
    )
    inlines = (VariantInline, FactInline, ImageInline)
    actions = ("publish", "archive", "set_prices")

    def get_fieldsets(self, request: HttpRequest, obj: Product | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not self.has_change_permission(request, obj):
            return fieldsets
        return [*fieldsets, (None, {"fields": ("version",)})]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        products: QuerySet[Product] = super().get_queryset(request)
        at = request.resolver_match
        if at and at.url_name == "catalog_product_change":
            # Its page asks for the variants as they stand where it shows them.
            return products.prefetch_related("variants")
        variants = with_state(Variant.objects.all())
        return products.prefetch_related(Prefetch("variants", queryset=variants))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_set_prices_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(price_sheet.CHANGE)

    def view_on_site(self, obj: Product) -> str:
        """What is not on sale is shown there as a preview, to staff only."""
        return obj.get_absolute_url()

    def save_model(self, request: HttpRequest, obj: Product, form: Any, change: bool) -> None:
        save_with_address(super().save_model, request, obj, form, change)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if isinstance(formset, VariantFormSet):
            formset.save_what_belongs_to_them()
        if isinstance(formset, PictureFormSet):
            formset.fetch()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        option_words.share([form.instance.pk])
        publishing.tell(Product.objects.get(pk=form.instance.pk))

    @admin.action(description="Publish the selected products", permissions=["change"])
    @transaction.atomic
    def publish(self, request: HttpRequest, products: QuerySet[Product]) -> None:
        moved, were_there = self._move(request, products, Product.Status.ACTIVE)
        said = f"{len(moved)} published"
        if were_there:
            said += f"; {len(were_there)} had been before"
        messages.success(request, f"{said}.")
        if unsold := [one.title for one in (*moved, *were_there) if not can_be_bought(one)]:
            messages.warning(request, f"Without a price nobody can buy {names(unsold)}.")

    @admin.action(description="Archive the selected products", permissions=["change"])
    @transaction.atomic
    def archive(self, request: HttpRequest, products: QuerySet[Product]) -> None:
        moved, were_there = self._move(request, products, Product.Status.ARCHIVED)
        said = f"{len(moved)} archived; customers no longer see them"
        if were_there:
            said += f". {len(were_there)} had been before"
        messages.success(request, f"{said}.")

    def _move(
        self, request: HttpRequest, products: QuerySet[Product], status: Product.Status
    ) -> tuple[list[Product], list[Product]]:
        """Those that were moved to this status, and those that had it already."""
        chosen = list(products.order_by("pk"))
        moved = [product for product in chosen if product.status != status]
        were_there = [product for product in chosen if product.status == status]
        verb, said = publishing.archive, "Archived."
        if status == Product.Status.ACTIVE:
            verb, said = publishing.publish, "Published."
        verb(*moved)
        LogEntry.objects.log_actions(request.user.pk, moved, CHANGE, said)  # type: ignore[arg-type]
        return moved, were_there

    @admin.action(description="Set prices of the selected products", permissions=["set_prices"])
    def set_prices(self, request: HttpRequest, products: QuerySet[Product]) -> HttpResponse:
        ids = list(products.order_by("pk").values_list("pk", flat=True))
        if len(ids) > price_sheet.MOST_PRODUCTS:
            messages.warning(request, f"Only the first {price_sheet.MOST_PRODUCTS} are here.")
        some = ",".join(str(pk) for pk in ids[: price_sheet.MOST_PRODUCTS])
        return redirect(f"{reverse('admin:edit_prices')}?products={some}")

    @admin.display(description="status", ordering="status")
    def shown(self, product: Product) -> str:
        if product.status == Product.Status.DRAFT and product.publish_at:
            return f"draft until {localtime(product.publish_at):%-d %b %Y %H:%M %Z}"
        return str(product.get_status_display()).lower()

    @admin.display(description="old addresses")
    def old_addresses(self, product: Product) -> str:
        return old_addresses(product)

    @admin.display(description="variants")
    def variant_count(self, product: Product) -> int:
        return len(product.variants.all())

    @admin.display
    def price(self, product: Product) -> str:
        return prices_in_words(product.variants.all())

    @admin.display
    def available(self, product: Product) -> int:
        stocks = [getattr(variant, "stock", None) for variant in product.variants.all()]
        return sum(stock.available for stock in stocks if stock)

    @admin.display(description="at Stripe")
    def stripe(self, product: Product) -> SafeString:
        return at_stripe(product.variants.all(), f"variant__product__id__exact={product.pk}")


@admin.register(CatalogSync)
class CatalogSyncAdmin(WorkAdmin):
    list_display = ("created_at", "kind", "sku", "price", "status", "result", "error")
    list_filter = ("status", "kind")
    list_select_related = ("variant", "price")
    search_fields = ("variant__sku", "variant__product__title")

    def lookup_allowed(self, lookup: str, value: Any, request: Any = None) -> bool:
        # The list of products leads to the rows of one product.
        return lookup == "variant__product__id__exact" or super().lookup_allowed(
            lookup, value, request
        )

    @admin.display(description="SKU", ordering="variant__sku")
    def sku(self, row: CatalogSync) -> str:
        return row.variant.sku

    @admin.display(description="last error")
    def error(self, row: CatalogSync) -> str:
        return row.last_error


def add_pages(site: ShopAdminSite) -> None:
    """Give the staff site the sheet of prices."""
    site.add_page("prices/", price_sheet.page, name="edit_prices", permission=price_sheet.VIEW)


admin.site.register(Category, CategoryAdmin)
admin.site.register(Price, PriceAdmin)
admin.site.register(Stock, StockAdmin)
admin.site.register(StockMovement, StockMovementAdmin)
add_pages(cast(ShopAdminSite, admin.site))
