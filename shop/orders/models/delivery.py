"""How things get to the customer and what that costs, as staff set it."""

from datetime import date, timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from shop.catalog.models.tax_class import is_tax_code
from shop.money import Money
from shop.translation.translated import Translated

# Stripe's for what delivery costs, docs.stripe.com/tax/tax-codes.
SHIPPING_TAX_CODE = "txcd_92010001"
SATURDAY = 5


class DeliveryMethod(Translated):
    """A way of delivery: where to, how long it takes, and in which currencies at what price."""

    class Bands(models.TextChoices):
        NONE = "", "one price"
        WEIGHT = "weight", "by weight, in grams"
        VALUE = "value", "by the goods' value"

    TRANSLATED = ("name", "words")

    name = models.CharField(max_length=60)
    words = models.CharField(
        "words for the customer", max_length=200, blank=True, db_default="", default=""
    )
    countries = ArrayField(models.CharField(max_length=2), help_text="Two letters each: AT, DE.")
    is_free = models.BooleanField(
        "free of charge",
        default=False,
        db_default=False,
        help_text="In every currency; the prices below then do not count.",
    )
    bands_by = models.CharField(
        "prices are", max_length=6, choices=Bands.choices, blank=True, default="", db_default=""
    )
    # From the order to the door (Stripe's unit business_day).
    min_days = models.PositiveSmallIntegerField("fewest working days", default=2)
    max_days = models.PositiveSmallIntegerField("most working days", default=8)
    tax_code = models.CharField(
        max_length=20,
        blank=True,
        default="",
        db_default="",
        validators=[is_tax_code],
        help_text=f"Of Stripe Tax; empty: {SHIPPING_TAX_CODE}, which is delivery.",
    )
    is_active = models.BooleanField("active", default=True)
    position = models.PositiveSmallIntegerField(
        default=0, help_text="The lower, the earlier; the first one is proposed."
    )

    class Meta(Translated.Meta):
        ordering = ["position", "id"]
        constraints = [
            *Translated.Meta.constraints,
            models.CheckConstraint(
                name="delivery_days_are_a_span",
                condition=Q(min_days__gte=1, max_days__gte=F("min_days"), max_days__lte=99),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def days(self) -> str:
        """Working days from the order to the door: "2–8", or "3"."""
        return span_of_days(self.min_days, self.max_days)

    @property
    def arrives(self) -> tuple[date, date]:
        """First and last day on which comes what is ordered today."""
        return arrival(timezone.localdate(), self.min_days, self.max_days)


class DeliveryRate(models.Model):
    """What a method costs in one currency, from a weight or a goods' value on."""

    method = models.ForeignKey(DeliveryMethod, models.CASCADE, related_name="rates")
    currency = models.CharField(max_length=3)
    # Grams, or minor units of the currency, as the method's bands are.
    starts_at = models.BigIntegerField(default=0)
    amount = models.BigIntegerField(help_text="Whole minor units.")

    class Meta:
        ordering = ["currency", "starts_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["method", "currency", "starts_at"], name="one_delivery_rate_per_band"
            ),
            models.CheckConstraint(
                name="delivery_rate_is_not_negative", condition=Q(amount__gte=0, starts_at__gte=0)
            ),
        ]

    def __str__(self) -> str:
        cost = f"{self.method} for {Money(self.amount, self.currency)}"
        if not self.starts_at:
            return cost
        by_weight = self.method.bands_by == DeliveryMethod.Bands.WEIGHT
        start = f"{self.starts_at} g" if by_weight else Money(self.starts_at, self.currency)
        return f"{cost} from {start}"


class FreeDelivery(models.Model):
    """From which goods' value on a method costs nothing, in one currency."""

    method = models.ForeignKey(DeliveryMethod, models.CASCADE, related_name="free_from")
    currency = models.CharField(max_length=3)
    amount = models.BigIntegerField(help_text="Whole minor units.")

    class Meta:
        verbose_name_plural = "free deliveries"
        ordering = ["currency"]
        constraints = [
            models.UniqueConstraint(
                fields=["method", "currency"], name="one_free_delivery_per_currency"
            ),
            models.CheckConstraint(
                name="free_delivery_is_not_negative", condition=Q(amount__gte=0)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.method} free from {Money(self.amount, self.currency)}"


class Delivered(models.Model):
    """What an order keeps of its delivery: the one that was chosen on the payment page."""

    # Where the visitor said it should go, before the page asked for an address.
    country = models.CharField(max_length=2, blank=True, default="", db_default="")
    delivery_method = models.ForeignKey(
        DeliveryMethod, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # In the words and working days of its day; empty while nothing is chosen or sent.
    delivery_name = models.CharField(max_length=60, blank=True, default="", db_default="")
    delivery_min_days = models.PositiveSmallIntegerField(null=True, blank=True)
    delivery_max_days = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def delivery_days(self) -> str:
        """Working days from the order to the door: "2–8", "3", or empty."""
        if self.delivery_max_days is None:
            return ""
        return span_of_days(self.delivery_min_days or 0, self.delivery_max_days)


def arrival(ordered: date, fewest: int, most: int) -> tuple[date, date]:
    """The first and the last day on which it comes, so many working days after that of the order.

    Monday to Friday; what is a holiday where, nobody here knows.
    """
    return _working_days_after(ordered, fewest), _working_days_after(ordered, most)


def _working_days_after(day: date, number: int) -> date:
    while number:
        day += timedelta(days=1)
        number -= day.weekday() < SATURDAY
    return day


def span_of_days(fewest: int, most: int) -> str:
    """The days as they are read: "2–8", or "3"."""
    return f"{fewest}–{most}" if fewest < most else str(most)
