from decimal import Decimal

import pytest
from babel.numbers import get_currency_precision
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from shop.money import CURRENCIES, Money
from shop.templatetags.money import money, typed


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Money(2400, "eur"), "€24.00"),
        (Money(123456789, "eur"), "€1,234,567.89"),
        (Money(0, "eur"), "€0.00"),
        (Money(500, "jpy"), "JP¥500"),
        (Money(1500, "usd"), "US$15.00"),
        (Money(12340, "kwd"), "KWD12.340"),
        (Money(-150, "eur"), "-€1.50"),
        (None, ""),
    ],
)
def test_amount_is_written_for_people(amount: Money | None, shown: str) -> None:
    assert money(amount).replace("\xa0", "") == shown


def test_part_that_babel_would_hide_is_shown() -> None:
    """Stripe counts ISK with two decimals, people without any; what is charged is never hidden."""
    assert get_currency_precision("ISK") == 0
    assert money(Money(12300, "isk")).replace("\xa0", "") == "ISK123"
    assert money(Money(12345, "isk")).replace("\xa0", "") == "ISK123.45"


@given(st.sampled_from(sorted(CURRENCIES)), st.integers(0, 10**12))
def test_every_amount_can_be_read_back(currency: str, amount: int) -> None:
    shown = money(Money(amount, currency))

    digits = "".join(sign for sign in shown if sign.isdigit() or sign == ".").lstrip(".")
    assert Decimal(digits.rstrip(".") or "0") == Money(amount, currency).decimal


@pytest.mark.parametrize(
    ("language", "amount", "text"),
    [
        ("en", Money(750, "eur"), "7.50"),
        ("de", Money(750, "eur"), "7,50"),
        ("de", Money(1234567, "eur"), "12345,67"),
        ("de", Money(750, "jpy"), "750"),
        ("de", Money(7500, "kwd"), "7,500"),
        ("de", Money(75000, "isk"), "750"),
        ("de", None, ""),
    ],
)
def test_amount_stands_in_a_field_as_it_is_typed(
    language: str, amount: Money | None, text: str
) -> None:
    with translation.override(language):
        assert typed(amount) == text
