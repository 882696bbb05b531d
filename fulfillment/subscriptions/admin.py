"""Subscriptions as staff see them: state, next date, whose, how much, what came of each period."""

from typing import Any, cast

from django.conf import settings
from django.contrib import admin
from django.db.models import F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from fulfillment.subscriptions import staff_pages
from fulfillment.subscriptions.models import SubscriptionMail
from payments.models import StripeRequest, Subscription, SubscriptionInvoice, SubscriptionItem
from payments.subscriptions.shown import shown
from shop.money import Money
from shop.staff.read_only import ReadOnlyAdmin, WorkAdmin, dead_work
from shop.staff.site import ShopAdminSite
from shop.templatetags.dates import day

# By itself, so that a search that looks into other rows counts nothing twice.
ITEMS = SubscriptionItem.objects.filter(subscription=OuterRef("pk")).order_by()
COSTS = ITEMS.values("subscription").values(sum=Sum(F("unit_amount") * F("quantity")))
ACT = "admin:subscription_act"
EACH_TIME = Coalesce(Subquery(COSTS), 0)


@admin.register(Subscription)
class SubscriptionAdmin(ReadOnlyAdmin):
    """What renews, and when; changes are asked for on pages of their own."""

    list_display = ["__str__", "status", "next_date", "email", "each_time", "created_at"]
    list_filter = ("status", "cancel_at_period_end", "paused_by", "period_end")
    search_fields = [
        "stripe_subscription_id",
        "email",
        "name",
        "user__email",
        "customer__stripe_customer_id",
        "items__title",
        "invoices__number",
        "invoices__order__number",
    ]
    ordering = ["-created_at"]
    show_full_result_count = False
    # Whoever has the secret address can change the subscription.
    exclude = ["token"]
    readonly_fields = ["each_time", "contents", "periods", "at_stripe", "to_do", "changes"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Subscription]:
        rows: QuerySet[Subscription] = super().get_queryset(request)
        return rows.annotate(costs=EACH_TIME)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """What may be done stands on top, for who may do it."""
        fields = [name for name in super().get_fields(request, obj) if name != "to_do"]
        may = request.user.has_perm(staff_pages.CHANGE)
        return ["to_do", *fields] if may and obj is not None else fields

    @admin.display(description="what can be done")
    def to_do(self, row: Subscription) -> SafeString:
        """Each leads to a page that foretells it."""
        can = staff_pages.possible(shown([row])[0])
        links = ((reverse(ACT, args=[row.pk, word]), button) for word, button in can)
        return (
            format_html_join(" · ", '<a href="{}">{}</a>', links) if can else SafeString("nothing")
        )

    @admin.display(description="changes asked for")
    def changes(self, row: Subscription) -> SafeString:
        """By whom, why, and what came of each, the newest first."""
        asked = StripeRequest.objects.filter(subscription=row).order_by("-created_at")[:20]
        told = ((day(one.created_at), _who(one), one.reason, one.standing) for one in asked)
        return format_html_join("", "<div>{}, {}: {} {}</div>", told)

    @admin.display(description="next date", ordering="period_end")
    def next_date(self, row: Subscription) -> str:
        """When it is charged next, or is over."""
        if row.is_over:
            return f"ended {day(row.ended_at)}" if row.ended_at else "ended"
        if row.cancel_at_period_end and row.period_end:
            return f"ends {day(row.period_end)}"
        if row.paused_by:
            return f"paused until {day(row.resumes_at)}" if row.resumes_at else "paused"
        return day(row.period_end) if row.period_end else ""

    @admin.display(description="each time", ordering="costs")
    def each_time(self, row: Subscription) -> str:
        return str(Money(vars(row)["costs"], row.currency))

    @admin.display(description="what renews")
    def contents(self, row: Subscription) -> SafeString:
        return format_html_join(
            "", "<div>{} × {}: {}</div>", ((i.quantity, i.title, i.money) for i in row.items.all())
        )

    @admin.display(description="periods")
    def periods(self, row: Subscription) -> SafeString:
        """Each invoice with what came of it, the newest first."""
        invoices = row.invoices.select_related("order")
        return format_html_join("", "<div>{}</div>", ((_period(one),) for one in invoices))

    @admin.display(description="at Stripe")
    def at_stripe(self, row: Subscription) -> SafeString:
        if settings.STRIPE_API_BASE != settings.STRIPE_API:
            return format_html("{}", row.stripe_subscription_id)
        mode = "" if settings.STRIPE_LIVE else "test/"
        address = f"https://dashboard.stripe.com/{mode}subscriptions/{row.stripe_subscription_id}"
        return format_html('<a href="{}">Open at Stripe</a>', address)


def _who(request: StripeRequest) -> str:
    return request.actor_name or "the customer"


def _period(invoice: SubscriptionInvoice) -> SafeString:
    told = f"{invoice}, {day(invoice.created_at)}: {invoice.status}, {invoice.due}"
    if invoice.order is not None:
        address = reverse("admin:orders_order_change", args=[invoice.order.pk])
        order = format_html('<a href="{}">{}</a>', address, f"order {invoice.order}")
        status = invoice.order.get_status_display().lower()
        refund = _refund(invoice)
        return format_html("{}; {}, {} {}", told, order, status, refund)
    if invoice.no_order:
        why, refund = invoice.get_no_order_display(), _refund(invoice)
        return format_html("{}; no order: {} {}", told, why, refund)
    return format_html("{}", told)


def _refund(invoice: SubscriptionInvoice) -> SafeString:
    """To the page of its payment: who may refund does it there, as of any order."""
    if invoice.payment_id is None:
        return SafeString("")
    address = reverse("admin:capture_payment", args=[invoice.payment_id])
    return format_html('· <a href="{}">payment and refund</a>', address)


@admin.register(SubscriptionMail)
class SubscriptionMailAdmin(WorkAdmin):
    """Mails about subscriptions."""

    list_display = ["created_at", "kind", "subscription", "status", "result", "attempts"]
    list_select_related = ["subscription"]
    list_filter = ("status", "kind")
    search_fields = ["subscription__email", "subscription__stripe_subscription_id"]


def add_pages(site: ShopAdminSite) -> None:
    """What may be done with a subscription."""
    site.add_page(
        "subscriptions/<uuid:subscription_id>/<slug:action>/",
        staff_pages.act,
        name="subscription_act",
        permission=staff_pages.CHANGE,
    )


def add_waiting(site: Any) -> None:
    """What waits for staff."""
    site.add_waiting(dead_work(SubscriptionMail, "Mails about subscriptions that failed for good"))


add_pages(cast(ShopAdminSite, admin.site))
add_waiting(cast(ShopAdminSite, admin.site))
