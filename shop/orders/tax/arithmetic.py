"""Tax in whole minor units, rounded as Stripe rounds it: for each line, halves up."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

# A percentage has at most so many decimals; in whole numbers nothing is lost before the rounding.
PARTS = 10**4


def tax_on(amount: int, percentage: Decimal, *, is_inclusive: bool) -> int:
    """The tax in an amount, or on top of it."""
    share = int(percentage * PARTS)
    whole = 100 * PARTS + (share if is_inclusive else 0)
    return (2 * amount * share + whole) // (2 * whole)


def in_proportion(amount: int, weights: Mapping[int, int]) -> dict[int, int]:
    """An amount split by weights, to the last unit; what is left over goes to the largest rests.

    Of equal rests the first gets it; where nothing weighs anything, the first gets all.
    """
    total = sum(weights.values())
    if not total:
        return {key: 0 if place else amount for place, key in enumerate(weights)}
    parts = {key: amount * weight // total for key, weight in weights.items()}
    rests: Sequence[int] = sorted(weights, key=lambda key: -(amount * weights[key] % total))
    for key in rests[: amount - sum(parts.values())]:
        parts[key] += 1
    return parts
