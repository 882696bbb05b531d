"""Who has lost the way to an order, and asks for it anew."""

from datetime import timedelta
from typing import ClassVar

from django.db import models

from shop.work import Work


class OrderLink(Work):
    """Somebody named an order and an e-mail address: whether they belong together, and so whether
    anything is sent, is the worker's matter.
    """

    TASK: ClassVar[str] = "fulfillment.send_order_link"
    DRAIN_TASK: ClassVar[str] = "fulfillment.drain_order_links"
    QUEUE: ClassVar[str] = "mail"
    SLOWEST_RETRY: ClassVar[timedelta] = timedelta(hours=1)
    # With at most an hour between two tries: about a day.
    MAX_ATTEMPTS: ClassVar[int] = 30

    # Both as they were typed: they may be none of ours.
    number = models.CharField(max_length=40)
    email = models.EmailField(max_length=254)
    language = models.CharField(max_length=10)

    class Meta(Work.Meta):
        verbose_name = "link to an order, asked for"
        verbose_name_plural = "links to orders, asked for"

    def __str__(self) -> str:
        return f"{self.email}, {self.created_at:%Y-%m-%d %H:%M}"
