"""Disputes of payments, as Stripe tells them."""

from django.db import models

from payments.models.payments import Payment


class DisputeQuerySet(models.QuerySet["Dispute"]):
    def against_refunds(self) -> "DisputeQuerySet":
        """Those about whose money the bank decides, so that it cannot be sent back now."""
        return self.filter(is_refundable=False).exclude(status__in=Dispute.SETTLED_FOR_US)


class Dispute(models.Model):
    """A dispute as Stripe tells it."""

    SETTLED_FOR_US = ["won", "warning_closed", "prevented"]

    payment = models.ForeignKey(Payment, models.CASCADE, related_name="disputes")
    account = models.CharField(max_length=80)
    stripe_dispute_id = models.CharField(max_length=255)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=40)
    # Stripe's own word: a mere inquiry may be answered with a refund, a chargeback may not.
    is_refundable = models.BooleanField(default=False, db_default=False)
    reason = models.CharField(max_length=60, blank=True)
    due_by = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    objects = DisputeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "stripe_dispute_id"], name="stripe_dispute_once"
            ),
        ]

    def __str__(self) -> str:
        return self.stripe_dispute_id
