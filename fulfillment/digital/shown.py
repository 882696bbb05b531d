"""What customers see of what they have been handed out: on the order's page and in mails."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from fulfillment.digital import links
from fulfillment.digital.models import DigitalDelivery
from shop.catalog.models import LicenseKey
from shop.orders.models import Order, OrderLine
from shop.orders.models.questions import WITHDRAWAL


@dataclass(frozen=True)
class Shown:
    """One line's delivery, with links that begin to count their days now."""

    delivery: DigitalDelivery
    keys: list[str]

    @property
    def line(self) -> OrderLine:
        return self.delivery.order_line

    @property
    def page(self) -> str:
        return links.page_of(self.delivery)

    @property
    def page_in_full(self) -> str:
        return settings.SITE_URL + self.page

    @property
    def file(self) -> str:
        return links.file_of(self.delivery)

    @property
    def ends_at(self) -> datetime:
        """When a link that is shown now is over."""
        return timezone.now() + timedelta(days=settings.DOWNLOAD_DAYS)


def all_deliveries() -> QuerySet[DigitalDelivery]:
    """With what their lines are called by."""
    return DigitalDelivery.objects.select_related("order", "file", "order_line__variant__product")


def of(order: Order) -> list[Shown]:
    """What the order has been handed out, in the order of its lines."""
    deliveries = all_deliveries().filter(order=order).order_by("order_line__position")
    return with_keys(deliveries)


def with_keys(deliveries: Iterable[DigitalDelivery]) -> list[Shown]:
    """The same with their keys, read at once."""
    found = list(deliveries)
    ids = [delivery.pk for delivery in found if delivery.keys_due]
    keys: dict[Any, list[str]] = defaultdict(list)
    if ids:
        taken = LicenseKey.objects.filter(taken_for__in=ids).order_by("pk")
        for taker, key in taken.values_list("taken_for", "key"):
            keys[taker].append(key)
    return [Shown(delivery, keys[delivery.pk]) for delivery in found]


def agreed(order: Order) -> dict[str, Any] | None:
    """What the customer agreed to about the right to withdraw: the words and when."""
    return order.consent_to(WITHDRAWAL)
