"""What speaks against a payment, as Stripe tells it."""

from django.db import models
from django.utils import timezone

from payments.models.payments import Payment


class RiskSign(models.Model):
    """A review, a warning of the card's network, or the highest risk; written by settle only."""

    class Kind(models.TextChoices):
        REVIEW = "review"
        WARNING = "warning"
        LEVEL = "level", "risk level"

    payment = models.ForeignKey(Payment, models.CASCADE, related_name="risk_signs")
    account = models.CharField(max_length=80)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    # The review, the warning, or the charge whose risk it is.
    stripe_object_id = models.CharField(max_length=255)
    # Until the review is closed, or nothing can be done about the warning any more.
    is_open = models.BooleanField()
    detail = models.CharField(max_length=60, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "stripe_object_id"], name="risk_sign_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.stripe_object_id}"
