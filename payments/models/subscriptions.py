"""Subscriptions as Stripe tells them: what renews, and the invoice of each of its periods."""

import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Max, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone

from payments.models.customers import Customer
from payments.models.payments import Payment
from payments.models.sessions import CheckoutSession
from shop.catalog.models import Price, Variant
from shop.money import Money
from shop.orders.models import Order
from shop.orders.models.numbers import new_token
from shop.transitions import guarded


@guarded
class Subscription(models.Model):
    """What a customer gets, and pays, again and again. Written by settle only.

    Its goods go where the first order went, by the way of delivery that was chosen then.
    """

    class Status(models.TextChoices):
        """Stripe's own words."""

        INCOMPLETE = "incomplete"
        INCOMPLETE_EXPIRED = "incomplete_expired"
        TRIALING = "trialing"
        ACTIVE = "active"
        PAST_DUE = "past_due"
        UNPAID = "unpaid"
        PAUSED = "paused"
        CANCELED = "canceled"

    # Which goods are due, or may become due again by a payment alone.
    LIVE: ClassVar[list[str]] = [
        Status.INCOMPLETE,
        Status.TRIALING,
        Status.ACTIVE,
        Status.PAST_DUE,
        Status.UNPAID,
        Status.PAUSED,
    ]
    # Stripe moves them as cards are declined, mended and trials end; only two are for ever.
    COMES_FROM = {
        Status.INCOMPLETE: [],
        Status.INCOMPLETE_EXPIRED: [Status.INCOMPLETE],
        Status.TRIALING: [Status.INCOMPLETE, Status.ACTIVE, Status.PAUSED],
        Status.ACTIVE: [
            Status.INCOMPLETE,
            Status.TRIALING,
            Status.PAST_DUE,
            Status.UNPAID,
            Status.PAUSED,
        ],
        Status.PAST_DUE: [Status.TRIALING, Status.ACTIVE, Status.UNPAID],
        Status.UNPAID: [Status.TRIALING, Status.ACTIVE, Status.PAST_DUE],
        Status.PAUSED: [Status.TRIALING, Status.ACTIVE],
        Status.CANCELED: LIVE,
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    account = models.CharField(max_length=80)
    stripe_subscription_id = models.CharField(max_length=255)
    status = models.CharField(max_length=18, choices=Status.choices, default=Status.INCOMPLETE)
    customer = models.ForeignKey(
        Customer, models.SET_NULL, null=True, blank=True, related_name="subscriptions"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="subscriptions",
    )
    # The page on which it was bought; its order is that of the first period.
    session = models.ForeignKey(
        CheckoutSession, models.SET_NULL, null=True, blank=True, related_name="subscriptions"
    )
    currency = models.CharField(max_length=3)
    email = models.EmailField(max_length=512, blank=True)
    name = models.CharField(max_length=255, blank=True)
    phone = models.CharField(max_length=50, blank=True)
    language = models.CharField(max_length=10, default=settings.LANGUAGE_CODE)
    billing_address = models.JSONField(default=dict, blank=True)
    shipping_address = models.JSONField(default=dict, blank=True)
    # The way of delivery of every period, as the session kept it: {"method", "name", "amount",
    # "min_days", "max_days"}; empty when nothing is sent.
    delivery = models.JSONField(default=dict, blank=True, editable=False)
    stripe_payment_method_id = models.CharField(max_length=255, blank=True, default="")
    period_start = models.DateTimeField(null=True, blank=True)
    period_end = models.DateTimeField(null=True, blank=True)
    trial_end = models.DateTimeField(null=True, blank=True)
    cancel_at_period_end = models.BooleanField(default=False)
    cancel_at = models.DateTimeField(null=True, blank=True)
    canceled_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    # While its invoices are not collected (Stripe's pause_collection): void, keep_as_draft,
    # mark_uncollectible; empty otherwise. Nothing is sent then.
    paused_by = models.CharField(max_length=20, blank=True, default="")
    resumes_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # When the read began that was applied last, by the database's clock: an older one gives way.
    read_at = models.DateTimeField(null=True, blank=True, editable=False)
    # When the sweep looks, though nobody has told of anything (business time); null: never again.
    next_look_at = models.DateTimeField(null=True, blank=True, editable=False, db_default=Now())

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "stripe_subscription_id"], name="stripe_subscription_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_look_at"],
                name="subscription_next_look",
                condition=Q(next_look_at__isnull=False),
            ),
            models.Index(fields=["status", "period_end"], name="subscription_by_next_date"),
        ]

    def __str__(self) -> str:
        return self.stripe_subscription_id

    @property
    def is_over(self) -> bool:
        """Whether it never renews again."""
        return self.status not in self.LIVE

    @property
    def paid_until(self) -> datetime | None:
        """The end of the last period that was paid (business time); None where none was."""
        paid = self.invoices.filter(status=SubscriptionInvoice.Status.PAID)
        until: datetime | None = paid.aggregate(until=Max("period_end"))["until"]
        return until

    @property
    def address(self) -> str:
        """Its page for whoever has the secret address, as it is mailed."""
        return reverse("payments:guest_subscription", args=[self.token])


