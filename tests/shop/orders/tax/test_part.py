"""How much tax is in a part of an order."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from shop.orders.tax.part import taxes_in

TWENTY = {"name": "USt.", "percentage": "20", "base": 1752, "amount": 351}
TEN = {"name": "USt.", "percentage": "10", "base": 1179, "amount": 118}
amounts = st.integers(0, 10_000_000_000)


def test_a_part_has_its_share_of_each_rate() -> None:
    assert taxes_in(1700, 3400, [TWENTY, TEN]) == [
        {**TWENTY, "base": 876, "amount": 176},
        {**TEN, "base": 589, "amount": 59},
    ]


def test_what_is_under_no_tax_has_its_share_too() -> None:
    assert taxes_in(600, 1200, [{**TWENTY, "base": 500, "amount": 100}]) == [
        {**TWENTY, "base": 250, "amount": 50}
    ]


def test_without_taxes_there_are_none() -> None:
    assert taxes_in(1000, 3400, []) == []


@given(
    cells=st.lists(st.tuples(amounts, amounts), min_size=1, max_size=4),
    parts=st.tuples(st.floats(0, 1), st.floats(0, 1)),
)
def test_parts_are_the_whole(cells: list[tuple[int, int]], parts: tuple[float, float]) -> None:
    taxes: list[dict[str, Any]] = [{"base": base, "amount": amount} for base, amount in cells]
    whole = sum(base + amount for base, amount in cells)
    first, second = sorted(int(whole * part) for part in parts)

    for part in (first, second, whole):
        found = taxes_in(part, whole, taxes)
        assert sum(tax["base"] + tax["amount"] for tax in found) == part or not whole
        assert all(tax["amount"] >= 0 for tax in found)
    assert taxes_in(whole, whole, taxes) == taxes
