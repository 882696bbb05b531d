"""What is to be told to Stripe, and what was found there."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.utils import timezone

from shop.catalog.models.prices import Price
from shop.catalog.models.products import Variant
from shop.work import Work


class CatalogSync(Work):
    """One change of a variant or price on its way to Stripe, with frozen parameters."""

    class Kind(models.TextChoices):
        CREATE_PRODUCT = "create_product"
        UPDATE_PRODUCT = "update_product"
        CREATE_PRICE = "create_price"
        UPDATE_PRICE = "update_price"
        ARCHIVE_PRICE = "archive_price"

    TASK: ClassVar[str] = "catalog.sync_one"
    DRAIN_TASK: ClassVar[str] = "catalog.drain_syncs"
    QUEUE: ClassVar[str] = "catalog"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="syncs")
    price = models.ForeignKey(Price, models.CASCADE, null=True, blank=True, related_name="syncs")
    stripe_account = models.CharField(max_length=80)
    key = models.CharField(max_length=255, unique=True)
    generation = models.PositiveIntegerField(default=1)
    parameters = models.JSONField(default=dict)
    # Whether the variant's baseline says what this row told; it is done then.
    in_baseline = models.BooleanField(default=False, db_default=False)

    class Meta(Work.Meta):
        constraints: ClassVar[list[Any]] = [*Work.Meta.constraints]
        indexes: ClassVar[list[Any]] = [
            *Work.Meta.indexes,
            models.Index(
                fields=["variant"],
                name="catalogsync_not_in_baseline",
                condition=Q(in_baseline=False, status="done"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.variant_id}"


class StripeBaseline(models.Model):
    """What an account was told of a variant and its prices, and both sides last agreed on.

    The sum of the finished rows that are in it. A table of its own, and no column of the variant,
    so that saving a variant never brings back what an earlier read of it said.
    """

    variant = models.ForeignKey(Variant, models.CASCADE, related_name="baselines")
    stripe_account = models.CharField(max_length=80)
    product = models.JSONField(default=dict, help_text="The product's parameters.")
    prices = models.JSONField(default=dict, help_text="The parameters of each price, by its id.")
    archived = ArrayField(models.BigIntegerField(), default=list, help_text="Ids of prices.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "stripe_account"], name="one_baseline_per_account"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.variant_id} in {self.stripe_account}"


class UnclaimedStripeObject(models.Model):
    """An object in the Stripe account without our mark: offered for adoption, never touched."""

    class Status(models.TextChoices):
        OPEN = "open"
        ADOPTED = "adopted"
        DECLINED = "declined"

    stripe_account = models.CharField(max_length=80)
    stripe_id = models.CharField(max_length=255)
    # A price of one of our products; empty for a product of somebody else.
    variant = models.ForeignKey(Variant, models.CASCADE, null=True, blank=True, related_name="+")
    name = models.CharField(max_length=255, blank=True)
    unit_amount = models.BigIntegerField(null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    # What a price asks, in the form of shop.catalog.stripe_sync.prices.
    terms = models.JSONField(default=dict, blank=True, db_default=Value({}, models.JSONField()))
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.OPEN)
    seen_at = models.DateTimeField(default=timezone.now)

    class Meta:
        # A table is renamed under nobody who runs beside it.
        db_table = "catalog_stripeoffer"
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["stripe_account", "stripe_id"], name="one_offer_per_stripe_object"
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.stripe_id


class SyncConflict(models.Model):
    """A field that was changed here and at Stripe since they last agreed; a person decides."""

    class Status(models.TextChoices):
        OPEN = "open"
        OURS = "ours"
        THEIRS = "theirs"
        OVER = "over"

    variant = models.ForeignKey(Variant, models.CASCADE, related_name="conflicts")
    stripe_account = models.CharField(max_length=80)
    field = models.CharField(max_length=20)
    base = models.JSONField(null=True, blank=True)
    ours = models.JSONField(null=True, blank=True)
    theirs = models.JSONField(null=True, blank=True)
    status = models.CharField(max_length=6, choices=Status.choices, default=Status.OPEN)
    opened_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by_id = models.BigIntegerField(null=True, blank=True)
    closed_by_name = models.CharField(max_length=150, blank=True)

    class Meta:
        ordering = ["variant__sku", "field"]
        constraints = [
            models.UniqueConstraint(
                fields=["variant", "stripe_account", "field"],
                condition=Q(status="open"),
                name="one_open_conflict_per_field",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.field} of {self.variant.sku}"
