"""Payments with their refunds, as Stripe tells them."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q, Sum, Value
from django.db.models.functions import Coalesce, Now
from django.utils import timezone

from payments.models.later import LaterCharge
from payments.models.sessions import CheckoutSession
from shop.money import Money
from shop.orders.models import Order
from shop.transitions import guarded

if TYPE_CHECKING:
    from payments.models.requests import StripeRequest


def _moment(kept: str | None) -> datetime | None:
    return datetime.fromisoformat(kept) if kept else None


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
        LATER = "later"
        PRORATED = "prorated"

    # What pays an order: an extra one is sent back.
    OWN = [Purpose.CHECKOUT, Purpose.RENEWAL]
    # What is no part of the order's price: a second payment by mistake, what is owed besides, and
    # what evens out a change of a subscription in the middle of the order's period.
    BESIDE = [Purpose.EXTRA, Purpose.LATER, Purpose.PRORATED]
    # What sells nothing for which the shop would write a document of its own: a second payment by
    # mistake; and of a change Stripe's invoice tells in full.
    WITHOUT_DOCUMENT = [Purpose.EXTRA, Purpose.PRORATED]
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
    later_charge = models.ForeignKey(
        LaterCharge,
        models.CASCADE,
        null=True,
        blank=True,
        editable=False,
        related_name="payments",
        db_index=False,
    )
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField()
    authorized_amount = models.BigIntegerField(default=0)
    captured_amount = models.BigIntegerField(default=0)
    method = models.CharField(max_length=40, blank=True, help_text="card, sepa_debit, …")
    brand = models.CharField(max_length=40, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    stripe_payment_method_id = models.CharField(max_length=255, blank=True, db_default="")
    multicapture = models.BooleanField(default=False)
    capture_before = models.DateTimeField(null=True, blank=True)
    deadline_source = models.CharField(
        max_length=10, choices=DeadlineSource.choices, default=DeadlineSource.UNKNOWN
    )
    failure = models.CharField(max_length=300, blank=True, help_text="For staff, never customers.")
    # The same as Stripe's own word, from which the customer is told in plain ones
    # (fulfillment.emails.why_failed).
    failure_code = models.CharField(max_length=60, blank=True, default="", db_default="")
    # What its bank advises (docs.stripe.com/declines/codes), by Stripe's word.
    advice_code = models.CharField(max_length=30, blank=True, default="", db_default="")
    # What the customer has to pay with while it requires action: {"url", "numbers": [[word,
    # number]], "ends_at"?, "remind_at"?}, times in ISO 8601; empty for other ways to pay.
    voucher = models.JSONField(
        default=dict, blank=True, editable=False, db_default=Value({}, models.JSONField())
    )
    # What the customer saw and paid where Stripe has converted it, {"amount": minor units,
    # "currency"}; empty where it was the order's own currency.
    presentment = models.JSONField(
        default=dict, blank=True, editable=False, db_default=Value({}, models.JSONField())
    )
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    authorized_at = models.DateTimeField(null=True, blank=True)
    captured_at = models.DateTimeField(null=True, blank=True)
    # When the sweep looks, though nobody has told of anything (business time); null: never again.
    next_look_at = models.DateTimeField(null=True, blank=True, editable=False, db_default=Now())

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
            models.UniqueConstraint(
                fields=["later_charge"],
                condition=Q(
                    purpose="later",
                    status__in=[
                        "pending",
                        "requires_action",
                        "processing",
                        "authorized",
                        "captured",
                    ],
                ),
                name="one_live_payment_per_charge",
            ),
        ]
        indexes = [
            models.Index(
                fields=["capture_before"],
                name="payment_to_capture",
                condition=Q(status="authorized"),
            ),
            models.Index(
                fields=["next_look_at"],
                name="payment_next_look",
                condition=Q(next_look_at__isnull=False),
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

    @property
    def presented(self) -> Money | None:
        """What the customer paid in a currency of their own; None where it was the order's."""
        seen = self.presentment
        return Money(seen["amount"], seen["currency"]) if seen else None

    @property
    def waits_with_voucher(self) -> bool:
        """Whether the customer has a voucher, and it is not paid yet."""
        return self.status == self.Status.REQUIRES_ACTION and bool(self.voucher)

    @property
    def voucher_ends_at(self) -> datetime | None:
        """Until when the voucher can be paid (business time)."""
        return _moment(self.voucher.get("ends_at"))

    @property
    def voucher_remind_at(self) -> datetime | None:
        """From when on the customer is reminded of it; None for one that is short anyway."""
        return _moment(self.voucher.get("remind_at"))

    @property
    def lost(self) -> Money:
        """What banks have taken back for good."""
        rows = self.disputes.filter(status="lost")
        return Money(rows.aggregate(sum=Coalesce(Sum("amount"), 0))["sum"], self.currency)

    @property
    def came_back(self) -> Money:
        """What was sent back and did not reach the customer."""
        rows = self.refunds.filter(is_release=False, status="failed")
        return Money(rows.aggregate(sum=Coalesce(Sum("amount"), 0))["sum"], self.currency)

    @property
    def with_bank(self) -> str:
        """Why a bank keeps money from being sent back from here, for staff; else empty."""
        against = set(self.disputes.against_refunds().values_list("status", flat=True))
        if against == {"lost"}:
            return "The payment was disputed, and the bank has given the money back."
        return "The payment is disputed; the bank decides about the money." if against else ""

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
