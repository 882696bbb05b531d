"""Prices, and what the prices of a product span."""

import secrets

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Case, F, Q, When
from django.utils import timezone

from shop.catalog.models.price_span_triggers import OF_PRICES, follow_lowest
from shop.catalog.models.products import Product, Variant
from shop.catalog.models.rhythm import Rhythm, trial_words
from shop.money import Money

# What a trial may last at Stripe (docs.stripe.com/api/checkout/sessions/create).
LONGEST_TRIAL = 730
# By which rhythms are put in order; nothing is reckoned by it.
DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}


def new_key() -> str:
    """A public key that tells nothing: 12 characters of URL-safe randomness."""
    return secrets.token_urlsafe(9)


class PriceQuerySet(models.QuerySet["Price"]):
    def current(self) -> "PriceQuerySet":
        """What things are bought for once, now; not what subscriptions cost."""
        return self.filter(is_active=True, interval="")

    def offered(self) -> "PriceQuerySet":
        """Those of them in a currency that visitors may choose."""
        return self.current().filter(currency__in=settings.CURRENCIES_OFFERED)

    def recurring(self) -> "PriceQuerySet":
        """What subscriptions cost each time, the most frequent first."""
        return self.filter(is_active=True).exclude(interval="").by_rhythm()

    def by_rhythm(self) -> "PriceQuerySet":
        """What is paid once first, then what most often."""
        every = Case(*(When(interval=name, then=days) for name, days in DAYS.items()), default=0)
        return self.order_by(every * F("interval_count"), "pk")

    def asked(self) -> "PriceQuerySet":
        """What can be paid now, once or again and again, in a currency that visitors may choose."""
        return self.filter(is_active=True, currency__in=settings.CURRENCIES_OFFERED)

    def subscribable(self) -> "PriceQuerySet":
        """Those of them in a currency that visitors may choose."""
        return self.recurring().filter(currency__in=settings.CURRENCIES_OFFERED)


class PriceSpan(models.Model):
    """What the active variants of a product cost now in one currency; the database alone writes it.

    As rows, so that an index leads through a list by price, in whatever currency.
    """

    # The rule that there is one for each currency brings the index.
    product = models.ForeignKey(Product, models.CASCADE, related_name="price_spans", db_index=False)
    currency = models.CharField(max_length=3)
    lowest = models.BigIntegerField()
    highest = models.BigIntegerField()
    is_reduced = models.BooleanField(help_text="At least one price is a reduced one.")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["product", "currency"], name="one_price_span_per_currency"
            ),
        ]
        indexes = [
            models.Index(fields=["currency", "lowest", "product"], name="product_by_price"),
            models.Index(fields=["currency", "highest"], name="product_by_highest_price"),
            models.Index(
                fields=["currency", "product"],
                name="product_with_reduced_price",
                condition=Q(is_reduced=True),
            ),
        ]

    def __str__(self) -> str:
        return str(Money(self.lowest, self.currency))


