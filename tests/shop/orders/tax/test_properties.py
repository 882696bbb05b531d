"""What holds of every order's tax, in every currency, inclusive and exclusive."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.money import CURRENCIES
from shop.orders.models import TaxRate
from shop.orders.tax.due import Due, Line, summary
from tests.support.properties import examples

amounts = st.integers(0, 10_000_000_000)
percentages = st.decimals(0, 100, places=4)
CLASSES = ["standard", "books", "food"]


@st.composite
def orders(draw: Any) -> tuple[list[Line], int, dict[str, TaxRate]]:
    """Up to six lines in up to three classes, a delivery, and rates for these classes."""
    rates = {
        name: TaxRate(pk=place, tax_class=name, name=name, percentage=draw(percentages))
        for place, name in enumerate(CLASSES, 1)
    }
    lines = [
        Line(key, draw(st.sampled_from(CLASSES)), draw(amounts), draw(st.booleans()))
        for key in range(1, draw(st.integers(1, 6)) + 1)
    ]
    delivery = draw(amounts) if any(line.is_sent for line in lines) else 0
    due = {line.tax_class: rates[line.tax_class] for line in lines}
    return lines, delivery, due


@pytest.mark.parametrize("is_inclusive", [True, False], ids=["inclusive", "exclusive"])
@examples(300)
@given(currency=st.sampled_from(sorted(CURRENCIES)), order=orders())
def test_lines_and_delivery_and_tax_on_top_are_bases_and_taxes(
    currency: str, is_inclusive: bool, order: tuple[list[Line], int, dict[str, TaxRate]]
) -> None:
    lines, delivery, rates = order
    due = Due("AT", currency, lines, rates)
    due.is_inclusive = is_inclusive

    frozen = due.frozen({rate.pk: "txr" for rate in due.rates}, ["AT"], {"7": delivery})
    kept = summary(frozen, "7")

    total = sum(line.amount for line in lines) + delivery + due.on_top
    assert sum(tax["base"] + tax["amount"] for tax in kept) == total
    assert (due.on_top == 0) or not is_inclusive
    assert all(tax["base"] >= 0 and tax["amount"] >= 0 for tax in kept)
    shown = sorted((tax.name, tax.base.amount, tax.amount.amount) for tax in due.sums(delivery))
    assert shown == sorted((tax["name"], tax["base"], tax["amount"]) for tax in kept)


@given(order=orders(), is_inclusive=st.booleans())
def test_each_line_is_rounded_once_with_halves_up(
    order: tuple[list[Line], int, dict[str, TaxRate]], is_inclusive: bool
) -> None:
    lines, _, rates = order
    due = Due("AT", "eur", lines, rates)
    due.is_inclusive = is_inclusive

    for line in lines:
        share = rates[line.tax_class].percentage
        exact = line.amount * share / (100 + share if is_inclusive else 100)
        assert due.by_line[line.key].amount == int(exact.quantize(Decimal(1), ROUND_HALF_UP))
