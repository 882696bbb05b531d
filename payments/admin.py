"""Payments on the staff site: the capture queue, and every row behind it to read."""

from typing import Any, cast

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from payments import stripe_requests
from payments.capture_queue import bulk, pages, queue
from payments.models import (
    CheckoutSession,
    Customer,
    DiscountSync,
    Dispute,
    LaterCharge,
    MoneyAction,
    MoneyEntry,
    Payment,
    PortalConfiguration,
    Refund,
    RiskSign,
    SavedMethod,
    StripeRequest,
    TaxRateSync,
    WebhookEvent,
)
from shop import work
from shop.money import Money
from shop.staff.read_only import ReadOnlyAdmin, WorkAdmin, dead_work
from shop.staff.site import ShopAdminSite, View, Waiting

SEE = "payments.view_payment"
CAPTURE = "payments.capture_payment"


PAGES: list[tuple[str, View, str, str]] = [
    ("", pages.queue_page, "capture_queue", SEE),
    ("bulk/", bulk.preview, "capture_bulk", CAPTURE),
    ("bulk/start/", bulk.start, "capture_bulk_start", CAPTURE),
    ("bulk/<uuid:press_id>/", bulk.result, "capture_bulk_result", CAPTURE),
    ("<uuid:payment_id>/", pages.payment, "capture_payment", SEE),
    # These two ask for the permission of what is done: capture, release or refund.
    ("<uuid:payment_id>/<str:kind>/confirm/", pages.confirm, "capture_confirm", SEE),
    ("<uuid:payment_id>/<str:kind>/", pages.move, "capture_move", SEE),
]


def add_pages(site: ShopAdminSite) -> None:
    """The capture queue and its pages, and what the landing page says of payments."""
    for address, view, name, permission in PAGES:
        site.add_page(f"capture-queue/{address}", view, name=name, permission=permission)
    site.add_waiting(
        Waiting(
            title="Payments to capture",
            url_name="admin:capture_queue",
            permission=SEE,
            count=queue.number_waiting,
            everywhere=True,
        )
    )
    site.add_waiting(dead_work(WebhookEvent, "Webhook events that failed for good"))
    site.add_waiting(dead_work(StripeRequest, "Requests to Stripe that failed for good"))


add_pages(cast(ShopAdminSite, admin.site))


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "order", "status", "shown_amount", "method", "last4", "created_at"]
    list_filter = ("status", "purpose", "method")
    search_fields = [
        "order__number",
        "order__email",
        "stripe_payment_intent_id",
        "stripe_charge_id",
    ]
    list_select_related = ["order"]
    readonly_fields = ["money_page"]
    ordering = ["-created_at"]
    show_full_result_count = False

    @admin.display(description="amount", ordering="amount")
    def shown_amount(self, payment: Payment) -> str:
        return str(Money(payment.amount, payment.currency))

    @admin.display(description="capture, release, refund")
    def money_page(self, payment: Payment) -> SafeString:
        address = reverse("admin:capture_payment", args=[payment.pk])
        return format_html('<a href="{}">Open the money page</a>', address)


@admin.register(MoneyAction)
class MoneyActionAdmin(ReadOnlyAdmin):
    """Who asked for which money movement: written once."""

    list_display = ["at", "actor_name", "kind", "shown_amount", "order", "reason", "actor_address"]
    list_filter = ("kind",)
    search_fields = ["order__number", "actor_name"]
    list_select_related = ["order"]
    show_full_result_count = False

    @admin.display(description="amount", ordering="amount")
    def shown_amount(self, action: MoneyAction) -> str:
        return str(Money(action.amount, action.currency))


@admin.register(MoneyEntry)
class MoneyEntryAdmin(ReadOnlyAdmin):
    list_display = ["at", "__str__", "payment", "stripe_object_id"]
    list_filter = ("kind",)
    search_fields = ["payment__order__number", "stripe_object_id"]
    list_select_related = ["payment"]
    ordering = ["-at"]
    show_full_result_count = False


@admin.register(Refund, Dispute)
class ToldByStripeAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "payment", "shown_amount", "status", "reason", "created_at"]
    list_filter = ("status",)
    search_fields = ["payment__order__number", "payment__stripe_payment_intent_id"]
    list_select_related = ["payment"]
    ordering = ["-created_at"]

    @admin.display(description="amount", ordering="amount")
    def shown_amount(self, row: Refund | Dispute) -> str:
        return str(Money(row.amount, row.currency))