class Price(models.Model):
    """What a variant costs in one currency. Prices are replaced, never edited.

    With `interval` it is what a subscription costs each time. With `is_chosen` the customer names
    the amount, between the minimum and the maximum; `unit_amount` is then what is proposed.
    """

    class Interval(models.TextChoices):
        DAY = "day"
        WEEK = "week"
        MONTH = "month"
        YEAR = "year"

    key = models.CharField(max_length=16, unique=True, default=new_key, editable=False)
    variant = models.ForeignKey(Variant, models.CASCADE, related_name="prices")
    unit_amount = models.BigIntegerField(help_text="Whole minor units.")
    currency = models.CharField(max_length=3)
    # A reduced price names both: what it cost before, and the lowest price of the last 30 days
    # before the reduction, which the buyer must be told (Directive 98/6/EC, Article 6a).
    regular_amount = models.BigIntegerField(null=True, blank=True)
    lowest_recent_amount = models.BigIntegerField(null=True, blank=True)
    is_chosen = models.BooleanField(default=False, db_default=False)
    minimum_amount = models.BigIntegerField(null=True, blank=True)
    maximum_amount = models.BigIntegerField(null=True, blank=True)
    interval = models.CharField(
        max_length=5, choices=Interval.choices, default="", db_default="", blank=True
    )
    interval_count = models.PositiveSmallIntegerField(default=1, db_default=1)
    # So many days of a subscription are free, and then the first is paid for.
    trial_days = models.PositiveSmallIntegerField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    stripe_account = models.CharField(max_length=80, blank=True, editable=False)
    stripe_price_id = models.CharField(max_length=255, blank=True, editable=False)

    objects = PriceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(name="price_is_not_negative", condition=Q(unit_amount__gte=0)),
            models.UniqueConstraint(
                fields=["variant", "currency", "interval", "interval_count"],
                condition=Q(is_active=True),
                name="one_current_price_per_currency",
            ),
            models.CheckConstraint(
                name="reduced_price_is_lower",
                condition=Q(regular_amount__isnull=True, lowest_recent_amount__isnull=True)
                | Q(regular_amount__gt=F("unit_amount"), lowest_recent_amount__gte=0),
            ),
            models.CheckConstraint(
                name="chosen_price_has_bounds",
                condition=Q(is_chosen=False, minimum_amount=None, maximum_amount=None)
                | Q(
                    is_chosen=True,
                    minimum_amount__gte=1,
                    unit_amount__gte=F("minimum_amount"),
                    maximum_amount__gte=F("unit_amount"),
                ),
            ),
            models.CheckConstraint(
                name="only_subscriptions_have_trials",
                condition=Q(trial_days__isnull=True)
                | (~Q(interval="") & Q(trial_days__gte=1, trial_days__lte=LONGEST_TRIAL)),
            ),
            models.UniqueConstraint(
                fields=["stripe_account", "stripe_price_id"],
                condition=~Q(stripe_price_id=""),
                name="stripe_price_is_one_price",
            ),
        ]
        triggers = [
            follow_lowest("lowest_follows_new_price", pgtrigger.Insert, OF_PRICES),
            follow_lowest("lowest_follows_price", pgtrigger.Update, OF_PRICES),
        ]

    def __str__(self) -> str:
        return str(self.money)

    @property
    def is_offered(self) -> bool:
        """Whether a thing can be bought once at it now: what `offered` finds."""
        return self.is_asked and not self.interval

    @property
    def is_asked(self) -> bool:
        """Whether a thing can be had at it now, once or again and again."""
        return self.is_active and self.currency in settings.CURRENCIES_OFFERED

    @property
    def rhythm(self) -> "Rhythm | None":
        """How often it is paid; None for once."""
        return Rhythm(self.interval, self.interval_count) if self.interval else None

    @property
    def trial_words(self) -> str:
        """As "14 days free", in the present language; empty without a trial."""
        return trial_words(self.trial_days) if self.trial_days else ""

    @property
    def money(self) -> Money:
        return Money(self.unit_amount, self.currency)

    @property
    def least(self) -> Money:
        """The least that one can be had for."""
        least = self.minimum_amount
        return self.money if least is None else Money(least, self.currency)

    @property
    def most(self) -> Money:
        """The most that one can be had for."""
        most = self.maximum_amount
        return self.money if most is None else Money(most, self.currency)

    def asked(self, named: Money | None) -> Money:
        """What one costs a customer who named this amount: as near to it as the bounds allow."""
        return self.money if named is None else max(self.least, min(named, self.most))

    @property
    def regular(self) -> Money | None:
        """What a reduced price was before; None when it is not reduced."""
        return None if self.regular_amount is None else Money(self.regular_amount, self.currency)

    @property
    def lowest_recent(self) -> Money | None:
        """The lowest price of the 30 days before the reduction."""
        lowest = self.lowest_recent_amount
        return None if lowest is None else Money(lowest, self.currency)
