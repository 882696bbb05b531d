"""Tax rates as staff keep them, by country and class of goods."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models, transaction
from django.db.models import Q, Value
from django.utils import timezone
from django.utils.formats import number_format

from shop.catalog.models.tax_class import MOST_LETTERS, STANDARD, is_tax_class
from shop.money import Money
from shop.translation.translated import Translated

EVERY_COUNTRY = "*"


class TaxRate(Translated):
    """What is due on one class of goods in one country.

    Once it was used it never changes: what it said of orders stays true. Another one takes its
    place.
    """

    TRANSLATED = ("name",)

    country = models.CharField(
        max_length=2,
        validators=[RegexValidator(r"\A([A-Z]{2}|\*)\Z", "Write two letters, as AT, or *.")],
        help_text="Two letters, as AT; or * for every country without a rate of its own.",
    )
    tax_class = models.CharField(
        max_length=MOST_LETTERS, default=STANDARD, validators=[is_tax_class]
    )
    # Stripe takes 50 letters and shows customers the percentage beside it.
    name = models.CharField(max_length=50, help_text="As customers know it: VAT.")
    percentage = models.DecimalField(
        max_digits=7,
        decimal_places=4,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    is_active = models.BooleanField("active", default=True)
    # Since when it is known elsewhere: at Stripe, or on an order.
    used_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta(Translated.Meta):
        ordering = ["country", "tax_class", "-is_active", "-id"]
        constraints = [
            *Translated.Meta.constraints,
            models.UniqueConstraint(
                fields=["country", "tax_class"],
                condition=Q(is_active=True),
                name="one_tax_rate_per_country_and_class",
            ),
            models.CheckConstraint(
                name="tax_rate_is_a_share", condition=Q(percentage__gte=0, percentage__lte=100)
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="used_tax_rate_stays",
                operation=pgtrigger.UpdateOf(  # type: ignore[no-untyped-call]
                    "country", "tax_class", "name", "percentage"
                ),
                condition=pgtrigger.Condition(
                    "OLD.used_at IS NOT NULL AND (OLD.country, OLD.tax_class, OLD.name,"
                    " OLD.percentage) IS DISTINCT FROM (NEW.country, NEW.tax_class, NEW.name,"
                    " NEW.percentage)"
                ),
            ),
            pgtrigger.Protect(
                name="used_tax_rate_is_kept",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.used_at IS NOT NULL"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.share} % ({self.country}, {self.tax_class})"

    @property
    def share(self) -> str:
        """The percentage as people write it: "20", "5.5"."""
        return plain_share(self.percentage)

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """That another one holds until now is no error: this one takes its place."""
        super().validate_constraints({*(exclude or ()), "tax_class"})

    @transaction.atomic
    def put_in_place(self) -> None:
        """Save it; the one that held for the same country and class until now ends."""
        self.end_former()
        self.save()

    def end_former(self) -> None:
        """Make room for this one; in the transaction that saves it."""
        former = TaxRate.objects.filter(
            country=self.country, tax_class=self.tax_class, is_active=True
        )
        if self.is_active:
            former.exclude(pk=self.pk).update(is_active=False)

    @classmethod
    def note_use(cls, ids: Any) -> None:
        """From now on these never change."""
        cls.objects.filter(pk__in=ids, used_at=None).update(used_at=timezone.now())


@dataclass(frozen=True)
class TaxSum:
    """What one rate comes to in an order, as people read it; the base is without the tax."""

    name: str
    percentage: str
    base: Money
    amount: Money

    @property
    def share(self) -> str:
        """The percentage as the present language writes it: "5,5"."""
        return number_format(Decimal(self.percentage))


class Taxed(models.Model):
    """What an order keeps of its taxes: those of the payment page that was paid."""

    # Of lines and delivery together, for each rate {"name", "percentage", "base", "amount"}, in the
    # customer's words of that day; the base is without the tax. Written once, with the total.
    # Of Stripe Tax also "exempt_by", its word for why nothing is due, as reverse_charge.
    taxes = models.JSONField(
        default=list, blank=True, editable=False, db_default=Value([], models.JSONField())
    )
    # Of a business, as it typed them on the payment page: for each {"type", "value"}, the types
    # being Stripe's: eu_vat, gb_vat. Only where they were asked for.
    tax_ids = models.JSONField(
        default=list, blank=True, editable=False, db_default=Value([], models.JSONField())
    )
    currency: str

    class Meta:
        abstract = True

    @property
    def tax_id_numbers(self) -> str:
        """All of them, as people read them; empty where none was given."""
        return ", ".join(one["value"] for one in self.tax_ids)

    @property
    def tax_sums(self) -> list[TaxSum]:
        """What each rate came to, lines and delivery together."""
        return tax_sums(self.taxes, self.currency)


def tax_sums(taxes: Iterable[dict[str, Any]], currency: str) -> list[TaxSum]:
    """What Order.taxes keeps, as people read it."""
    return [
        TaxSum(
            tax["name"],
            tax["percentage"],
            Money(tax["base"], currency),
            Money(tax["amount"], currency),
        )
        for tax in taxes
    ]


def plain_share(percentage: Decimal) -> str:
    """A percentage without idle zeros."""
    whole, _, part = f"{percentage:f}".partition(".")
    part = part.rstrip("0")
    return f"{whole}.{part}" if part else whole
