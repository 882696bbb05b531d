"""What happened to an order: its moves, its holds, its reductions."""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from shop.transitions import append_only


class OrderTransition(models.Model):
    """History: a gapless path through Order.COMES_FROM that ends in the present status."""

    order = models.ForeignKey("Order", models.CASCADE, related_name="transitions")
    seq = models.PositiveIntegerField()
    before = models.CharField(max_length=16)
    after = models.CharField(max_length=16)
    cause = models.CharField(max_length=200)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["order", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["order", "seq"], name="transitions_have_no_gap"),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.before} → {self.after}"


class OrderHoldQuerySet(models.QuerySet["OrderHold"]):
    def end(self, *, by: str) -> None:
        """Close what an order's end closes, of those that are open."""
        ending = self.filter(closed_at=None).exclude(reason__in=OrderHold.OUTLIVES_ORDER)
        ending.update(closed_at=timezone.now(), closed_by=by[:150])

    def tell(self, reason: str, note: str) -> None:
        """Add to what staff read of the open one for this reason; without one nothing is said."""
        for hold in self.filter(reason=reason, closed_at=None):
            if note not in hold.note:
                hold.note = f"{hold.note} · {note}"[:500]
                hold.save(update_fields=["note"])


class OrderHold(models.Model):
    """The order is in review: nothing is captured or shipped until staff close it."""

    class Reason(models.TextChoices):
        AMOUNTS = "amounts", "Amounts or lines do not match"
        TAX = "tax", "Tax of another country is due"
        REVIEW_LIMIT = "review_limit", "Captured above the review limit"
        SECOND_PAYMENT = "second_payment", "A second payment for one order"
        LATE_FACT = "late_fact", "Stripe says something the order did not expect"
        DISPUTE = "dispute", "The customer's bank disputes the payment"
        RADAR = "radar", "Stripe has put the payment in review"
        FRAUD = "fraud", "Signs of fraud"
        REFUND_FAILED = "refund_failed", "A refund did not reach the customer"
        STAFF = "staff", "Held by staff"

    # About money that may still be here once the order has ended.
    OUTLIVES_ORDER = [Reason.SECOND_PAYMENT, Reason.LATE_FACT]

    order = models.ForeignKey("Order", models.CASCADE, related_name="holds")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    note = models.CharField(max_length=500, blank=True)
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_by = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = OrderHoldQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order", "reason"],
                condition=Q(closed_at=None),
                name="one_open_hold_per_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.get_reason_display()


class OrderReduction(models.Model):
    """What was taken off the total before the final capture, why and by whom."""

    order = models.ForeignKey("Order", models.CASCADE, related_name="reductions")
    amount = models.BigIntegerField()
    lines = models.JSONField(default=dict, help_text="Units taken off, by line position.")
    # Damaged or lost: they do not go back on sale.
    written_off = models.BooleanField(default=False, db_default=False)
    reason = models.CharField(max_length=200)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.CheckConstraint(name="reduction_is_positive", condition=Q(amount__gt=0)),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"−{self.amount}: {self.reason}"
