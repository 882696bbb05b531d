"""Stock counters and the ledger of their movements."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from shop.catalog.models.products import Variant
from shop.transitions import append_only


class Stock(models.Model):
    """How many of a variant there are. Changed only by the verbs of shop.catalog.stock."""

    variant = models.OneToOneField(Variant, models.CASCADE, related_name="stock")
    on_hand = models.IntegerField(default=0)
    reserved = models.IntegerField(default=0)
    backorder = models.PositiveIntegerField(
        default=0, help_text="How many may be sold beyond what is on hand."
    )
    shortage = models.PositiveIntegerField(
        default=0, editable=False, help_text="Reserved units that a stocktake could not find."
    )

    class Meta:
        verbose_name_plural = "stock"
        permissions = [("adjust_stock", "Can adjust stock")]
        constraints = [
            models.CheckConstraint(
                name="reserved_can_be_had",
                condition=Q(reserved__gte=0)
                & Q(reserved__lte=F("on_hand") + F("backorder") + F("shortage")),
            ),
            models.CheckConstraint(
                name="on_hand_within_backorder", condition=Q(on_hand__gte=-1 * F("backorder"))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.available} available"

    @property
    def available(self) -> int:
        """How many can still be sold; never negative."""
        return max(self.on_hand + self.backorder - self.reserved, 0)

    def covers_its_orders(self, on_hand: int) -> bool:
        """Whether so many on hand would do for what is reserved, or are no fewer than now."""
        return on_hand >= self.on_hand or on_hand + self.backorder >= self.reserved


class StockMovement(models.Model):
    """The append-only ledger: its sums are the counters of Stock."""

    class Kind(models.TextChoices):
        RESERVE = "reserve"
        COMMIT = "commit"
        RETURN = "return"
        RESTOCK = "restock"
        ADJUST = "adjust"

    stock = models.ForeignKey(Stock, models.CASCADE, related_name="movements")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    quantity = models.IntegerField(help_text="Units moved; an adjustment may be negative.")
    on_hand_delta = models.IntegerField()
    reserved_delta = models.IntegerField()
    shortage_delta = models.IntegerField(default=0)
    cause_kind = models.CharField(max_length=20, help_text="A word: order, stocktake, import.")
    cause_id = models.UUIDField()
    reason = models.CharField(max_length=200, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["stock", "kind", "cause_kind", "cause_id"], name="one_movement_per_cause"
            ),
        ]
        indexes = [models.Index(fields=["cause_id"], name="movement_by_cause")]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.kind} {self.quantity:+}"
