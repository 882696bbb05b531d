"""Stock and its history in the admin: shown here, changed by delta elsewhere."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Exists, Expression, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString

from shop.catalog.models import Product, Stock, StockMovement
from shop.catalog.storefront.offers import LOW_STOCK
from shop.staff.read_only import ReadOnlyAdmin
from shop.staff.site import Waiting

LEFT = F("on_hand") + F("backorder") - F("reserved")
IS_LOW = Q(left__lte=Coalesce(F("variant__low_stock_threshold"), LOW_STOCK))
# Of what is on sale: nobody has to order again what is no longer sold.
ON_SALE = Q(variant__is_active=True, variant__product__status=Product.Status.ACTIVE)
LEVELS = {
    "none": ("sold out", Q(left__lte=0)),
    "low": (f"on sale, low ({LOW_STOCK} or fewer, or as set)", ON_SALE & IS_LOW),
    "20": ("on sale, 20 or fewer", ON_SALE & Q(left__lte=20)),
    "100": ("on sale, 100 or fewer", ON_SALE & Q(left__lte=100)),
    "short": ("short", Q(shortage__gt=0)),
}


def low() -> QuerySet[Stock]:
    """What is on sale and nearly gone."""
    return Stock.objects.alias(left=LEFT).filter(LEVELS["low"][1])


LOW = Waiting(
    title="Things sold out or nearly",
    url_name="admin:catalog_stock_changelist",
    permission="catalog.view_stock",
    count=lambda: low().count(),
    query="?level=low",
)


class ProductStock(admin.SimpleListFilter):
    """Products of which some variant that is sold is low or gone."""

    title = "stock"
    parameter_name = "stock"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("low", "Low"), ("none", "Sold out")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Product]) -> QuerySet[Product]:
        if self.value() not in ("low", "none"):
            return queryset
        level = IS_LOW if self.value() == "low" else Q(left__lte=0)
        sold = Stock.objects.alias(left=LEFT).filter(level, variant__is_active=True)
        return queryset.filter(Exists(sold.filter(variant__product=OuterRef("pk"))))


class StockLevel(admin.SimpleListFilter):
    title = "level"
    parameter_name = "level"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(level, words) for level, (words, _) in LEVELS.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Stock]) -> QuerySet[Stock]:
        level = LEVELS.get(self.value() or "")
        return queryset.filter(level[1]) if level else queryset


@dataclass(frozen=True)
class ChangePages:
    """Where staff change counts: of one variant, and of several with at most so many at once."""

    one: Callable[[int], str]
    many: Callable[[Iterable[int]], str]
    at_most: int


def in_words(stock: Stock, in_parcels: int) -> str:
    """What stands on the shelf and what of it is free, as "12 on the shelf: 9 free, 3 …"."""
    here = max(stock.on_hand, 0)
    for_orders = min(stock.reserved, here)
    parts = {
        "free": here - for_orders,
        "for orders under way": for_orders,
        "set aside for parcels": in_parcels,
    }
    shelf = f"{max(stock.on_hand + in_parcels, 0)} on the shelf"
    if for_orders or in_parcels:
        shelf += ": " + ", ".join(f"{units} {words}" for words, units in parts.items() if units)
    further = {
        "promised beyond that": stock.reserved - for_orders,
        "may still be sold beyond that": stock.available - parts["free"],
    }
    beyond = [f"{units} {words}" for words, units in further.items() if units > 0]
    return "; ".join([shelf, *beyond])


class StockAdmin(ReadOnlyAdmin):
    """Counts only; they are changed by delta with a reason, where the orders hit are shown."""

    # An upper app sets it: which orders a change hits is above the catalog.
    change_pages: ClassVar[ChangePages | None] = None
    # It, too: how many units were taken for orders and wait for their parcel; the name given is
    # that of the variant's column.
    in_parcels: ClassVar[Callable[[str], Expression] | None] = None
    actions = ("change_by_delta",)

    list_display = (
        "sku", "variant", "shelf", "free", "aside", "backorder", "shortage",
    )  # fmt: skip
    list_filter = (StockLevel,)
    list_select_related = ("variant__product",)
    search_fields = ("variant__sku", "variant__product__title")
    search_help_text = "SKU or title"
    show_full_result_count = False
    fields = ("sku", "variant", "now", "on_hand", "reserved", "available", "backorder", "shortage")
    readonly_fields = ("sku", "now", "available")

    def get_list_display(self, request: HttpRequest) -> tuple[Any, ...]:
        shown = tuple(super().get_list_display(request))
        return (*shown, "adjust") if self.has_adjust_permission(request) else shown

    def has_adjust_permission(self, request: HttpRequest) -> bool:
        return self.change_pages is not None and request.user.has_perm("catalog.adjust_stock")

    @admin.action(description="Change the selected by …", permissions=["adjust"])
    def change_by_delta(self, request: HttpRequest, stocks: QuerySet[Stock]) -> HttpResponse:
        assert self.change_pages is not None  # noqa: S101 - without them nobody has the permission
        ids = stocks.order_by("pk").values_list("variant_id", flat=True)
        # One more than fit, so that the page says that some are left out.
        return redirect(self.change_pages.many(ids[: self.change_pages.at_most + 1]))

    @admin.display(description="change")
    def adjust(self, stock: Stock) -> SafeString:
        assert self.change_pages is not None  # noqa: S101 - without them the column is not shown
        address = self.change_pages.one(stock.variant_id)
        return format_html('<a href="{}">Change by …</a>', address)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Stock]:
        stocks: QuerySet[Stock] = super().get_queryset(request)
        return stocks.annotate(left=LEFT, in_parcels=units_in_parcels("variant_id"))

    def get_ordering(self, request: HttpRequest) -> tuple[Any, ...]:
        """Who asks for what is low wants the lowest first."""
        return (LEFT.asc(), "variant__sku") if request.GET.get("level") else ("variant__sku",)

    @admin.display(description="SKU", ordering="variant__sku")
    def sku(self, stock: Stock) -> str:
        return stock.variant.sku

    @admin.display(description="on the shelf", ordering="on_hand")
    def shelf(self, stock: Any) -> int:
        return max(int(stock.on_hand + stock.in_parcels), 0)

    @admin.display(description="free", ordering="left")
    def free(self, stock: Stock) -> int:
        return max(stock.on_hand - stock.reserved, 0)

    @admin.display(description="set aside", ordering="reserved")
    def aside(self, stock: Any) -> int:
        """For orders that are under way, and for the parcels of those that are paid."""
        return int(min(stock.reserved, max(stock.on_hand, 0)) + stock.in_parcels)

    @admin.display(description="now")
    def now(self, stock: Any) -> str:
        return in_words(stock, stock.in_parcels)


def units_in_parcels(variant: str) -> Expression:
    """What an upper app says of it; nothing while none does."""
    return StockAdmin.in_parcels(variant) if StockAdmin.in_parcels else Value(0)


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
