"""How it is paid: sessions, payments, money facts as Stripe tells them, and what is to be done."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from shop.money import Money
from shop.orders.models import Order
from shop.transitions import append_only, guarded
from shop.work import Work


class Customer(models.Model):
    """A Stripe customer: belongs to a user, or to the signed browser session of a guest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.CharField(max_length=80)
    stripe_customer_id = models.CharField(max_length=255)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    visitor = models.UUIDField(null=True, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "stripe_customer_id"], name="stripe_customer_once"
            ),
        ]
        indexes = [models.Index(fields=["visitor"], name="customer_by_visitor")]

    def __str__(self) -> str:
        return self.stripe_customer_id


@guarded
class CheckoutSession(models.Model):
    """One visit to Stripe's payment page. Without a Stripe id it is still being made."""

    class Status(models.TextChoices):
        OPEN = "open"
        COMPLETE = "complete"
        EXPIRED = "expired"

    class Mode(models.TextChoices):
        PAYMENT = "payment"
        SETUP = "setup"
        SUBSCRIPTION = "subscription"

    COMES_FROM = {
        Status.OPEN: [],
        Status.COMPLETE: [Status.OPEN],
        Status.EXPIRED: [Status.OPEN],
    }

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    mode = models.CharField(max_length=12, choices=Mode.choices, default=Mode.PAYMENT)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    account = models.CharField(max_length=80)
    stripe_session_id = models.CharField(max_length=255, null=True, blank=True)
    url = models.URLField(max_length=2000, blank=True)
    order = models.ForeignKey(
        Order, models.CASCADE, null=True, blank=True, related_name="checkout_sessions"
    )
    customer = models.ForeignKey(Customer, models.SET_NULL, null=True, blank=True)
    # The browser or address that asked, for the limits of shop visitors.
    visitor_key = models.CharField(max_length=80, blank=True)
    expires_at = models.DateTimeField(help_text="As sent to Stripe, on the wall clock.")
    due_at = models.DateTimeField(help_text="The same moment in business time.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    # When settle last read it; the success page asks at most every 3 seconds.
    read_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "stripe_session_id"], name="stripe_session_once"
            ),
            models.UniqueConstraint(
                fields=["order"], condition=Q(status="open"), name="one_open_session_per_order"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="open_session_due", condition=Q(status="open")),
            models.Index(fields=["visitor_key", "created_at"], name="session_by_visitor"),
        ]

    def __str__(self) -> str:
        return self.stripe_session_id or f"session {self.id} (being made)"


class PaymentQuerySet(models.QuerySet["Payment"]):
    def awaiting_capture(self) -> "PaymentQuerySet":
        """Authorized payments, the one whose authorization ends first at the top."""
        return self.filter(status=Payment.Status.AUTHORIZED).order_by(
            F("capture_before").asc(nulls_last=True), "-amount", "id"
        )


