"""How it gets there: preparing, shipping, and what the customer is told."""

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from fulfillment.contact.models import ContactMessage
from fulfillment.digital.models import DigitalDelivery
from fulfillment.documents.models import Document, DocumentCounter
from fulfillment.order_links.models import OrderLink
from fulfillment.restock.models import BackInStock, StockAlert
from fulfillment.subscriptions.models import SubscriptionMail
from shop.orders.models import Order, OrderLine, OrderTransition
from shop.transitions import guarded
from shop.work import Work

# Django finds an app's models here.
__all__ = [
    "BackInStock",
    "ContactMessage",
    "DigitalDelivery",
    "Document",
    "DocumentCounter",
    "Email",
    "OrderLink",
    "Preparation",
    "Shipment",
    "ShipmentLine",
    "StockAlert",
    "SubscriptionMail",
    "Trouble",
]


class Preparation(Work):
    """The stock check of one confirmation: take the units, then ask for the money by policy."""

    TASK: ClassVar[str] = "fulfillment.prepare_order"
    DRAIN_TASK: ClassVar[str] = "fulfillment.drain_preparations"
    QUEUE: ClassVar[str] = "money"

    order = models.ForeignKey(Order, models.CASCADE, related_name="preparations")
    # The confirmation it belongs to: one stock check per confirmation.
    transition = models.OneToOneField(OrderTransition, models.CASCADE, related_name="preparation")

    class Meta(Work.Meta):
        constraints: ClassVar[list[Any]] = [*Work.Meta.constraints]

    def __str__(self) -> str:
        return f"Preparation of {self.order_id}"


@guarded
class Shipment(models.Model):
    """One parcel: opened when the money is there, packed, shipped with tracking, delivered."""

    class Status(models.TextChoices):
        OPEN = "open"
        PACKED = "packed"
        SHIPPED = "shipped"
        DELIVERED = "delivered"
        CANCELLED = "cancelled"

    COMES_FROM = {
        Status.OPEN: [],
        Status.PACKED: [Status.OPEN],
        Status.SHIPPED: [Status.OPEN, Status.PACKED],
        Status.DELIVERED: [Status.SHIPPED],
        Status.CANCELLED: [Status.OPEN, Status.PACKED],
    }

    IN_HOUSE = [Status.OPEN, Status.PACKED]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, models.CASCADE, related_name="shipments")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    carrier = models.CharField(max_length=60, blank=True)
    tracking_number = models.CharField(max_length=100, blank=True)
    tracking_url = models.URLField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    shipped_at = models.DateTimeField(null=True, blank=True)
    shipped_by = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["created_at", "id"]
        permissions = [("ship_order", "Can pack and ship orders")]
        constraints = [
            # Parcels of a split order come one after the other: the next opens when this is gone.
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(status__in=["open", "packed"]),
                name="one_open_shipment_per_order",
            ),
        ]

    def __str__(self) -> str:
        return f"Shipment of {self.order}"


class ShipmentLine(models.Model):
    """How many units of an order line travel in a shipment."""

    shipment = models.ForeignKey(Shipment, models.CASCADE, related_name="lines")
    order_line = models.ForeignKey(OrderLine, models.CASCADE, related_name="shipment_lines")
    quantity = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["shipment", "order_line"], name="one_shipment_line_per_order_line"
            ),
            models.CheckConstraint(
                name="shipped_quantity_is_positive", condition=Q(quantity__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.order_line.title}"


class Email(Work):
    """One mail to a customer: once per template and the thing it is about."""

    class Template(models.TextChoices):
        RECEIVED = "received", "Received, not yet charged"
        CONFIRMED = "confirmed", "Confirmed and charged"
        PROCESSING = "processing", "Payment is under way"
        VOUCHER = "voucher", "How to pay the voucher"
        VOUCHER_ENDS = "voucher_ends", "The voucher ends"
        PAYMENT_FAILED = "payment_failed", "Payment failed"
        RECOVERY = "recovery", "Reminder of an order left unpaid"
        CANCELLED = "cancelled", "Cancelled"
        OUT_OF_STOCK = "out_of_stock", "Cancelled: out of stock"
        TRIAL = "trial", "The trial of a subscription has begun"
        SHIPPED = "shipped", "Shipped"
        REFUNDED = "refunded", "Refunded"
        REFUND_FAILED = "refund_failed", "Refund failed"
        KEYS = "keys", "License keys that were missing"
        LATER_CHARGED = "later_charged", "Charged later"
        LATER_ASKED = "later_asked", "Not charged later: please pay"

    TASK: ClassVar[str] = "fulfillment.send_email"
    DRAIN_TASK: ClassVar[str] = "fulfillment.drain_emails"
    QUEUE: ClassVar[str] = "mail"
    SLOWEST_RETRY: ClassVar[timedelta] = timedelta(hours=1)
    # With at most an hour between two tries: about a day.
    MAX_ATTEMPTS: ClassVar[int] = 60

    template = models.CharField(max_length=20, choices=Template.choices)
    order = models.ForeignKey(Order, models.CASCADE, related_name="emails")
    # The order; for "shipped" the shipment; for "refunded" and "refund_failed" the refund; for what
    # may happen at each try to pay, that try; for what is owed besides, that claim.
    about = models.UUIDField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta(Work.Meta):
        constraints: ClassVar[list[Any]] = [
            *Work.Meta.constraints,
            models.UniqueConstraint(fields=["template", "about"], name="one_mail_per_occasion"),
        ]

    def __str__(self) -> str:
        return f"{self.template} for {self.order_id}"


class Trouble(models.Model):
    """What keeps the shop from working, one row per kind: what is so, since when, who was told."""

    class Kind(models.TextChoices):
        WORKERS = "worker", "No worker answers"
        BEAT = "bell", "Beat does not ring"
        SWEEP = "sweep", "The sweep does not come round"
        KEY = "key", "Stripe refuses the key"
        WEBHOOKS = "webhooks", "Webhooks do not come"
        HOLDS = "holds", "Held money is about to be given up"
        KEYS = "keys", "License keys have run out"

    kind = models.CharField(max_length=12, choices=Kind.choices, primary_key=True)
    said = models.TextField(blank=True)
    since = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.get_kind_display()
