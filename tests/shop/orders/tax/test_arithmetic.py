"""Tax to the last unit, and the delivery's share of each rate."""

from decimal import Decimal

import pytest

from shop.orders.tax.arithmetic import in_proportion, tax_on


@pytest.mark.parametrize(
    ("amount", "percentage", "inside", "on_top"),
    [
        (1800, "20", 300, 360),
        (1999, "10", 182, 200),
        (3, "20", 1, 1),  # a half inside goes up: 0.5
        (25, "10", 2, 3),  # 2.27, and a half on top: 2.5
        (999_999_999_999, "5.5", 52_132_701_422, 55_000_000_000),
        (1000, "8.8750", 82, 89),
        (1000, "0", 0, 0),
        (0, "20", 0, 0),
        (1000, "100", 500, 1000),
    ],
)
def test_halves_go_up(amount: int, percentage: str, inside: int, on_top: int) -> None:
    share = Decimal(percentage)

    assert tax_on(amount, share, is_inclusive=True) == inside
    assert tax_on(amount, share, is_inclusive=False) == on_top


@pytest.mark.parametrize(
    ("amount", "weights", "parts"),
    [
        (490, {1: 1800}, {1: 490}),
        (490, {1: 1800, 2: 200}, {1: 441, 2: 49}),
        (100, {1: 1, 2: 1, 3: 1}, {1: 34, 2: 33, 3: 33}),
        (100, {1: 1, 2: 2}, {1: 33, 2: 67}),
        (490, {1: 0, 2: 0}, {1: 490, 2: 0}),
        (0, {1: 5}, {1: 0}),
    ],
)
def test_nothing_is_lost_in_a_split(
    amount: int, weights: dict[int, int], parts: dict[int, int]
) -> None:
    assert in_proportion(amount, weights) == parts
