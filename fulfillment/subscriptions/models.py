"""The mails about a subscription that are about no order."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models

from payments.models import Subscription, SubscriptionInvoice
from shop.work import Work


class SubscriptionMail(Work):
    """One mail about a subscription: once per kind and the thing it is about."""

    class Kind(models.TextChoices):
        RENEWAL_FAILED = "renewal_failed", "A renewal could not be charged"
        ACTION_REQUIRED = "action_required", "The bank asks for the customer"
        RENEWS_SOON = "renews_soon", "It renews soon"
        ENDED = "ended", "It has ended"
        ENDING = "ending", "It ends with its period"
        KEPT = "kept", "It does not end after all"
        PAUSED = "paused", "It is paused"
        RESUMED = "resumed", "It goes on after a pause"
        CHANGED = "changed", "Its quantity or plan was changed"

    TASK: ClassVar[str] = "fulfillment.send_subscription_mail"
    DRAIN_TASK: ClassVar[str] = "fulfillment.drain_subscription_mails"
    QUEUE: ClassVar[str] = "mail"
    SLOWEST_RETRY: ClassVar[timedelta] = timedelta(hours=1)
    # With at most an hour between two tries: about a day.
    MAX_ATTEMPTS: ClassVar[int] = 60

    kind = models.CharField(max_length=20, choices=Kind.choices)
    subscription = models.ForeignKey(Subscription, models.CASCADE, related_name="mails")
    invoice = models.ForeignKey(
        SubscriptionInvoice, models.CASCADE, null=True, blank=True, related_name="mails"
    )
    # The try to charge an invoice, or the period that comes.
    about = models.UUIDField()
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta(Work.Meta):
        verbose_name = "mail about a subscription"
        verbose_name_plural = "mails about subscriptions"
        constraints: ClassVar[list[Any]] = [
            *Work.Meta.constraints,
            models.UniqueConstraint(
                fields=["kind", "about"], name="one_subscription_mail_per_occasion"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} for {self.subscription_id}"
