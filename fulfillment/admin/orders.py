"""Orders, stock changes, parcels and mails on the staff site."""

import uuid
from datetime import timedelta
from typing import Any, cast

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fulfillment import shipping
from fulfillment.admin import (
    digital,
    later_charges,
    order_page,
    paid_less,
    stock_bulk,
    stock_page,
)
from fulfillment.models import Email, Preparation, Shipment
from fulfillment.troubles import standing
from payments.models import Payment
from shop import clock
from shop.catalog.admin.stock import LOW, ChangePages, StockAdmin
from shop.money import Money
from shop.orders.models import Order, OrderHold, OrderReduction, OrderTransition
from shop.staff.read_only import ReadOnlyAdmin, WorkAdmin, dead_work
from shop.staff.site import ShopAdminSite, View, Waiting

PAGES: list[tuple[str, View, str, str]] = [
    ("order/<uuid:order_id>/hold/", order_page.hold, "order_hold", order_page.CHANGE),
    (
        "order/<uuid:order_id>/hold/<int:hold_id>/close/",
        order_page.close_hold,
        "order_close_hold",
        order_page.CHANGE,
    ),
    ("order/<uuid:order_id>/paid-less/", paid_less.page, "order_paid_less", order_page.CHANGE),
    (
        "order/<uuid:order_id>/paid-less/<str:how>/",
        paid_less.say,
        "order_say_what_leaves",
        order_page.CHANGE,
    ),
    *later_charges.PAGES,
    ("order/<uuid:order_id>/cancel/", order_page.cancel, "order_cancel", order_page.CHANGE),
    ("shipment/<uuid:shipment_id>/pack/", order_page.pack, "shipment_pack", order_page.SHIP),
    ("shipment/<uuid:shipment_id>/ship/", order_page.ship, "shipment_ship", order_page.SHIP),
    (
        "shipment/<uuid:shipment_id>/deliver/",
        order_page.deliver,
        "shipment_deliver",
        order_page.SHIP,
    ),
    ("stock/<int:variant_id>/", stock_page.adjust, "adjust_stock", "catalog.adjust_stock"),
    ("digital/file/<uuid:file_id>/", digital.file_for_staff, "digital_file", digital.SEE),
    ("stock/changes/", stock_bulk.change, "change_stocks", "catalog.adjust_stock"),
]


LOST = {"status": Order.Status.CANCELLED, "cancel_reason__in": Order.LOST_TO_DEADLINE}
# No hold is kept for longer than 30 days.
LATELY = timedelta(days=45)


def lost_lately(orders: "QuerySet[Any]") -> "QuerySet[Any]":
    """Those whose money was not taken in time, placed not long ago."""
    return orders.filter(created_at__gt=clock.now() - LATELY, **LOST)


def add_pages(site: ShopAdminSite) -> None:
    """Give the staff site the pages of orders and stock, and what waits for staff there."""
    for address, view, name, permission in PAGES:
        site.add_page(address, view, name=name, permission=permission)
    site.add_waiting(
        Waiting(
            title="Orders in review",
            url_name="admin:orders_order_changelist",
            permission="orders.view_order",
            count=lambda: Order.objects.in_review().count(),
            query="?review=open",
        )
    )
    site.add_waiting(
        Waiting(
            title="Parcels to pack and ship",
            url_name="admin:fulfillment_shipment_changelist",
            permission="fulfillment.view_shipment",
            count=lambda: Shipment.objects.filter(status__in=Shipment.IN_HOUSE).count(),
            query="?status__in=open,packed",
        )
    )
    site.add_waiting(
        Waiting(
            title="Orders lost to the deadline lately",
            url_name="admin:orders_order_changelist",
            permission="orders.view_order",
            count=lambda: lost_lately(Order.objects.all()).count(),
            query="?lost=lately",
            is_trouble=True,
        )
    )
    site.add_waiting(digital.LACKING)
    site.add_alarm(standing.sentences)
    site.add_waiting(LOW)
    site.add_waiting(dead_work(Email, "Mails that could not be sent"))
    site.add_waiting(dead_work(Preparation, "Stock checks that failed for good"))