@guarded
class Payment(models.Model):
    """One PaymentIntent, as far as the shop needs it. Written by settle only."""

    class Status(models.TextChoices):
        PENDING = "pending"
        REQUIRES_ACTION = "requires_action"
        PROCESSING = "processing"
        AUTHORIZED = "authorized"
        CAPTURED = "captured"
        RELEASED = "released"
        EXPIRED = "expired"
        FAILED = "failed"

    class Purpose(models.TextChoices):
        CHECKOUT = "checkout"
        RENEWAL = "renewal"
        EXTRA = "extra"

    LIVE = [
        Status.PENDING,
        Status.REQUIRES_ACTION,
        Status.PROCESSING,
        Status.AUTHORIZED,
        Status.CAPTURED,
    ]
    COMES_FROM = {
        Status.PENDING: [Status.REQUIRES_ACTION, Status.PROCESSING],
        Status.REQUIRES_ACTION: [Status.PENDING],
        Status.PROCESSING: [Status.PENDING, Status.REQUIRES_ACTION],
        Status.AUTHORIZED: [Status.PENDING, Status.REQUIRES_ACTION, Status.PROCESSING],
        Status.CAPTURED: [
            Status.PENDING,
            Status.REQUIRES_ACTION,
            Status.PROCESSING,
            Status.AUTHORIZED,
        ],
        Status.RELEASED: [
            Status.PENDING,
            Status.REQUIRES_ACTION,
            Status.PROCESSING,
            Status.AUTHORIZED,
        ],
        Status.EXPIRED: [Status.AUTHORIZED],
        Status.FAILED: [Status.PENDING, Status.REQUIRES_ACTION, Status.PROCESSING],
    }

    class DeadlineSource(models.TextChoices):
        CHARGE = "charge", "told by the charge"
        ESTIMATED = "estimated", "estimated from the method's usual window"
        UNKNOWN = "unknown", "unknown"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.CharField(max_length=80)
    stripe_payment_intent_id = models.CharField(max_length=255)
    stripe_charge_id = models.CharField(max_length=255, blank=True)
    purpose = models.CharField(max_length=8, choices=Purpose.choices, default=Purpose.CHECKOUT)
    status = models.CharField(max_length=16, choices=Status.choices, default=Status.PENDING)
    order = models.ForeignKey(Order, models.CASCADE, null=True, blank=True, related_name="payments")
    session = models.ForeignKey(
        CheckoutSession, models.SET_NULL, null=True, blank=True, related_name="payments"
    )
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    authorized_amount = models.BigIntegerField(default=0)
    captured_amount = models.BigIntegerField(default=0)
    method = models.CharField(max_length=40, blank=True, help_text="card, sepa_debit, …")
    brand = models.CharField(max_length=40, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    multicapture = models.BooleanField(default=False)
    capture_before = models.DateTimeField(null=True, blank=True)
    deadline_source = models.CharField(
        max_length=10, choices=DeadlineSource.choices, default=DeadlineSource.UNKNOWN
    )
    failure = models.CharField(max_length=300, blank=True, help_text="For staff, never customers.")
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    authorized_at = models.DateTimeField(null=True, blank=True)
    captured_at = models.DateTimeField(null=True, blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        permissions = [
            ("capture_payment", "Can capture payments"),
            ("release_payment", "Can release authorized payments"),
            ("refund_payment", "Can refund payments"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "stripe_payment_intent_id"], name="stripe_payment_intent_once"
            ),
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(
                    purpose="checkout",
                    status__in=[
                        "pending",
                        "requires_action",
                        "processing",
                        "authorized",
                        "captured",
                    ],
                ),
                name="one_live_payment_per_order",
            ),
        ]
        indexes = [
            models.Index(
                fields=["capture_before"],
                name="payment_to_capture",
                condition=Q(status="authorized"),
            ),
        ]

    def __str__(self) -> str:
        return self.stripe_payment_intent_id

    @property
    def capturable(self) -> Money:
        """What can be captured now: zero unless authorized."""
        held = self.authorized_amount if self.status == self.Status.AUTHORIZED else 0
        return Money(held - self.captured_amount if held else 0, self.currency)

    @property
    def authorized(self) -> Money:
        return Money(self.authorized_amount, self.currency)

    @property
    def captured(self) -> Money:
        return Money(self.captured_amount, self.currency)

    @property
    def refunded(self) -> Money:
        """What went back, or is on its way; released holds are not counted."""
        rows = self.refunds.filter(is_release=False).exclude(status__in=Refund.NOTHING_MOVES)
        return Money(rows.aggregate(sum=Coalesce(Sum("amount"), 0))["sum"], self.currency)

    def open_request(self) -> "StripeRequest | None":
        """The capture, release or refund under way, if any: it shows as "capturing…"."""
        return self.requests.open().first()


class Refund(models.Model):
    """A refund as Stripe tells it. Uncaptured money that returned is a release."""

    NOTHING_MOVES = ["failed", "canceled"]

    payment = models.ForeignKey(Payment, models.CASCADE, related_name="refunds")
    account = models.CharField(max_length=80)
    stripe_refund_id = models.CharField(max_length=255)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=20)
    reason = models.CharField(max_length=60, blank=True)
    is_release = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "stripe_refund_id"], name="stripe_refund_once"
            ),
        ]

    def __str__(self) -> str:
        return self.stripe_refund_id


class Dispute(models.Model):
    """A dispute as Stripe tells it."""

    payment = models.ForeignKey(Payment, models.CASCADE, related_name="disputes")
    account = models.CharField(max_length=80)
    stripe_dispute_id = models.CharField(max_length=255)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    status = models.CharField(max_length=40)
    reason = models.CharField(max_length=60, blank=True)
    due_by = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "stripe_dispute_id"], name="stripe_dispute_once"
            ),
        ]

    def __str__(self) -> str:
        return self.stripe_dispute_id


