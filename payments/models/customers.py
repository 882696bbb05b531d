"""The customers that Stripe knows, and what they have let the shop keep there to pay with."""

import uuid
from typing import Any

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils import timezone

from shop.transitions import guarded


class Customer(models.Model):
    """A Stripe customer: belongs to a user, or to the signed browser session of a guest."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.CharField(max_length=80)
    stripe_customer_id = models.CharField(max_length=255)
    # Stripe's newer way to know them (Accounts v2). The shop makes none; what staff enter is sent
    # in the customer's place.
    stripe_account_id = models.CharField(
        "Stripe account",
        max_length=255,
        blank=True,
        default="",
        db_default="",
        validators=[RegexValidator(r"\Aacct_\w+\Z", "An account's id begins with acct_.")],
        help_text="The id of an Account at Stripe (acct_…), if this customer is one there. It is"
        " sent instead of the customer's.",
    )
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True)
    visitor = models.UUIDField(null=True, blank=True)
    # When a card was kept on purpose; only such a customer is named at Stripe again.
    saved_at = models.DateTimeField(null=True, blank=True)
    # Deleted at Stripe: never named there again. What was agreed to stays with its methods.
    gone_at = models.DateTimeField(null=True, blank=True, editable=False)
    # What Stripe charges for invoices that name nothing else; empty for none.
    stripe_default_method_id = models.CharField(
        max_length=255, blank=True, default="", db_default="", editable=False
    )
    # When the answer that was applied last was asked for; an older one gives way.
    read_at = models.DateTimeField(null=True, blank=True, editable=False)
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

    @classmethod
    def of(cls, *, visitor: uuid.UUID | None, user: Any = None) -> "models.QuerySet[Customer]":
        """Those whose card was kept on purpose, of this user, else of this browser."""
        mine = {"user": user} if user else {"visitor": visitor, "user": None}
        kept = cls.objects.filter(saved_at__isnull=False, gone_at=None, **mine)
        return kept if user or visitor else kept.none()

    @property
    def named(self) -> dict[str, str]:
        """How a call to Stripe says who it is."""
        if self.stripe_account_id:
            return {"customer_account": self.stripe_account_id}
        return {"customer": self.stripe_customer_id}


@guarded
class SavedMethod(models.Model):
    """A payment method that is kept at Stripe for a customer. Written by settle only."""

    class Status(models.TextChoices):
        ATTACHED = "attached"
        DETACHED = "detached"

    class SetUpBy(models.TextChoices):
        """What its owner did, by which it may be used: see `may_be_charged_later`."""

        TICK = "tick", "ticked the box while paying"
        ON_SESSION = "on_session", "paid, for purchases of their own"
        OFF_SESSION = "off_session", "paid, and agreed to later charges"
        SETUP = "setup", "added it for later charges"
        SUBSCRIPTION = "subscription", "paid for a subscription, and agreed to its renewals"
        ELSEWHERE = "elsewhere", "added it in Stripe's portal, or staff did in the Dashboard"

    # What Stripe has let go of can never be attached again.
    COMES_FROM = {Status.ATTACHED: [], Status.DETACHED: [Status.ATTACHED]}
    FOR_LATER = [SetUpBy.OFF_SESSION, SetUpBy.SETUP]
    # Its bank wants no further try (docs.stripe.com/declines/codes): so `unusable` says.
    NEVER_AGAIN = "do_not_try_again"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    account = models.CharField(max_length=80)
    stripe_payment_method_id = models.CharField(max_length=255)
    customer = models.ForeignKey(Customer, models.CASCADE, related_name="methods")
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ATTACHED)
    type = models.CharField(max_length=40, help_text="card, sepa_debit, …")
    brand = models.CharField(max_length=40, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    exp_month = models.PositiveSmallIntegerField(null=True, blank=True)
    exp_year = models.PositiveSmallIntegerField(null=True, blank=True)
    allow_redisplay = models.CharField(max_length=12, blank=True)
    set_up_by = models.CharField(max_length=12, choices=SetUpBy.choices, default=SetUpBy.ELSEWHERE)
    # What its owner read, which version of it that was, and when they agreed to it by going on.
    consent_text = models.TextField(blank=True)
    consent_version = models.CharField(max_length=40, blank=True)
    consent_at = models.DateTimeField(null=True, blank=True)
    # Why Stripe says that it cannot be debited any more, as a mandate that was withdrawn.
    unusable = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    detached_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "stripe_payment_method_id"], name="stripe_method_once"
            ),
            models.CheckConstraint(
                name="consent_is_whole",
                condition=models.Q(consent_at=None, consent_text="", consent_version="")
                | models.Q(consent_at__isnull=False) & ~models.Q(consent_text=""),
            ),
        ]

    def __str__(self) -> str:
        return self.stripe_payment_method_id

    @property
    def may_be_charged_later(self) -> bool:
        """Whether its owner agreed to charges that they do not make themselves."""
        return (
            self.status == self.Status.ATTACHED
            and self.set_up_by in self.FOR_LATER
            and self.consent_at is not None
            and not self.unusable
        )


class PortalConfiguration(models.Model):
    """What Stripe's customer portal shows, made by the shop once in an account."""

    account = models.CharField(max_length=80, unique=True)
    stripe_configuration_id = models.CharField(max_length=255)
    created_at = models.DateTimeField(default=timezone.now, editable=False)

    def __str__(self) -> str:
        return self.stripe_configuration_id
