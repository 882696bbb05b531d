"""What a discount takes off each line, in whole amounts that can be charged."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Self

from shop.catalog.models import Price, Variant
from shop.money import Money, step
from shop.orders.tax.arithmetic import PARTS, in_proportion


@dataclass(frozen=True)
class Line:
    """What one thing costs; `key` tells it from the order's others, amounts in minor units."""

    key: int
    product: int
    category: int
    unit_amount: int
    quantity: int
    is_reduced: bool
    # Where customers pay as much as they like, or give something for nothing.
    is_chosen: bool
    is_given: bool

    @classmethod
    def of(cls, key: int, variant: Variant, price: Price, unit: Money, quantity: int) -> Self:
        product = variant.product
        return cls(
            key,
            product.pk,
            product.category_id,
            unit.amount,
            quantity,
            is_reduced=price.regular is not None,
            is_chosen=price.is_chosen,
            is_given=product.is_given,
        )

    @property
    def amount(self) -> int:
        return self.unit_amount * self.quantity


def share_of(lines: Iterable[Line], percentage: Decimal, currency: str) -> dict[int, int]:
    """A percentage of each line, halves up. {line's key: minor units}"""
    share, whole, parts = int(percentage * PARTS), 100 * PARTS, step(currency)
    return {
        line.key: (2 * line.amount * share + whole * parts) // (2 * whole * parts) * parts
        for line in lines
    }


def amount_of(lines: Iterable[Line], amount: int, currency: str) -> dict[int, int]:
    """A fixed amount, at most what the lines cost, shared by what each of them costs."""
    costs = {line.key: line.amount for line in lines}
    parts = step(currency)
    off = min(amount, sum(costs.values()))
    shared = in_proportion(off // parts, costs) if costs else {}
    return {key: part * parts for key, part in _within(shared, costs, parts).items()}


def _within(shared: Mapping[int, int], costs: Mapping[int, int], parts: int) -> dict[int, int]:
    """No line gives more than it costs: what rounding gave it too much goes to those with room."""
    kept = {key: min(part, costs[key] // parts) for key, part in shared.items()}
    over = sum(shared.values()) - sum(kept.values())
    for key in kept:
        more = min(over, costs[key] // parts - kept[key])
        kept[key], over = kept[key] + more, over - more
    return kept


def bundles_of(lines: Iterable[Line], of: int, price: int) -> dict[int, int]:
    """Of each product, every `of` units cost what their `price` dearest do."""
    by_product: dict[int, list[Line]] = {}
    for line in lines:
        by_product.setdefault(line.product, []).append(line)
    off: dict[int, int] = {}
    for mine in by_product.values():
        # As (key, unit amount), the dearest first: a variant may cost more than another.
        units = [
            (line.key, line.unit_amount)
            for line in sorted(mine, key=lambda line: -line.unit_amount)
            for _ in range(line.quantity)
        ]
        for start in range(0, len(units) - of + 1, of):
            for key, amount in units[start + price : start + of]:
                off[key] = off.get(key, 0) + amount
    return off
