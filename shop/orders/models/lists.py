"""Orders as lists of them are asked for."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import OuterRef, Subquery

from shop.orders.models.history import OrderHold, OrderTransition

if TYPE_CHECKING:
    from shop.orders.models.order import Order  # noqa: F401 - names the rows


class OrderQuerySet(models.QuerySet["Order"]):
    def in_review(self) -> "OrderQuerySet":
        # By the open holds, of which there are few, and not by looking at every order.
        return self.filter(pk__in=OrderHold.objects.filter(closed_at=None).values("order"))

    def with_confirmation(self) -> "OrderQuerySet":
        """With `first_confirmed_at`, for which `Order.arrives` else makes a query of its own."""
        moves = OrderTransition.objects.filter(order=OuterRef("pk"), after="confirmed")
        return self.annotate(first_confirmed_at=Subquery(moves.order_by("pk").values("at")[:1]))
