"""What Stripe is told of the terms of sale that staff keep: tax rates."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from shop.orders.models import TaxRate
from shop.work import Work


class TaxRateSync(Work):
    """One call about a tax rate, with frozen key and parameters.

    For each account there is one making it inside a price, one making it on top, as far as the
    shop's currencies need both; and, when the rate has ended, one archiving each of these.
    """

    class Kind(models.TextChoices):
        CREATE = "create"
        ARCHIVE = "archive"

    TASK: ClassVar[str] = "payments.sync_tax_rate"
    DRAIN_TASK: ClassVar[str] = "payments.drain_tax_rate_syncs"
    QUEUE: ClassVar[str] = "catalog"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    rate = models.ForeignKey(TaxRate, models.CASCADE, related_name="+")
    account = models.CharField(max_length=80)
    is_inclusive = models.BooleanField()
    key = models.CharField(max_length=255, unique=True)
    parameters = models.JSONField(default=dict)
    # Of the one that was made, or is to be archived.
    stripe_tax_rate_id = models.CharField(max_length=255, blank=True, default="")

    class Meta(Work.Meta):
        verbose_name = "tax rate sync"
        constraints: ClassVar[list[Any]] = [
            *Work.Meta.constraints,
            models.UniqueConstraint(
                fields=["rate", "account", "is_inclusive", "kind"], name="tax_rate_is_synced_once"
            ),
            models.CheckConstraint(
                name="only_a_known_tax_rate_is_archived",
                condition=Q(kind="create") | ~Q(stripe_tax_rate_id=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.rate_id}"
