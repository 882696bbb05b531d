"""What a customer owes beside their order, and how it is asked for: see LaterCharge."""

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from payments.models.customers import SavedMethod
from shop.money import Money
from shop.orders.models import Order
from shop.orders.models.numbers import new_token
from shop.transitions import guarded


@guarded
class LaterCharge(models.Model):
    """One claim beside an order's price: first on a saved method, else by a link. Paid once.

    It is written before Stripe is asked for anything, with what was agreed to. Each try to get the
    money is a Payment of its own with the purpose `later`.
    """

    class Status(models.TextChoices):
        CHARGING = "charging", "being charged"
        ASKED = "asked", "the customer is asked to pay by a link"
        PAID = "paid"
        REFUSED = "refused", "not charged"
        WITHDRAWN = "withdrawn"

    class Reason(models.TextChoices):
        """What it is for; customers read the same words in their language."""

        NO_SHOW = "no_show", gettext_noop("Missed appointment")
        CANCELLATION = "cancellation", gettext_noop("Cancellation fee")
        LATE_ITEM = "late_item", gettext_noop("Item added later")
        LATE_RETURN = "late_return", gettext_noop("Late return")
        DAMAGE = "damage", gettext_noop("Damage")

    COMES_FROM: ClassVar = {
        Status.CHARGING: [],
        Status.ASKED: [Status.CHARGING, Status.REFUSED],
        # What Stripe has taken is paid, whatever was thought of it before.
        Status.PAID: [Status.CHARGING, Status.ASKED, Status.REFUSED],
        Status.REFUSED: [Status.CHARGING],
        Status.WITHDRAWN: [Status.ASKED, Status.REFUSED],
    }
    # What stands against its order; a claim that was dropped is none.
    CLAIMED: ClassVar = [Status.CHARGING, Status.ASKED, Status.PAID, Status.REFUSED]

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.CharField(max_length=80)
    order = models.ForeignKey(Order, models.CASCADE, related_name="later_charges")
    method = models.ForeignKey(SavedMethod, models.PROTECT, related_name="later_charges")
    status = models.CharField(max_length=9, choices=Status.choices, default=Status.CHARGING)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    words = models.CharField(max_length=200, help_text="What the customer reads beside the reason.")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    token = models.CharField(max_length=64, unique=True, default=new_token, editable=False)
    # What the method's owner had agreed to then; the method's own words may be others by now.
    consent_text = models.TextField()
    consent_version = models.CharField(max_length=40)
    consent_at = models.DateTimeField()
    # Why it was not charged, in a sentence for staff.
    why = models.CharField(max_length=300, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=150)
    actor_address = models.CharField(max_length=45, blank=True)
    withdrawn_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering = ["created_at", "id"]
        verbose_name = "later charge"
        permissions = [("charge_later", "Can charge saved methods later")]
        constraints = [
            models.CheckConstraint(name="later_charge_is_positive", condition=Q(amount__gt=0)),
            models.CheckConstraint(
                name="later_charge_was_agreed_to", condition=~Q(consent_text="") & ~Q(words="")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()}: {self.money}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)

    @property
    def for_what(self) -> str:
        """The reason in the present language; staff have written the words beside it."""
        return _(self.Reason(self.reason).label)
