"""Why an order was called off, and by whom."""

from dataclasses import dataclass

from django.db import models


class Reason(models.TextChoices):
    """Why an order was called off; the customer's mail is chosen by it."""

    OUT_OF_STOCK = "out_of_stock", "out of stock"
    STAFF = "staff", "called off by staff"
    CART_CHANGED = "cart_changed", "cart changed"
    REFUSED = "refused", "refused"
    REFUNDED = "refunded", "refunded"
    RELEASED = "released", "released"
    EXPIRED = "expired", "the hold on the money lapsed"
    DEADLINE = "deadline", "nobody decided before the hold on the money ended"
    LOST = "lost", "taken back by the bank"
    OVERTAKEN = "overtaken", "paid on a copy of an expired page, and no longer so"


# The columns of an order that keep it.
KEPT = ["cancel_reason", "cancel_note", "cancel_actor_id", "cancel_actor_name"]


@dataclass(frozen=True)
class Person:
    """Somebody who pressed a button, as records name them: for good, whatever becomes of them."""

    pk: int | None
    name: str

    def __str__(self) -> str:
        return self.name

    @classmethod
    def known_as(cls, pk: int | None, name: str) -> "Person | None":
        """Who a record names; None where it names nobody."""
        return cls(pk, name) if name else None
