"""Who asked for the link to an order, as staff see it."""

from typing import cast

from django.contrib import admin

from fulfillment.order_links.models import OrderLink
from shop.staff.read_only import WorkAdmin, dead_work
from shop.staff.site import ShopAdminSite


@admin.register(OrderLink)
class OrderLinkAdmin(WorkAdmin):
    """For somebody on the telephone who waits for the mail: what came of it."""

    list_display = ["created_at", "email", "number", "status", "result", "last_error"]
    search_fields = ["email", "number"]
    date_hierarchy = "created_at"


cast(ShopAdminSite, admin.site).add_waiting(
    dead_work(OrderLink, "Links to orders that could not be sent")
)
