"""What was charged, taken apart as far as its tax is known, and shared out to the last unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Self

from shop.orders.tax.arithmetic import PARTS, in_proportion

# Whose name and percentage a tax goes by on a document, and those of a second tax on the same, as
# where a state and a city have one each: (name, percentage, name, percentage, …). None for what is
# not taxed.
Rate = tuple[str, ...] | None


@dataclass(frozen=True)
class Portion:
    """A part of what was charged, in minor units, that has one tax rate.

    `key` is the position of a line, "delivery" or "other". The tax is a part of `gross`, whether
    it stands in the price or comes on top of it.
    """

    key: str
    rate: Rate
    gross: int
    tax: int = 0
    is_on_top: bool = False

    @property
    def on_top(self) -> int:
        """What of it is beside the price."""
        return self.tax if self.is_on_top else 0

    def scaled(self, gross: int) -> Self:
        """A part of it, with its share of the tax, halves up; all of it has all of the tax."""
        tax = (2 * self.tax * gross + self.gross) // (2 * self.gross) if self.gross else 0
        return replace(self, gross=gross, tax=tax)

    @property
    def plain(self) -> list[Any]:
        return [self.key, list(self.rate) if self.rate else None, self.gross, self.tax,
                self.is_on_top]  # fmt: skip

    @classmethod
    def read(cls, plain: Sequence[Any]) -> Self:
        """What `plain` has written."""
        key, rate, gross, tax, is_on_top = plain
        return cls(key, tuple(rate) if rate else None, gross, tax, is_on_top)


def gross_of(portions: Iterable[Portion]) -> int:
    """What they come to, tax included."""
    return sum(portion.gross for portion in portions)


def share_out(amount: int, portions: Sequence[Portion]) -> list[Portion]:
    """`amount` over the portions in proportion, those with nothing left out.

    It is at most what they sum to; then each is at most what it was, and all of it is all.
    """
    shares = in_proportion(amount, {place: part.gross for place, part in enumerate(portions)})
    return [portions[place].scaled(gross) for place, gross in shares.items() if gross]


def left_of(portions: Iterable[Portion], used: Iterable[Portion]) -> list[Portion]:
    """What is left of each after what earlier documents say of the same; never less than nothing.

    The order may have lost units since one of them was written.
    """
    sums: dict[tuple[Any, ...], tuple[int, int]] = {}
    for part in used:
        gross, tax = sums.get(_same(part), (0, 0))
        sums[_same(part)] = (gross + part.gross, tax + part.tax)
    left = []
    for part in portions:
        gross, tax = sums.get(_same(part), (0, 0))
        rest = part.gross - gross
        if rest > 0:
            left.append(replace(part, gross=rest, tax=min(rest, max(0, part.tax - tax))))
    return left


def by_rate(portions: Iterable[Portion], key: str) -> list[Portion]:
    """One portion for each rate, in prices or on top of them."""
    sums: dict[tuple[Rate, bool], Portion] = {}
    for part in portions:
        before = sums.get((part.rate, part.is_on_top), Portion(key, part.rate, 0, 0))
        sums[part.rate, part.is_on_top] = Portion(
            key, part.rate, before.gross + part.gross, before.tax + part.tax, part.is_on_top
        )
    return list(sums.values())


def taxes_of(portions: Iterable[Portion]) -> list[dict[str, Any]]:
    """For each rate {"name", "percentage", "base", "amount"}, the largest rate first."""
    sums: dict[tuple[str, str], list[int]] = {}
    for part in portions:
        for rate, amount in _each_of(part):
            base, tax = sums.get(rate, (0, 0))
            sums[rate] = [base + part.gross - part.tax, tax + amount]
    named = [
        {"name": name, "percentage": percentage, "base": base, "amount": tax}
        for (name, percentage), (base, tax) in sums.items()
    ]
    return sorted(named, key=lambda tax: -float(str(tax["percentage"])))


def _each_of(part: Portion) -> list[tuple[tuple[str, str], int]]:
    """The part's tax by name and percentage; several share it as their percentages are."""
    flat = part.rate or ()
    rates = list(zip(flat[::2], flat[1::2], strict=True))
    weights = {place: int(Decimal(share) * PARTS) for place, (_, share) in enumerate(rates)}
    amounts = in_proportion(part.tax, weights) if rates else {}
    return [(rate, amounts[place]) for place, rate in enumerate(rates)]


def _same(part: Portion) -> tuple[Any, ...]:
    return part.key, part.rate, part.is_on_top
