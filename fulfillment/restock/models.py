"""Who waits for a thing that is sold out, and the mail that says that it is back."""

import uuid
from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from shop.catalog.models import Variant
from shop.work import Work


class StockAlert(models.Model):
    """The wish to be told once, by mail, that a variant can be had again."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="stock_alerts")
    email = models.EmailField()
    # That of the page on which it was asked for.
    language = models.CharField(max_length=10)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # When its mail was decided on; until then it waits.
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                "variant",
                condition=Q(told_at=None),
                name="one_waiting_stock_alert",
            ),
        ]
        indexes = [
            models.Index("variant", condition=Q(told_at=None), name="stock_alerts_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.email} for {self.variant}"


class BackInStock(Work):
    """The mail of one wish."""

    TASK: ClassVar[str] = "fulfillment.send_back_in_stock"
    DRAIN_TASK: ClassVar[str] = "fulfillment.drain_back_in_stock"
    QUEUE: ClassVar[str] = "mail"
    SLOWEST_RETRY: ClassVar[timedelta] = timedelta(hours=1)
    MAX_ATTEMPTS: ClassVar[int] = 60

    alert = models.ForeignKey(StockAlert, models.CASCADE, related_name="mails")

    class Meta(Work.Meta):
        verbose_name = "mail that a thing is back"
        verbose_name_plural = "mails that a thing is back"
        constraints: ClassVar[list[Any]] = [
            *Work.Meta.constraints,
            models.UniqueConstraint(
                fields=["alert"], condition=Q(status__in=Work.OPEN), name="one_open_mail_per_alert"
            ),
        ]

    def __str__(self) -> str:
        return f"back in stock: {self.alert_id}"
