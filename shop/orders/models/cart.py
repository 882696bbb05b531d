"""A visitor's cart, and what lies in it."""

import uuid
from collections.abc import Mapping

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from shop.catalog.models import Rhythm, Variant
from shop.money import Money
from shop.orders.models.delivery import DeliveryMethod


class Cart(models.Model):
    """What a visitor means to buy. Its version rises with every change."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField(default=0)
    # The discount code that was typed and found, as it is compared; empty for none.
    code = models.CharField(max_length=40, blank=True, default="", db_default="")
    # How a subscription is to be sent, as its payment page cannot ask; None: the cheapest way.
    delivery_method = models.ForeignKey(
        DeliveryMethod, models.SET_NULL, null=True, blank=True, related_name="+", db_index=False
    )
    # Whose it is on every device where they are logged in; None for a visitor's.
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="cart"
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"Cart {self.id}"


class CartLine(models.Model):
    """One variant in a cart.

    `seen_amount` is the unit price that the visitor has seen; with `is_named`, has named.
    """

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="lines")
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="+")
    quantity = models.PositiveIntegerField()
    seen_amount = models.BigIntegerField()
    is_named = models.BooleanField(default=False, db_default=False)
    currency = models.CharField(max_length=3)
    # How often it is paid, as of its price; empty for once. The cart has lines of one kind alone.
    interval = models.CharField(max_length=5, blank=True, default="", db_default="")
    interval_count = models.PositiveSmallIntegerField(default=1, db_default=1)
    # How long it is free at first, as the visitor has seen it.
    trial_days = models.PositiveSmallIntegerField(null=True, blank=True)
    added_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "variant"], name="one_line_per_variant"),
            models.CheckConstraint(name="cart_quantity_is_positive", condition=Q(quantity__gte=1)),
            models.CheckConstraint(
                name="cart_amount_is_not_negative", condition=Q(seen_amount__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.variant}"

    @property
    def rhythm(self) -> Rhythm | None:
        """How often it is paid; None for once."""
        return Rhythm(self.interval, self.interval_count) if self.interval else None

    @property
    def seen(self) -> Money:
        return Money(self.seen_amount, self.currency)

    @property
    def named(self) -> Money | None:
        return self.seen if self.is_named else None


def take_out(cart_id: uuid.UUID, units: Mapping[int, int]) -> None:
    """Take so many units out of a cart, {variant id: units}, as far as it holds them.

    Called inside a transaction; a change in another tab waits for its end, or is waited for.
    """
    cart = Cart.objects.select_for_update(no_key=True).filter(pk=cart_id).first()
    lines = CartLine.objects.filter(cart=cart, variant__in=units) if cart else []
    for line in lines:
        rest = max(line.quantity - units[line.variant_id], 0)
        same = CartLine.objects.filter(pk=line.pk)
        if rest:
            same.update(quantity=rest)
        else:
            same.delete()
    if lines:
        Cart.objects.filter(pk=cart_id).update(version=F("version") + 1, updated_at=timezone.now())
