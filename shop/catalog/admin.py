"""The catalog in the admin: products with their variants, categories, stock and its history.

Prices are replaced, never edited; stock is shown here and changed by delta elsewhere; what was ever
offered is archived, not deleted.
"""

from typing import TYPE_CHECKING, Any

from django.contrib import admin, messages
from django.db.models import Count, F, Prefetch, QuerySet
from django.http import HttpRequest

from shop.admin_rows import AnyAdmin, ReadOnlyAdmin, WorkAdmin
from shop.catalog import publishing, search, sync_admin  # noqa: F401
from shop.catalog.admin_forms import VariantForm, VariantFormSet
from shop.catalog.models import (
    CatalogSync,
    Category,
    Image,
    Price,
    Product,
    Stock,
    StockMovement,
    Variant,
)

# Django's own class takes no type arguments; its stubs want them.
if TYPE_CHECKING:
    VariantRows = admin.StackedInline[Variant, Product]
    ImageRows = admin.TabularInline[Image, Product]
else:
    VariantRows = admin.StackedInline
    ImageRows = admin.TabularInline

LOW_STOCK = 5


class VariantInline(VariantRows):
    model = Variant
    form = VariantForm
    formset = VariantFormSet
    extra = 0
    can_delete = False
    readonly_fields = ("price_now", "stock_now", "at_stripe")
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("sku", "option_values", "is_active"),
                    ("price_now", "new_price"),
                    ("stock_now", "at_stripe"),
                    ("image", "position", "grams"),
                    ("requires_shipping", "tax_code"),
                ]
            },
        )
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Variant]:
        return with_state(super().get_queryset(request)).select_related("product")

    @admin.display(description="price")
    def price_now(self, variant: Variant) -> str:
        return prices_in_words([variant]) or "none yet"

    @admin.display(description="stock")
    def stock_now(self, variant: Variant) -> str:
        stock = getattr(variant, "stock", None)
        if stock is None:
            return "none yet"
        return f"{stock.on_hand} on hand, {stock.reserved} reserved, {stock.available} available"

    @admin.display(description="at Stripe")
    def at_stripe(self, variant: Variant) -> str:
        return sync_in_words([variant])


class ImageInline(ImageRows):
    model = Image
    extra = 0
    fields = ("source", "alt", "position")
    readonly_fields = ("source",)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Product)
class ProductAdmin(AnyAdmin):
    list_display = ("title", "category", "status", "variant_count", "price", "available", "stripe")
    list_filter = ("status", ("category", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("category",)
    list_per_page = 50
    search_fields = ("title", "slug", "vendor", "variants__sku")
    search_help_text = "Title, address, vendor or SKU"
    show_full_result_count = False
    ordering = ("title", "id")
    prepopulated_fields = {"slug": ("title",)}
    fields = (
        ("title", "slug"),
        ("category", "vendor"),
        "status",
        "description",
        "tags",
        "option_names",
    )
    inlines = (VariantInline, ImageInline)
    actions = ("publish", "archive")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Product]:
        products: QuerySet[Product] = super().get_queryset(request)
        variants = with_state(Variant.objects.all())
        return products.prefetch_related(Prefetch("variants", queryset=variants))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        super().save_formset(request, form, formset, change)
        if isinstance(formset, VariantFormSet):
            formset.save_what_belongs_to_them()

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        publishing.tell(Product.objects.get(pk=form.instance.pk))

    @admin.action(description="Publish the selected products", permissions=["change"])
    def publish(self, request: HttpRequest, products: QuerySet[Product]) -> None:
        for product in products:
            publishing.publish(product)
            self.log_change(request, product, "Published.")
        messages.success(request, f"{len(products)} published.")

    @admin.action(description="Archive the selected products", permissions=["change"])
    def archive(self, request: HttpRequest, products: QuerySet[Product]) -> None:
        for product in products:
            publishing.archive(product)
            self.log_change(request, product, "Archived.")
        messages.success(request, f"{len(products)} archived; customers no longer see them.")

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
    def stripe(self, product: Product) -> str:
        return sync_in_words(product.variants.all())


@admin.register(Category)
class CategoryAdmin(AnyAdmin):
    list_display = ("name", "slug", "position", "product_count")
    list_editable = ("position",)
    search_fields = ("name",)
    prepopulated_fields = {"slug": ("name",)}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        categories: QuerySet[Category] = super().get_queryset(request)
        return categories.annotate(product_count=Count("products"))

    def save_model(self, request: HttpRequest, obj: Category, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and "name" in form.changed_data:
            for product in obj.products.prefetch_related("variants"):
                search.index(product)

    @admin.display(description="products", ordering="product_count")
    def product_count(self, category: Any) -> int:
        return int(category.product_count)


class StockLevel(admin.SimpleListFilter):
    title = "level"
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("none", "sold out"), ("low", f"{LOW_STOCK} or fewer"), ("short", "short")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Stock]) -> QuerySet[Stock]:
        left = queryset.alias(left=F("on_hand") + F("backorder") - F("reserved"))
        match self.value():
            case "none":
                return left.filter(left__lte=0)
            case "low":
                return left.filter(left__lte=LOW_STOCK)
            case "short":
                return queryset.filter(shortage__gt=0)
        return queryset


