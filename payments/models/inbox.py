"""The inbox of webhook events, and how far Stripe's list was read."""

from typing import Any, ClassVar

from django.db import models
from django.utils import timezone

from shop.work import Work


class WebhookEvent(Work):
    """The inbox: each event of Stripe's once, kept until settled."""

    TASK: ClassVar[str] = "payments.process_event"
    DRAIN_TASK: ClassVar[str] = "payments.drain_events"
    QUEUE: ClassVar[str] = "inbox"
    # As long as requests wait: Stripe being away for hours must not lose what it has told.
    MAX_ATTEMPTS: ClassVar[int] = 200

    account = models.CharField(max_length=80)
    stripe_event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=100)
    api_version = models.CharField(max_length=40, blank=True)
    livemode = models.BooleanField()
    # Where it belongs, filled when it is stored: the object, its PaymentIntent, our metadata.
    object_id = models.CharField(max_length=255, blank=True)
    payment_intent_id = models.CharField(max_length=255, blank=True)
    metadata_shop = models.CharField(max_length=64, blank=True)
    metadata_order = models.CharField(max_length=64, blank=True)
    stripe_created_at = models.DateTimeField()
    payload = models.JSONField()

    class Meta(Work.Meta):
        constraints: ClassVar[list[Any]] = [
            *Work.Meta.constraints,
            models.UniqueConstraint(fields=["stripe_event_id"], name="stripe_event_once"),
        ]
        indexes: ClassVar[list[Any]] = [
            *Work.Meta.indexes,
            models.Index(fields=["object_id"], name="event_by_object"),
            models.Index(fields=["payment_intent_id"], name="event_by_payment_intent"),
            models.Index(fields=["metadata_order"], name="event_by_order"),
            models.Index(fields=["-created_at"], name="event_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.stripe_event_id}"


class EventCursor(models.Model):
    """Up to when Stripe's list of events has been read without a gap (times of the events)."""

    account = models.CharField(max_length=80, unique=True)
    seen_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account} until {timezone.localtime(self.seen_until):%Y-%m-%d %H:%M:%S}"
