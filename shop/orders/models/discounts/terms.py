"""What may be taken off a price, when and for whom, as staff set it: codes, and offers of the shop.

At Stripe a discount is a Coupon, and its words are PromotionCodes (docs.stripe.com/api/coupons).
"""

from typing import Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from shop.catalog.models import Category, Product
from shop.money import Money
from shop.orders.models.discounts.words import LONGEST_CODE, canonical, skeleton
from shop.orders.models.tax import plain_share
from shop.translation.translated import Translated


class Discount(Translated):
    """What is taken off: for who types one of its codes, or of itself for everybody.

    An order has one at most, the one that takes off the most.
    """

    class Kind(models.TextChoices):
        PERCENT = "percent", "a share of the price, in %"
        AMOUNT = "amount", "an amount"
        BUNDLE = "bundle", "so many of one product for the price of fewer"
        DELIVERY = "delivery", "free delivery, the cheapest way"

    TRANSLATED = ("name",)

    # As long as the name of a Coupon may be.
    name = models.CharField(max_length=40, help_text="As customers read it: Summer sale.")
    kind = models.CharField("takes off", max_length=8, choices=Kind.choices)
    percentage = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    bundle_of = models.PositiveSmallIntegerField(
        "units of a bundle", null=True, blank=True, help_text="3 for the price of 2: here 3."
    )
    bundle_price = models.PositiveSmallIntegerField(
        "for the price of", null=True, blank=True, help_text="3 for the price of 2: here 2."
    )
    is_automatic = models.BooleanField(
        "for everybody", default=False, help_text="It counts without a code."
    )
    products = models.ManyToManyField(Product, blank=True, related_name="+")
    categories = models.ManyToManyField(
        Category,
        blank=True,
        related_name="+",
        help_text="With all below them. Without products and categories it is for everything.",
    )
    with_sale = models.BooleanField(
        "also on sale prices",
        default=True,
        help_text="Otherwise what is reduced already stays as it is.",
    )
    is_first_order_only = models.BooleanField("first order only", default=False)
    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text="Only for this customer, logged in.",
    )
    most_uses = models.PositiveIntegerField(
        "how often in all", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    most_per_customer = models.PositiveIntegerField(
        "how often per customer", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    # Counted while `most_uses` is set: the open orders that reserve it, and the ones that had it.
    uses = models.PositiveIntegerField(default=0, db_default=0, editable=False)
    starts_at = models.DateTimeField("from", null=True, blank=True)
    ends_at = models.DateTimeField("until", null=True, blank=True)
    is_active = models.BooleanField("active", default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(Translated.Meta):
        ordering = ["-created_at", "-id"]
        constraints = [
            *Translated.Meta.constraints,
            models.CheckConstraint(
                name="discount_has_what_its_kind_needs",
                condition=~Q(kind__in=["percent", "bundle"])
                | Q(kind="percent", percentage__gt=0, percentage__lte=100)
                | Q(kind="bundle", bundle_price__gte=1, bundle_of__gt=F("bundle_price")),
            ),
            models.CheckConstraint(
                name="discount_is_used_no_more_often",
                condition=Q(most_uses=None) | Q(uses__lte=F("most_uses")),
            ),
            models.CheckConstraint(
                name="discount_ends_after_it_begins",
                condition=Q(starts_at=None) | Q(ends_at=None) | Q(ends_at__gt=F("starts_at")),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def share(self) -> str:
        """The percentage as people write it: "10", "12.5"; empty where it is none."""
        return "" if self.percentage is None else plain_share(self.percentage)

    @property
    def is_counted(self) -> bool:
        """Whether somebody may come too late for it: its uses are then taken one by one."""
        limits = (self.most_uses, self.most_per_customer, self.customer_id)
        return self.is_first_order_only or any(limit is not None for limit in limits)

    @property
    def works_on_page(self) -> bool:
        """Whether Stripe's page may take its codes, because Stripe can keep all of its rules."""
        return not self.why_not_on_page

    @property
    def why_not_on_page(self) -> str:
        """Which rule Stripe cannot keep by itself, for staff; empty where there is none."""
        rows = list(self.amounts.all())
        off = [row for row in rows if row.amount is not None]
        reasons = {
            "Stripe knows no such offers.": self.kind not in (self.Kind.PERCENT, self.Kind.AMOUNT),
            "It has no amount yet.": self.kind == self.Kind.AMOUNT and not off,
            "It has no code.": not self.codes.all(),
            "It is for chosen products only.": bool(self.products.all() or self.categories.all()),
            "Stripe does not know which prices are reduced.": not self.with_sale,
            "It is for one customer.": self.customer_id is not None,
            "Stripe does not know who has used it.": self.most_per_customer is not None,
            "Stripe does not know whose order is the first.": self.is_first_order_only,
        }
        return " ".join(reason for reason, holds in reasons.items() if holds)


class DiscountAmount(models.Model):
    """In one currency: what is taken off, and what has to be bought for it at least."""

    discount = models.ForeignKey(Discount, models.CASCADE, related_name="amounts")
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField(null=True, blank=True, help_text="Whole minor units.")
    least = models.BigIntegerField(null=True, blank=True, help_text="Whole minor units.")

    class Meta:
        ordering = ["currency"]
        constraints = [
            models.UniqueConstraint(
                fields=["discount", "currency"], name="one_discount_amount_per_currency"
            ),
            models.CheckConstraint(
                name="discount_amounts_are_positive",
                condition=(Q(amount=None) | Q(amount__gt=0)) & (Q(least=None) | Q(least__gt=0)),
            ),
        ]

    def __str__(self) -> str:
        off = "" if self.amount is None else f" {Money(self.amount, self.currency)}"
        least = "" if self.least is None else f" from {Money(self.least, self.currency)} on"
        return f"{self.discount}{off}{least}"


class DiscountCode(models.Model):
    """A word that customers type for a discount."""

    discount = models.ForeignKey(Discount, models.CASCADE, related_name="codes")
    code = models.CharField(max_length=LONGEST_CODE, unique=True)
    # What is left of it where letters that look alike are one (shop.orders.models.discounts.words).
    skeleton = models.CharField(max_length=LONGEST_CODE, db_index=True, editable=False)
    is_active = models.BooleanField("active", default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.CheckConstraint(name="discount_code_is_not_empty", condition=~Q(code="")),
        ]

    def __str__(self) -> str:
        return self.code

    def clean_fields(self, exclude: Any = None) -> None:
        """However it is typed, it is kept as it is compared."""
        self.code = canonical(self.code)
        self.skeleton = skeleton(self.code)
        super().clean_fields(exclude)
