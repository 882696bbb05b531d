"""What a line of an order has handed out, and how often it was fetched."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from shop.catalog.models import DigitalFile
from shop.orders.models import Order, OrderLine


class DigitalDelivery(models.Model):
    """What the buyer of one line has: as it was on that day, whatever the variant gives later.

    Its keys are the LicenseKey rows that are taken for its id.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.ForeignKey(Order, models.CASCADE, related_name="digital_deliveries")
    # Once for each line, however often it is tried.
    order_line = models.OneToOneField(OrderLine, models.CASCADE, related_name="digital_delivery")
    file = models.ForeignKey(
        DigitalFile, models.PROTECT, null=True, blank=True, related_name="deliveries"
    )
    text = models.TextField(blank=True)
    keys_due = models.PositiveIntegerField(default=0)
    # Those that were not in the pool yet; they follow.
    keys_missing = models.PositiveIntegerField(default=0)
    downloads = models.PositiveIntegerField(default=0)
    downloads_allowed = models.PositiveIntegerField()
    delivered_at = models.DateTimeField(default=timezone.now, editable=False)
    last_download_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name_plural = "digital deliveries"
        ordering = ["delivered_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="downloaded_as_often_as_allowed",
                condition=Q(downloads__lte=F("downloads_allowed")),
            ),
            models.CheckConstraint(
                name="no_more_keys_missing_than_due",
                condition=Q(keys_missing__lte=F("keys_due")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["delivered_at"],
                name="delivery_without_keys",
                condition=Q(keys_missing__gt=0),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_line} of {self.order}"

    @property
    def keys_taken(self) -> int:
        return self.keys_due - self.keys_missing

    @property
    def downloads_left(self) -> int:
        return self.downloads_allowed - self.downloads