class SubscriptionItem(models.Model):
    """One thing of a subscription, and what it costs each time; delivery has an item of its own."""

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="items")
    stripe_item_id = models.CharField(max_length=255)
    variant = models.ForeignKey(Variant, models.SET_NULL, null=True, blank=True, related_name="+")
    # The catalog's; none for delivery, and for what was put in at Stripe by hand.
    price = models.ForeignKey(Price, models.SET_NULL, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=250)
    unit_amount = models.BigIntegerField(help_text="Whole minor units, each time.")
    quantity = models.PositiveIntegerField(default=1)
    interval = models.CharField(max_length=5, choices=Price.Interval.choices)
    interval_count = models.PositiveSmallIntegerField(default=1)
    is_delivery = models.BooleanField(default=False)

    class Meta:
        ordering = ["is_delivery", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["subscription", "stripe_item_id"], name="stripe_subscription_item_once"
            ),
            models.CheckConstraint(
                name="subscription_item_is_not_negative",
                condition=Q(unit_amount__gte=0, interval_count__gte=1),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title}"

    @property
    def money(self) -> Money:
        """What all its units cost each time."""
        return Money(self.unit_amount * self.quantity, self.subscription.currency)


class SubscriptionInvoice(models.Model):
    """Stripe's invoice of one period, and the one order that it made. Written by settle only."""

    class Status(models.TextChoices):
        """Stripe's own words."""

        DRAFT = "draft"
        OPEN = "open"
        PAID = "paid"
        VOID = "void"
        UNCOLLECTIBLE = "uncollectible"

    class NoOrder(models.TextChoices):
        """Why it made no order though it is paid."""

        NOTHING_DUE = "nothing_due", "nothing was due"
        PRORATION = "proration", "it only evens out a change"
        NO_GOODS = "no_goods", "nothing in it is sold here any more"
        SOLD_OUT = "sold_out", "sold out; the period was credited"

    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="invoices")
    account = models.CharField(max_length=80)
    stripe_invoice_id = models.CharField(max_length=255)
    number = models.CharField(max_length=80, blank=True)
    billing_reason = models.CharField(max_length=40, help_text="subscription_cycle, …")
    status = models.CharField(max_length=14, choices=Status.choices)
    currency = models.CharField(max_length=3)
    amount_due = models.BigIntegerField(default=0)
    amount_paid = models.BigIntegerField(default=0)
    period_start = models.DateTimeField(null=True, blank=True)
    period_end = models.DateTimeField(null=True, blank=True)
    # Stripe's own pages: where it can be paid, and as a document.
    hosted_url = models.URLField(max_length=2000, blank=True)
    pdf_url = models.URLField(max_length=2000, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    payment = models.OneToOneField(
        Payment, models.SET_NULL, null=True, blank=True, related_name="subscription_invoice"
    )
    order = models.OneToOneField(
        Order, models.SET_NULL, null=True, blank=True, related_name="subscription_invoice"
    )
    no_order = models.CharField(max_length=12, choices=NoOrder.choices, blank=True, default="")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "stripe_invoice_id"], name="stripe_subscription_invoice_once"
            ),
            models.CheckConstraint(
                name="invoice_has_an_order_or_a_reason_for_none",
                condition=Q(order=None) | Q(no_order=""),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.stripe_invoice_id

    @property
    def is_renewal(self) -> bool:
        """Whether it is of a later period than that of the page on which it began."""
        return self.billing_reason != "subscription_create"

    @property
    def paid(self) -> Money:
        return Money(self.amount_paid, self.currency)

    @property
    def due(self) -> Money:
        return Money(self.amount_due, self.currency)
