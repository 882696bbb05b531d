"""Why an order was called off, and by whom."""

from dataclasses import dataclass
from typing import Any

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
    TRIAL = "trial", "the trial of a subscription has begun"


# Nobody wanted to lose these: the time in which the money could be taken ran out.
LOST_TO_DEADLINE = [Reason.DEADLINE, Reason.EXPIRED]
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


class CalledOff(models.Model):
    """What an order keeps of its end."""

    LOST_TO_DEADLINE = LOST_TO_DEADLINE

    # The wish to cancel; settle ends the order once Stripe says that no money is left in it.
    cancel_requested_at = models.DateTimeField(null=True, blank=True, editable=False)
    # Longer than its words: the release before kept here what staff had typed (see KNOWN_REASON).
    cancel_reason = models.CharField(
        max_length=40, choices=Reason.choices, blank=True, editable=False
    )
    cancel_note = models.CharField(max_length=200, blank=True, db_default="", editable=False)
    # Who called it off; nobody, where the shop itself or Stripe did.
    cancel_actor_id = models.BigIntegerField(null=True, blank=True, editable=False)
    cancel_actor_name = models.CharField(max_length=150, blank=True, db_default="", editable=False)
    status: str

    class Meta:
        abstract = True

    def keep_why(self, reason: Reason, *, note: str = "", actor: Any = None) -> None:
        """Keep why it is called off and by whom; what was kept first stays."""
        if self.cancel_reason:
            return
        self.cancel_reason, self.cancel_note = reason, note[:200]
        self.cancel_actor_id = getattr(actor, "pk", None)
        self.cancel_actor_name = str(actor)[:150] if actor else ""
        self.save(update_fields=KEPT)

    @property
    def cancelled_because(self) -> str:
        """Why it was or is being called off, for staff: what was noted, else the reason."""
        return self.cancel_note or (Reason(self.cancel_reason).label if self.cancel_reason else "")

    @property
    def is_lost_to_deadline(self) -> bool:
        """Whether it ended because the money was not taken in time."""
        return self.status == "cancelled" and self.cancel_reason in self.LOST_TO_DEADLINE

    @property
    def cancelled_by(self) -> Person | None:
        """Who called it off; None where the shop itself or Stripe did."""
        return Person.known_as(self.cancel_actor_id, self.cancel_actor_name)
