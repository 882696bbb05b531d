"""What people write to the shop."""

from datetime import timedelta
from typing import ClassVar

from django.db import models

from shop.work import Work


class ContactMessage(Work):
    """One letter to the shop: kept, and mailed to who answers it."""

    TASK: ClassVar[str] = "fulfillment.send_contact_message"
    DRAIN_TASK: ClassVar[str] = "fulfillment.drain_contact_messages"
    QUEUE: ClassVar[str] = "mail"
    SLOWEST_RETRY: ClassVar[timedelta] = timedelta(hours=1)
    MAX_ATTEMPTS: ClassVar[int] = 60

    email = models.EmailField()
    # As it was typed: it may be none of ours.
    order_number = models.CharField(max_length=40, blank=True)
    text = models.TextField()
    language = models.CharField(max_length=10)

    class Meta(Work.Meta):
        verbose_name = "message to the shop"
        verbose_name_plural = "messages to the shop"

    def __str__(self) -> str:
        return f"{self.email}, {self.created_at:%Y-%m-%d %H:%M}"
