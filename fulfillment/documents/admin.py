"""Documents on the staff site: to find and to open."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from fulfillment.documents.models import Document
from shop.staff.read_only import ReadOnlyAdmin


@admin.register(Document)
class DocumentAdmin(ReadOnlyAdmin):
    """Nobody edits them: the database would refuse it."""

    list_display = ["number", "kind", "shown_total", "order", "issued_at", "opened"]
    list_filter = ("kind", "year", "issued_at")
    search_fields = ["number", "order__number", "order__email"]
    list_select_related = ["order"]
    readonly_fields = ["opened"]
    # The page shows it as the customer reads it.
    exclude = ["content"]
    ordering = ["-issued_at", "-sequence"]
    show_full_result_count = False

    @admin.display(description="total", ordering="total")
    def shown_total(self, document: Document) -> str:
        return str(document.money)

    @admin.display(description="to read and print")
    def opened(self, document: Document) -> SafeString:
        return format_html('<a href="{}">Open</a>', document.get_absolute_url())
