"""Orders as lists of them are asked for."""

from typing import TYPE_CHECKING

from django.db import models

from shop.orders.models.history import OrderHold

if TYPE_CHECKING:
    from shop.orders.models.order import Order  # noqa: F401 - names the rows


class OrderQuerySet(models.QuerySet["Order"]):
    def in_review(self) -> "OrderQuerySet":
        # By the open holds, of which there are few, and not by looking at every order.
        return self.filter(pk__in=OrderHold.objects.filter(closed_at=None).values("order"))
