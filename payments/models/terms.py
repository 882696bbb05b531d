"""What Stripe is told of the terms of sale that staff keep: tax rates and discounts."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from shop.orders.models import Discount, TaxRate
from shop.orders.models.discounts.words import LONGEST_CODE
from shop.work import Work


class TaxRateSync(Work):
    """One call about a tax rate, with frozen key and parameters.

    For each account there is one making it inside a price, one making it on top, as far as the
    shop's currencies need both; and, when the rate has ended, one archiving each of these.
    """

    class Kind(models.TextChoices):
        CREATE = "create"
        ARCHIVE = "archive"

    TASK: ClassVar[str] = "payments.sync_tax_rate"
    DRAIN_TASK: ClassVar[str] = "payments.drain_tax_rate_syncs"
    QUEUE: ClassVar[str] = "catalog"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    rate = models.ForeignKey(TaxRate, models.CASCADE, related_name="+")
    account = models.CharField(max_length=80)
    is_inclusive = models.BooleanField()
    key = models.CharField(max_length=255, unique=True)
    parameters = models.JSONField(default=dict)
    # Of the one that was made, or is to be archived.
    stripe_tax_rate_id = models.CharField(max_length=255, blank=True, default="")

    class Meta(Work.Meta):
        verbose_name = "tax rate sync"
        constraints: ClassVar[list[Any]] = [
            *Work.Meta.constraints,
            models.UniqueConstraint(
                fields=["rate", "account", "is_inclusive", "kind"], name="tax_rate_is_synced_once"
            ),
            models.CheckConstraint(
                name="only_a_known_tax_rate_is_archived",
                condition=Q(kind="create") | ~Q(stripe_tax_rate_id=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.rate_id}"


class DiscountSync(Work):
    """One call about a discount whose codes may be typed on Stripe's page, with frozen key.

    A coupon is made once for its terms, then a promotion code of it for each word. Neither can be
    changed there: other terms make others, and the former code is switched off before.
    """

    class Kind(models.TextChoices):
        COUPON = "coupon"
        CODE = "code"
        OFF = "off"

    TASK: ClassVar[str] = "payments.sync_discount"
    DRAIN_TASK: ClassVar[str] = "payments.drain_discount_syncs"
    QUEUE: ClassVar[str] = "catalog"

    kind = models.CharField(max_length=8, choices=Kind.choices)
    # Gone with its discount; the code is switched off all the same.
    discount = models.ForeignKey(Discount, models.SET_NULL, null=True, blank=True, related_name="+")
    account = models.CharField(max_length=80)
    # What this one waits for: of a code its coupon, of an end the code that ends.
    of = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="+")
    word = models.CharField(max_length=LONGEST_CODE, blank=True, default="")
    # What was agreed (payments.stripe.terms.discounts.terms), and how it is compared.
    terms = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True, default="")
    # Of a code: whether it is the one that counts for its word, made or still to be made.
    is_live = models.BooleanField(default=False)
    key = models.CharField(max_length=255, unique=True)
    parameters = models.JSONField(default=dict)
    # Of the coupon or the promotion code that was made.
    stripe_id = models.CharField(max_length=255, blank=True, default="")

    class Meta(Work.Meta):
        verbose_name = "discount sync"
        constraints: ClassVar[list[Any]] = [
            *Work.Meta.constraints,
            models.UniqueConstraint(
                fields=["account", "word"],
                condition=Q(kind="code", is_live=True),
                name="one_live_promotion_code_per_word",
            ),
            models.UniqueConstraint(
                fields=["account", "discount", "digest"],
                condition=Q(kind="coupon"),
                name="coupon_is_made_once_for_its_terms",
            ),
            models.UniqueConstraint(
                fields=["of"], condition=Q(kind="off"), name="promotion_code_is_ended_once"
            ),
            models.UniqueConstraint(
                fields=["account", "stripe_id"],
                condition=Q(kind="code") & ~Q(stripe_id=""),
                name="promotion_code_is_known_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.word or self.discount_id}"