add_pages(cast(ShopAdminSite, admin.site))


StockAdmin.change_pages = ChangePages(
    one=lambda variant_id: reverse("admin:adjust_stock", args=[variant_id]),
    many=stock_bulk.address,
    at_most=stock_bulk.MOST,
)


StockAdmin.in_parcels = shipping.units_in_parcels


class ReviewFilter(admin.SimpleListFilter):
    title = "review"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("open", "In review"), ("none", "Not in review")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() in {"open", "none"}:
            return queryset.filter(held=self.value() == "open")
        return queryset


class LostFilter(admin.SimpleListFilter):
    title = "lost to the deadline"
    parameter_name = "lost"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("lately", "Lately"), ("ever", "Ever")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() == "lately":
            return lost_lately(queryset)
        return queryset.filter(**LOST) if self.value() == "ever" else queryset


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    """The list is Django's, the page is ours: every field is text, every change a verb."""

    list_display = [
        "number",
        "created_at",
        "status",
        "payment",
        "in_review",
        "shown_total",
        "email",
    ]
    list_filter = ("status", ReviewFilter, LostFilter, "created_at")
    search_fields = [
        "number",
        "email",
        "name",
        "payments__stripe_payment_intent_id",
        "checkout_sessions__stripe_session_id",
    ]
    ordering = ["-created_at", "-id"]
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        payments = Payment.objects.filter(order=OuterRef("pk"), purpose__in=Payment.OWN)
        annotated: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(
                held=Exists(OrderHold.objects.filter(order=OuterRef("pk"), closed_at=None)),
                payment_status=payments.order_by("-created_at").values("status")[:1],
            )
        )
        return annotated

    @admin.display(description="payment", empty_value="none yet")
    def payment(self, order: Any) -> str | None:
        status = order.payment_status
        return Payment.Status(status).label if status else None

    @admin.display(description="in review", empty_value="–")
    def in_review(self, order: Any) -> str | None:
        return "in review" if order.held else None

    @admin.display(description="total", ordering="total")
    def shown_total(self, order: Order) -> str:
        return str(Money(order.subtotal if order.total is None else order.total, order.currency))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            return super().change_view(request, object_id, form_url, extra_context)
        try:
            return order_page.page(request, uuid.UUID(object_id))
        except ValueError as error:
            raise Http404 from error


@admin.register(OrderTransition, OrderHold, OrderReduction)
class OrderHistoryAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "order"]
    search_fields = ["order__number"]
    list_select_related = ["order"]
    ordering = ["-pk"]
    show_full_result_count = False


@admin.register(Shipment)
class ShipmentAdmin(ReadOnlyAdmin):
    list_display = ["order_page", "status", "carrier", "tracking_number", "created_at"]
    # What is done with a parcel is done on the page of its order; its own row is only to read.
    list_display_links = ["status"]
    list_filter = ("status",)
    search_fields = ["order__number", "tracking_number"]
    list_select_related = ["order"]
    ordering = ["created_at"]

    @admin.display(description="order", ordering="order__number")
    def order_page(self, shipment: Shipment) -> SafeString:
        address = reverse("admin:orders_order_change", args=[shipment.order_id])
        return format_html('<a href="{}">{}</a>', address, shipment.order)

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest | None = None) -> bool:
        return lookup == "status__in" or super().lookup_allowed(lookup, value, request)  # type: ignore[arg-type]


@admin.register(Email)
class EmailAdmin(WorkAdmin):
    list_display = [
        "created_at",
        "template",
        "status",
        "result",
        "order",
        "attempts",
        "last_error",
    ]
    list_filter = ("status", "template")
    search_fields = ["order__number", "order__email"]
    list_select_related = ["order"]


@admin.register(Preparation)
class PreparationAdmin(WorkAdmin):
    list_display = ["created_at", "order", "status", "result", "attempts", "last_error"]
    search_fields = ["order__number"]
    list_select_related = ["order"]
