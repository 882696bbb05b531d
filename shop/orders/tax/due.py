"""What tax is due on an order: line by line, in its delivery, and for each rate together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Self

from shop.catalog.models import Variant
from shop.money import Money
from shop.orders.models import TaxRate
from shop.orders.models.tax import TaxSum
from shop.orders.tax.arithmetic import in_proportion, tax_on
from shop.orders.tax.mode import is_inclusive
from shop.orders.tax.rates import Rates


@dataclass(frozen=True)
class Line:
    """What one thing costs, in minor units; `key` tells it from the order's others."""

    key: int
    tax_class: str
    amount: int
    is_sent: bool

    @classmethod
    def of(cls, key: int, variant: Variant, amount: int) -> Self:
        return cls(key, variant.product.tax_class, amount, variant.requires_shipping)


@dataclass(frozen=True)
class Tax:
    """What one rate comes to; the base is without the tax."""

    rate: TaxRate
    base: int
    amount: int


class Due:
    """The taxes of some lines in one country and currency."""

    def __init__(
        self, country: str, currency: str, lines: Iterable[Line], rates: Mapping[str, TaxRate]
    ) -> None:
        self.country = country
        self.currency = currency
        self.lines = list(lines)
        self.is_inclusive = is_inclusive(currency)
        self._by_class = rates

    @classmethod
    def of(cls, rates: Rates, country: str, currency: str, lines: Iterable[Line]) -> Self | None:
        """None where there is no rate for something of it: nothing is sold there without one."""
        lines = list(lines)
        due = rates.all_due(country, {line.tax_class for line in lines})
        return None if due is None else cls(country, currency, lines, due)

    @property
    def rates(self) -> list[TaxRate]:
        """Each that is due, once."""
        return list({rate.pk: rate for rate in self._by_class.values()}.values())

    @property
    def classes(self) -> set[str]:
        return {line.tax_class for line in self.lines}

    def at(self, currency: str, amounts: Mapping[int, int]) -> Self:
        """The same rates where the lines cost so much, {line's key: minor units}."""
        lines = [replace(line, amount=amounts[line.key]) for line in self.lines]
        return type(self)(self.country, currency, lines, self._by_class)

    @cached_property
    def by_line(self) -> dict[int, Tax]:
        """The tax of each line, by its key."""
        return {
            line.key: _tax(
                self._by_class[line.tax_class], line.amount, is_inclusive=self.is_inclusive
            )
            for line in self.lines
        }

    @property
    def on_top(self) -> int:
        """What customers pay beside the prices."""
        return 0 if self.is_inclusive else sum(tax.amount for tax in self.by_line.values())

    def in_delivery(self, amount: int) -> list[Tax]:
        """The taxes in a delivery's price, which includes them in every currency.

        It shares the rates of the goods that are sent, in proportion to what these cost.
        """
        weights: dict[int, int] = defaultdict(int)
        for line in self.lines:
            if line.is_sent:
                weights[self._by_class[line.tax_class].pk] += line.amount
        by_id = {rate.pk: rate for rate in self.rates}
        parts = in_proportion(amount, weights) if weights else {}
        return [_tax(by_id[pk], part, is_inclusive=True) for pk, part in parts.items()]

    def sums(self, delivery: int = 0) -> list[TaxSum]:
        """For each rate all that is due, in the present language, the largest rate first."""
        return [
            TaxSum(
                tax.rate.translated("name"),
                tax.rate.share,
                Money(tax.base, self.currency),
                Money(tax.amount, self.currency),
            )
            for tax in _summed([*self.by_line.values(), *self.in_delivery(delivery)])
        ]

    def frozen(
        self, stripe_ids: Mapping[int, str], countries: list[str], deliveries: Mapping[str, int]
    ) -> dict[str, Any]:
        """All of it as plain JSON, in the present language, for a page that is asked for now.

        `deliveries` are the prices of the ways of delivery that may be chosen there.
        """
        return {
            "is_inclusive": self.is_inclusive,
            "country": self.country,
            "countries": countries,
            "rates": {
                str(rate.pk): {
                    "name": rate.translated("name"),
                    "percentage": rate.share,
                    "stripe": stripe_ids[rate.pk],
                }
                for rate in self.rates
            },
            "lines": {str(key): _plain(tax) for key, tax in self.by_line.items()},
            "deliveries": {
                method: [_plain(tax) for tax in self.in_delivery(amount)]
                for method, amount in deliveries.items()
            },
        }


def summary(frozen: Mapping[str, Any], method: str) -> list[dict[str, Any]]:
    """What an order keeps of what was frozen, with the delivery that was chosen: for each rate
    {"name", "percentage", "base", "amount"}, the largest rate first.
    """
    if not frozen:
        return []
    sums: dict[str, dict[str, Any]] = {
        pk: {"name": rate["name"], "percentage": rate["percentage"], "base": 0, "amount": 0}
        for pk, rate in frozen["rates"].items()
    }
    for tax in [*frozen["lines"].values(), *frozen["deliveries"].get(method, [])]:
        sums[str(tax["rate"])]["base"] += tax["base"]
        sums[str(tax["rate"])]["amount"] += tax["amount"]
    return sorted(sums.values(), key=lambda rate: -float(rate["percentage"]))


def _tax(rate: TaxRate, amount: int, *, is_inclusive: bool) -> Tax:
    tax = tax_on(amount, rate.percentage, is_inclusive=is_inclusive)
    return Tax(rate, amount - tax if is_inclusive else amount, tax)


def _summed(taxes: Iterable[Tax]) -> list[Tax]:
    sums: dict[int, Tax] = {}
    for tax in taxes:
        before = sums.get(tax.rate.pk, Tax(tax.rate, 0, 0))
        sums[tax.rate.pk] = Tax(tax.rate, before.base + tax.base, before.amount + tax.amount)
    return sorted(sums.values(), key=lambda tax: -tax.rate.percentage)


def _plain(tax: Tax) -> dict[str, int]:
    return {"rate": tax.rate.pk, "base": tax.base, "amount": tax.amount}