class MoneyEntry(models.Model):
    """The append-only money ledger: one signed entry per Stripe object and kind."""

    class Kind(models.TextChoices):
        CAPTURE = "capture"
        REFUND = "refund"
        REFUND_FAILED = "refund_failed"

    payment = models.ForeignKey(Payment, models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    stripe_object_id = models.CharField(max_length=255)
    # Captured so far after this entry, for captures in parts; 0 where one entry is all there is.
    sequence = models.BigIntegerField(default=0)
    amount = models.BigIntegerField(help_text="Positive in, negative out.")
    currency = models.CharField(max_length=3)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name_plural = "money entries"
        constraints = [
            models.UniqueConstraint(
                fields=["payment", "kind", "stripe_object_id", "sequence"],
                name="one_entry_per_fact",
            ),
        ]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.kind} {Money(self.amount, self.currency)}"


class StripeRequest(Work):
    """A write to Stripe: its key and parameters are frozen before the call."""

    class Kind(models.TextChoices):
        CREATE_SESSION = "create_session"
        EXPIRE_SESSION = "expire_session"
        CAPTURE = "capture"
        RELEASE = "release"
        REFUND = "refund"

    TASK: ClassVar[str] = "payments.send_request"
    DRAIN_TASK: ClassVar[str] = "payments.drain_requests"
    QUEUE: ClassVar[str] = "money"
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
    amount = models.BigIntegerField(null=True, blank=True)
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
        ]

    def __str__(self) -> str:
        return f"{self.kind} ({self.status})"


class MoneyAction(models.Model):
    """The append-only record of who asked for which money movement."""

    kind = models.CharField(max_length=20)
    request = models.ForeignKey(StripeRequest, models.CASCADE, related_name="actions")
    order = models.ForeignKey(Order, models.CASCADE, related_name="money_actions")
    payment = models.ForeignKey(Payment, models.CASCADE, related_name="actions")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=200, blank=True)
    actor_id = models.BigIntegerField(null=True, blank=True)
    actor_name = models.CharField(max_length=150)
    actor_address = models.CharField(max_length=45, blank=True)
    before = models.CharField(max_length=16, help_text="The payment's status then.")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-at", "-id"]
        triggers = [append_only()]

    def __str__(self) -> str:
        return f"{self.kind} by {self.actor_name}"

    @property
    def money(self) -> Money:
        return Money(self.amount, self.currency)


class WebhookEvent(Work):
    """The inbox: each event of Stripe's once, kept until settled."""

    TASK: ClassVar[str] = "payments.process_event"
    DRAIN_TASK: ClassVar[str] = "payments.drain_events"
    QUEUE: ClassVar[str] = "inbox"
    # As long as requests wait: Stripe being away for hours must not lose what it has told.
    MAX_ATTEMPTS: ClassVar[int] = 200

    account = models.CharField(max_length=80)
    stripe_event_id = models.CharField(max_length=255)
    type = models.CharField(max_length=100)
    api_version = models.CharField(max_length=40, blank=True)
    livemode = models.BooleanField()
    # Where it belongs, filled when it is stored: the object, its PaymentIntent, our metadata.
    object_id = models.CharField(max_length=255, blank=True)
    payment_intent_id = models.CharField(max_length=255, blank=True)
    metadata_shop = models.CharField(max_length=64, blank=True)
    metadata_order = models.CharField(max_length=64, blank=True)
    stripe_created_at = models.DateTimeField()
    payload = models.JSONField()

    class Meta(Work.Meta):
        constraints: ClassVar[list[Any]] = [
            *Work.Meta.constraints,
            models.UniqueConstraint(fields=["stripe_event_id"], name="stripe_event_once"),
        ]
        indexes: ClassVar[list[Any]] = [
            *Work.Meta.indexes,
            models.Index(fields=["object_id"], name="event_by_object"),
            models.Index(fields=["payment_intent_id"], name="event_by_payment_intent"),
            models.Index(fields=["metadata_order"], name="event_by_order"),
            models.Index(fields=["-created_at"], name="event_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.stripe_event_id}"


class EventCursor(models.Model):
    """Up to when Stripe's list of events has been read without a gap (times of the events)."""

    account = models.CharField(max_length=80, unique=True)
    seen_until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.account} until {self.seen_until:%Y-%m-%d %H:%M:%S}"


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
