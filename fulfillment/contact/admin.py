"""What people wrote, as staff see it."""

from typing import cast

from django.contrib import admin

from fulfillment.contact.models import ContactMessage
from shop.staff.read_only import WorkAdmin, dead_work
from shop.staff.site import ShopAdminSite


@admin.register(ContactMessage)
class ContactMessageAdmin(WorkAdmin):
    """Kept here too, should a mail be lost."""

    list_display = ["created_at", "email", "order_number", "status", "result", "last_error"]
    search_fields = ["email", "order_number", "text"]
    date_hierarchy = "created_at"


cast(ShopAdminSite, admin.site).add_waiting(
    dead_work(ContactMessage, "Messages to the shop that could not be sent on")
)
