"""Writes to Stripe, and the presses of buttons that ask for them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone

from payments.models.customers import Customer, SavedMethod
from payments.models.later import LaterCharge
from payments.models.payments import Payment
from payments.models.sessions import CheckoutSession
from payments.models.subscriptions import Subscription
from shop.orders.models import Order
from shop.work import Work

# A buyer waits for a session, a hold ends; a refund takes days anyway.
URGENCY = Case(
    When(kind="create_session", then=0),
    When(kind="refund", then=2),
    default=1,
    output_field=models.SmallIntegerField(),
)


class StripeRequest(Work):
    """A write to Stripe: its key and parameters are frozen before the call."""

    class Kind(models.TextChoices):
        CREATE_SESSION = "create_session"
        EXPIRE_SESSION = "expire_session"
        CAPTURE = "capture"
        RELEASE = "release"
        REFUND = "refund"
        DETACH_METHOD = "detach_method"
        SET_DEFAULT = "set_default_method"
        SET_ADDRESS = "set_address", "write the default address"
        MAKE_PORTAL = "make_portal", "make the portal's configuration"
        OPEN_PORTAL = "open_portal"
        MAKE_INTENT = "make_intent", "prepare a later charge"
        CHARGE = "charge", "charge later"
        UPDATE_SUBSCRIPTION = "update_subscription"
        CANCEL_SUBSCRIPTION = "cancel_subscription"

    TASK: ClassVar[str] = "payments.send_request"
    DRAIN_TASK: ClassVar[str] = "payments.drain_requests"
    QUEUE: ClassVar[str] = "money"
    ORDER: ClassVar[list[Any]] = [URGENCY, "run_at"]
    # An outage of hours is waited out; what is impossible is told by Stripe and ends at once.
    MAX_ATTEMPTS: ClassVar[int] = 200

    kind = models.CharField(max_length=20, choices=Kind.choices)
    account = models.CharField(max_length=80)
    key = models.CharField(max_length=255, unique=True)
    generation = models.PositiveIntegerField(default=1)
    parameters = models.JSONField(default=dict)
    order = models.ForeignKey(
        Order, models.CASCADE, null=True, blank=True, related_name="stripe_requests"
    )
    session = models.ForeignKey(
        CheckoutSession, models.CASCADE, null=True, blank=True, related_name="requests"
    )
    payment = models.ForeignKey(
        Payment, models.CASCADE, null=True, blank=True, related_name="requests"
    )
    # Whom a request is about that has nothing to do with an order, and which of their methods.
    customer = models.ForeignKey(
        Customer,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="requests",
        db_index=False,
    )
    saved_method = models.ForeignKey(
        SavedMethod,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="requests",
        db_index=False,
    )
    # Of what the customer owes beside an order.
    later_charge = models.ForeignKey(
        LaterCharge,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="requests",
        db_index=False,
    )
    subscription = models.ForeignKey(
        Subscription,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="requests",
        db_index=False,
    )
    amount = models.BigIntegerField(null=True, blank=True)
    # What a capture of less takes off its order (see OrderReduction).
    units_off = models.JSONField(
        default=dict, db_default=Value({}, models.JSONField()), help_text="Units, by line position."
    )
    written_off = models.BooleanField(default=False, db_default=False)
    reason = models.CharField(max_length=200, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=150, blank=True)
    actor_address = models.CharField(max_length=45, blank=True)
    stripe_request_id = models.CharField(max_length=255, blank=True)
    # When the first call of this generation went out: after 23 h its key may be forgotten.
    first_sent_at = models.DateTimeField(null=True, blank=True)
    # The HTTP status of the last answer to this key's call; null when none came. What is 500 and
    # more Stripe repeats under the same key.
    last_status = models.PositiveSmallIntegerField(null=True, blank=True)
    # Since when Stripe's list shows nothing that this generation made; lists lag.
    empty_since = models.DateTimeField(null=True, blank=True)

    class Meta(Work.Meta):
        constraints: ClassVar[list[Any]] = [
            *Work.Meta.constraints,
            models.UniqueConstraint(
                fields=["payment"],
                condition=Q(kind__in=["capture", "release"], status__in=["ready", "leased"]),
                name="one_open_capture_or_release",
            ),
            models.UniqueConstraint(
                fields=["session"],
                condition=Q(kind="expire_session", status__in=["ready", "leased"]),
                name="one_open_expiry",
            ),
            models.UniqueConstraint(
                fields=["saved_method"],
                condition=Q(kind="detach_method", status__in=["ready", "leased"]),
                name="one_open_detachment",
            ),
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(kind="set_default_method", status__in=["ready", "leased"]),
                name="one_open_default",
            ),
            models.UniqueConstraint(
                fields=["customer"],
                condition=Q(kind="set_address", status__in=["ready", "leased"]),
                name="one_open_address",
            ),
            # Ever, and not only one at a time: what was declined is never tried again by itself.
            models.UniqueConstraint(
                fields=["later_charge"],
                condition=Q(kind="make_intent"),
                name="one_intent_per_charge",
            ),
            models.UniqueConstraint(
                fields=["payment"], condition=Q(kind="charge"), name="one_charge_per_payment"
            ),
            models.UniqueConstraint(
                fields=["subscription"],
                condition=Q(
                    kind__in=["update_subscription", "cancel_subscription"],
                    status__in=["ready", "leased"],
                ),
                name="one_open_change_of_subscription",
            ),
        ]
        indexes: ClassVar[list[Any]] = [
            *Work.Meta.indexes,
            models.Index(
                URGENCY,
                "run_at",
                name="striperequest_by_urgency",
                condition=Q(status__in=["ready", "leased"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.status})"


class ButtonPress(models.Model):
    """One press of a button that moves money. Its id came with the form: it counts once."""

    id = models.UUIDField(primary_key=True, editable=False)
    actor_id = models.BigIntegerField()
    # For a press about many payments: what became of each, {payment id: sentence}.
    results = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "button presses"

    def __str__(self) -> str:
        return str(self.id)
