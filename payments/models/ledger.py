"""Append-only records: what moved, and who asked for it."""

from django.db import models
from django.utils import timezone

from payments.models.payments import Payment
from payments.models.requests import StripeRequest
from shop.money import Money
from shop.orders.models import Order
from shop.transitions import append_only


class MoneyEntry(models.Model):
    """The append-only money ledger: one signed entry per Stripe object and kind."""

    class Kind(models.TextChoices):
        CAPTURE = "capture"
        REFUND = "refund"
        REFUND_FAILED = "refund_failed"
        # Of a dispute: its money goes and may come back, a fee with it; the bank's decision itself
        # moves nothing and is entered with an amount of 0.
        WITHDRAWN = "withdrawn"
        REINSTATED = "reinstated"
        DISPUTE_FEE = "dispute_fee"
        DISPUTE_LOST = "dispute_lost"
        DISPUTE_WON = "dispute_won"

    payment = models.ForeignKey(Payment, models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    stripe_object_id = models.CharField(max_length=255)
    # Captured so far after this entry, for captures in parts; 0 where one entry is all there is.
    sequence = models.BigIntegerField(default=0)
    amount = models.BigIntegerField(help_text="Positive in, negative out.")
    currency = models.CharField(max_length=3)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "money entries"
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "kind", "stripe_object_id", "sequence"],
                name="one_entry_per_fact",
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.kind} {Money(self.amount, self.currency)}"


class MoneyAction(models.Model):
    """The append-only record of who asked for which money movement."""

    kind = models.CharField(max_length=20)
    request = models.ForeignKey(StripeRequest, models.CASCADE, related_name="actions")
    order = models.ForeignKey(Order, models.CASCADE, related_name="money_actions")
    payment = models.ForeignKey(Payment, models.CASCADE, related_name="actions")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=150)
    actor_address = models.CharField(max_length=45, blank=True)
    before = models.CharField(max_length=16, help_text="The payment's status then.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.kind} by {self.actor_name}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)