@admin.register(Stock)
class StockAdmin(ReadOnlyAdmin):
    """Counts only; they are changed by delta with a reason, where the orders hit are shown."""

    list_display = ("sku", "variant", "on_hand", "reserved", "available", "backorder", "shortage")
    list_filter = (StockLevel,)
    list_select_related = ("variant__product",)
    ordering = ("variant__sku",)
    search_fields = ("variant__sku", "variant__product__title")
    show_full_result_count = False
    fields = ("sku", "variant", "on_hand", "reserved", "available", "backorder", "shortage")
    readonly_fields = ("sku", "available")

    @admin.display(description="SKU", ordering="variant__sku")
    def sku(self, stock: Stock) -> str:
        return stock.variant.sku


@admin.register(StockMovement)
class StockMovementAdmin(ReadOnlyAdmin):
    list_display = ("at", "sku", "kind", "quantity", "reason", "cause_kind", "actor_name")
    list_filter = ("kind", "cause_kind", "at")
    list_select_related = ("stock__variant__product",)
    ordering = ("-at", "-id")
    search_fields = ("stock__variant__sku", "cause_id", "reason", "actor_name")
    search_help_text = "SKU, cause, reason or person"
    show_full_result_count = False

    @admin.display(description="SKU", ordering="stock__variant__sku")
    def sku(self, movement: StockMovement) -> str:
        return movement.stock.variant.sku


@admin.register(CatalogSync)
class CatalogSyncAdmin(WorkAdmin):
    list_display = ("created_at", "kind", "sku", "price", "status", "outcome", "error")
    list_filter = ("status", "kind")
    list_select_related = ("variant", "price")
    search_fields = ("variant__sku", "variant__product__title")

    @admin.display(description="SKU", ordering="variant__sku")
    def sku(self, row: CatalogSync) -> str:
        return row.variant.sku

    @admin.display(description="last error")
    def error(self, row: CatalogSync) -> str:
        return row.last_error


def with_state(variants: QuerySet[Variant]) -> QuerySet[Variant]:
    """Variants with stock, current prices and unfinished syncs, in three queries."""
    unfinished = CatalogSync.objects.exclude(status=CatalogSync.Status.DONE)
    return variants.select_related("stock").prefetch_related(
        Prefetch("prices", queryset=Price.objects.current().order_by("currency")),
        Prefetch("syncs", queryset=unfinished),
    )


def prices_in_words(variants: Any) -> str:
    """As "18.00 EUR", or "18.00 – 24.00 EUR" where variants differ."""
    amounts: dict[str, list[Price]] = {}
    for price in (price for variant in variants for price in variant.prices.all()):
        amounts.setdefault(price.currency, []).append(price)
    words = []
    for prices in amounts.values():
        prices.sort(key=lambda price: price.unit_amount)
        low, high = prices[0].money, prices[-1].money
        words.append(str(high) if low == high else f"{low.decimal:f} – {high}")
    return ", ".join(words)


def sync_in_words(variants: Any) -> str:
    """What Stripe knows of the variants."""
    rows = [row for variant in variants for row in variant.syncs.all()]
    refused = [row for row in rows if row.status == CatalogSync.Status.DEAD]
    if refused:
        return f"not told: {refused[0].last_error}"
    if rows:
        return f"{len(rows)} waiting"
    known = sum(bool(variant.stripe_product_id) for variant in variants)
    return "in step" if known else "not there"
