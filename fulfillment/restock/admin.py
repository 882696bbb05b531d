"""Who waits for what, as staff see it."""

from typing import cast

from django.contrib import admin

from fulfillment.restock.models import BackInStock, StockAlert
from shop.staff.read_only import ReadOnlyAdmin, WorkAdmin, dead_work
from shop.staff.site import ShopAdminSite


@admin.register(StockAlert)
class StockAlertAdmin(ReadOnlyAdmin):
    """Staff may delete one for who asks for it by mail."""

    list_display = ["created_at", "variant", "email", "language", "told_at"]
    list_select_related = ["variant__product"]
    list_filter = [("told_at", admin.EmptyFieldListFilter)]
    search_fields = ["email", "variant__sku", "variant__product__title"]
    ordering = ["-created_at"]
    show_full_result_count = False

    has_delete_permission = admin.ModelAdmin.has_delete_permission


@admin.register(BackInStock)
class BackInStockAdmin(WorkAdmin):
    """Mails of what is back."""

    list_display = ["created_at", "alert", "status", "result", "attempts", "last_error"]
    list_select_related = ["alert__variant__product"]
    search_fields = ["alert__email", "alert__variant__sku"]


cast(ShopAdminSite, admin.site).add_waiting(
    dead_work(BackInStock, "Mails about what is back that could not be sent")
)