@admin.register(RiskSign)
class RiskSignAdmin(ReadOnlyAdmin):
    list_display = ["created_at", "kind", "is_open", "detail", "payment", "stripe_object_id"]
    list_filter = ("kind", "is_open")
    search_fields = ["payment__order__number", "stripe_object_id"]
    list_select_related = ["payment"]
    ordering = ["-created_at"]


@admin.register(CheckoutSession)
class CheckoutSessionAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "order", "mode", "status", "expires_at", "created_at"]
    list_filter = ("status", "mode")
    search_fields = ["order__number", "stripe_session_id"]
    list_select_related = ["order"]
    # Whoever has the address can pay; staff need it for nothing.
    exclude = ["url", "visitor_key", "network"]
    ordering = ["-created_at"]


@admin.register(Customer)
class CustomerAdmin(ReadOnlyAdmin):
    """Only which Account a customer is at Stripe (Accounts v2) is entered here."""

    list_display = ["stripe_customer_id", "user", "account", "created_at", "gone_at"]
    search_fields = ["stripe_customer_id", "stripe_account_id", "user__email"]
    list_select_related = ["user"]
    fields = (
        "stripe_customer_id", "stripe_account_id", "user", "account",
        "stripe_default_method_id", "saved_at", "gone_at", "created_at",
    )  # fmt: skip
    readonly_fields = tuple(name for name in fields if name != "stripe_account_id")

    def has_change_permission(self, request: HttpRequest, *_: Any) -> bool:
        return request.user.has_perm("payments.change_customer")


@admin.register(SavedMethod)
class SavedMethodAdmin(ReadOnlyAdmin):
    """What is kept at Stripe for whom, and what they agreed to."""

    list_display = [
        "__str__", "customer", "type", "brand", "last4", "status", "set_up_by", "consent_at",
    ]  # fmt: skip
    list_filter = ("status", "set_up_by", "type")
    search_fields = [
        "stripe_payment_method_id",
        "customer__stripe_customer_id",
        "customer__user__email",
    ]
    list_select_related = ["customer"]
    ordering = ["-created_at"]
    show_full_result_count = False


@admin.register(LaterCharge)
class LaterChargeAdmin(ReadOnlyAdmin):
    """What was owed beside orders; charged from the order's page."""

    list_display = [
        "created_at", "order", "reason", "words", "amount", "currency", "status", "actor_name",
    ]  # fmt: skip
    list_filter = ("status", "reason")
    search_fields = ["order__number", "words", "order__email"]
    list_select_related = ["order"]
    exclude = ["token"]
    ordering = ["-created_at"]
    show_full_result_count = False


@admin.register(PortalConfiguration)
class PortalConfigurationAdmin(ReadOnlyAdmin):
    list_display = ["stripe_configuration_id", "account", "created_at"]


@admin.register(StripeRequest)
class StripeRequestAdmin(WorkAdmin):
    list_display = ["created_at", "kind", "status", "result", "order", "attempts", "last_error"]
    list_filter = ("status", "kind")
    search_fields = ["order__number", "key", "stripe_request_id"]
    list_select_related = ["order"]

    @admin.action(description="Revive the selected dead rows", permissions=["revive"])
    def revive(self, request: HttpRequest, queryset: QuerySet[StripeRequest]) -> None:
        """Whoever revives a refund reads what became of the payment's others."""
        dead = queryset.filter(status=work.Work.Status.DEAD, kind=StripeRequest.Kind.REFUND)
        for refund in dead.select_related("order", "payment"):
            self.message_user(request, stripe_requests.others(refund), messages.WARNING)
        super().revive(request, queryset)


@admin.register(TaxRateSync)
class TaxRateSyncAdmin(WorkAdmin):
    list_display = ["created_at", "kind", "rate", "is_inclusive", "status", "result", "last_error"]
    list_filter = ("status", "kind")
    search_fields = ["key", "stripe_tax_rate_id"]
    list_select_related = ["rate"]


@admin.register(DiscountSync)
class DiscountSyncAdmin(WorkAdmin):
    list_display = [
        "created_at", "kind", "word", "discount", "is_live", "status", "result", "last_error",
    ]  # fmt: skip
    list_filter = ("status", "kind", "is_live")
    search_fields = ["word", "key", "stripe_id"]
    list_select_related = ["discount"]


@admin.register(WebhookEvent)
class WebhookEventAdmin(WorkAdmin):
    list_display = ["created_at", "type", "status", "result", "stripe_event_id", "attempts"]
    list_filter = ("status", "type")
    search_fields = ["stripe_event_id", "object_id", "payment_intent_id", "metadata_order"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[WebhookEvent]:
        # A payload is some 5 kB, and a list shows none of it.
        events = super().get_queryset(request)
        return events if "/change/" in request.path else events.defer("payload")
