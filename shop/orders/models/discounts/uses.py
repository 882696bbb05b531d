"""Which order has which discount: reserved with its first page, given back when it ends unpaid."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Value
from django.utils import timezone

from shop.money import Money
from shop.orders.models.discounts.terms import Discount


class DiscountUseQuerySet(models.QuerySet["DiscountUse"]):
    def live(self) -> "DiscountUseQuerySet":
        """Those that count: of orders that are open or were bought."""
        return self.filter(given_back_at=None)


class DiscountUse(models.Model):
    """One order's use of a discount; what was given back no longer counts."""

    discount = models.ForeignKey(Discount, models.PROTECT, related_name="+")
    order = models.ForeignKey("orders.Order", models.CASCADE, related_name="discount_uses")
    # As it was typed and found; empty for an offer of the shop's.
    code = models.CharField(max_length=40, blank=True, default="")
    # Who the customer is, before anybody has typed an address: the log-in, else the browser.
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    visitor = models.UUIDField(null=True, blank=True)
    # Whether it was taken off `Discount.uses` when it was reserved.
    is_counted = models.BooleanField()
    at = models.DateTimeField(default=timezone.now, editable=False)
    given_back_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = DiscountUseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(given_back_at=None), name="one_discount_per_order"
            ),
        ]
        indexes = [
            models.Index(fields=["discount", "visitor"], name="discount_use_by_visitor"),
        ]

    def __str__(self) -> str:
        return f"{self.discount_id} on {self.order_id}"


class Discounted(models.Model):
    """What an order keeps of its discount: the one of the payment page that was paid."""

    # {"name", "code", "amount"} in the customer's words of that day; written once, with the total.
    discounts = models.JSONField(
        default=list, blank=True, editable=False, db_default=Value([], models.JSONField())
    )
    discount_uses: Any
    currency: str
    id: uuid.UUID

    class Meta:
        abstract = True

    @property
    def discount_names(self) -> list[tuple[str, str, Money]]:
        """Name, code and what each took off the goods, as people read it."""
        return [
            (kept["name"], kept["code"], Money(kept["amount"], self.currency))
            for kept in self.discounts
        ]

    @property
    def has_free_delivery(self) -> bool:
        """Whether its discount is that the cheapest delivery costs nothing."""
        free = {"discount__kind": Discount.Kind.DELIVERY, "given_back_at": None}
        return bool(self.discount_uses.filter(**free).exists())

    def give_discount_back(self) -> None:
        """Let others have it; in the transaction that ends the order, before its stock goes back.

        Whoever takes a discount takes stock after it, so this order of locks is everybody's.
        """
        for use in self.discount_uses.filter(given_back_at=None):
            mine = DiscountUse.objects.filter(pk=use.pk, given_back_at=None)
            if mine.update(given_back_at=timezone.now()) and use.is_counted:
                Discount.objects.filter(pk=use.discount_id, uses__gt=0).update(uses=F("uses") - 1)
