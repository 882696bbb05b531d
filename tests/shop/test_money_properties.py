"""What holds for every currency that Stripe takes, whatever the amount."""

import ast
from collections.abc import Callable
from decimal import Decimal
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop import money as module
from shop.money import (
    CURRENCIES,
    MAXIMUM_AMOUNT,
    MINIMUM_CHARGE,
    THREE_DECIMAL,
    TWO_DECIMAL,
    WHOLE_UNITS_ONLY,
    ZERO_DECIMAL,
    CurrencyMismatch,
    Money,
    NotAnAmount,
    decimals,
)
from shop.templatetags.money import money as shown
from tests.support.properties import examples

every_currency = pytest.mark.parametrize("currency", sorted(CURRENCIES))
currencies = st.sampled_from(sorted(CURRENCIES))
# For a test that every currency has to itself.
few = examples(15)


def step(currency: str) -> int:
    """The smallest difference between two amounts that Stripe takes, in minor units."""
    return 100 if currency in WHOLE_UNITS_ONLY else 10 if currency in THREE_DECIMAL else 1


@st.composite
def amounts(draw: Callable[..., int], currency: str) -> Money:
    units = draw(st.integers(0, MAXIMUM_AMOUNT // step(currency)))
    return Money(units * step(currency), currency)


# -- The table: docs.stripe.com/currencies --------------------------------------------------------


def test_zero_decimal_currencies_are_those_of_stripe() -> None:
    told = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF"

    assert told.lower().split() == sorted(ZERO_DECIMAL)


def test_three_decimal_currencies_are_those_of_stripe() -> None:
    assert sorted(THREE_DECIMAL) == ["bhd", "jod", "kwd", "omr", "tnd"]


def test_isk_and_ugx_are_sent_with_two_decimals_that_are_zero() -> None:
    assert sorted(WHOLE_UNITS_ONLY) == ["isk", "ugx"]
    assert [Money.parse("5", name).amount for name in ("isk", "ugx")] == [500, 500]


def test_smallest_charges_are_those_of_stripe() -> None:
    told = (
        "USD 0.50, EUR 0.50, GBP 0.30, AED 2.00, ARS 0.50, AUD 0.50, BRL 0.50, CAD 0.50, CHF 0.50, "
        "COP 0.50, CZK 15.00, DKK 2.50, HKD 4.00, HUF 175.00, IDR 0.50, ILS 0.50, INR 0.50, "
        "JPY 50, KRW 50, MXN 10, MYR 2.00, NOK 3.00, NZD 0.50, PHP 0.50, PLN 2.00, RON 2.00, "
        "RUB 0.50, SEK 3.00, SGD 0.50, THB 10, ZAR 0.50"
    )
    pairs = [pair.lower().split() for pair in told.split(", ")]

    assert {code: Money.parse(text, code).amount for code, text in pairs} == MINIMUM_CHARGE


@every_currency
def test_each_currency_is_written_in_lower_case_and_counted_in_one_way(currency: str) -> None:
    kinds = [ZERO_DECIMAL, TWO_DECIMAL, THREE_DECIMAL]

    assert currency == currency.lower()
    assert len(currency) == 3
    assert [currency in kind for kind in kinds].count(True) == 1
    assert decimals(currency) == [0, 2, 3][[currency in kind for kind in kinds].index(True)]


# -- Reading --------------------------------------------------------------------------------------


@every_currency
@few
@given(data=st.data())
def test_what_is_written_can_be_read_back(currency: str, data: st.DataObject) -> None:
    amount = data.draw(amounts(currency))

    assert Money.parse(str(amount.decimal), currency) == amount
    assert Money.parse(f" {amount.decimal:f} ", currency) == amount


@every_currency
@few
@given(st.integers(0, 10**9), st.integers(1, 9))
def test_one_decimal_too_many_is_refused(currency: str, whole: int, last: int) -> None:
    text = f"{whole}.{'0' * decimals(currency)}{last}"

    with pytest.raises(NotAnAmount):
        Money.parse(text, currency)


@given(st.sampled_from(sorted(THREE_DECIMAL)), st.integers(0, 10**8), st.integers(1, 999))
def test_the_third_decimal_is_always_zero(currency: str, whole: int, part: int) -> None:
    text = f"{whole}.{part:03}"

    if part % 10:
        with pytest.raises(NotAnAmount, match="third decimal"):
            Money.parse(text, currency)
    else:
        assert Money.parse(text, currency).amount == whole * 1000 + part


@given(st.sampled_from(sorted(WHOLE_UNITS_ONLY)), st.integers(0, 10**8), st.integers(1, 99))
def test_whole_units_have_no_parts(currency: str, whole: int, part: int) -> None:
    assert Money.parse(f"{whole}.00", currency).amount == whole * 100
    with pytest.raises(NotAnAmount, match="whole units"):
        Money.parse(f"{whole}.{part:02}", currency)


@every_currency
def test_the_largest_amount_can_be_read_and_nothing_above_it(currency: str) -> None:
    largest = MAXIMUM_AMOUNT // step(currency) * step(currency)
    above = Money(largest + step(currency), currency)

    assert Money.parse(f"{Money(largest, currency).decimal:f}", currency).amount == largest
    with pytest.raises(NotAnAmount):
        Money.parse(f"{above.decimal:f}", currency)


@given(currencies, st.text(max_size=20))
def test_any_text_is_an_amount_or_refused(currency: str, text: str) -> None:
    try:
        amount = Money.parse(text, currency)
    except NotAnAmount:
        return

    assert type(amount.amount) is int
    assert 0 <= amount.amount <= MAXIMUM_AMOUNT
    assert amount.amount % step(currency) == 0
    assert amount.decimal == Decimal(text.strip())


@given(st.text(max_size=5).filter(lambda text: text not in CURRENCIES))
def test_no_other_word_is_a_currency(word: str) -> None:
    with pytest.raises(NotAnAmount):
        Money.parse("1", word)


# -- Sums -----------------------------------------------------------------------------------------


@given(currencies, st.tuples(*[st.integers(-(10**15), 10**15)] * 3))
def test_sums_do_not_depend_on_the_order(currency: str, numbers: tuple[int, int, int]) -> None:
    parts = [Money(number, currency) for number in numbers]

    sums = {first + second + third for first, second, third in permutations(parts)}
    first, second, third = parts

    assert sums == {Money(sum(numbers), currency)}
    assert (first + second) + third == first + (second + third)
    assert first + second - second == first
    assert first + Money.zero(currency) == first


@given(currencies, st.integers(0, MAXIMUM_AMOUNT), st.integers(0, 1000))
def test_so_many_times_is_so_often_added(currency: str, amount: int, count: int) -> None:
    one = Money(amount, currency)

    assert one * count + one == one * (count + 1)


@every_currency
def test_currencies_never_mix(currency: str) -> None:
    other = "usd" if currency == "eur" else "eur"
    here, there = Money(100, currency), Money(100, other)

    for mixed in (
        lambda: here + there,
        lambda: here - there,
        lambda: here < there,
        lambda: here <= there,
        lambda: here > there,
        lambda: here >= there,
    ):
        with pytest.raises(CurrencyMismatch):
            mixed()
    assert here != there


def test_no_float_is_anywhere_in_money() -> None:
    """Neither a number with a point, nor a division, nor the word."""
    for source in (module.__file__, shown.__code__.co_filename):
        tree = ast.parse(Path(source).read_text())
        nodes = list(ast.walk(tree))

        assert not [n for n in nodes if isinstance(n, ast.Constant) and type(n.value) is float]
        assert not [n for n in nodes if isinstance(n, ast.Div | ast.Pow)]
        assert not [n for n in nodes if isinstance(n, ast.Name) and n.id in {"float", "round"}]


@given(currencies, st.integers(-(10**15), 10**15))
def test_the_amount_stays_a_whole_number(currency: str, amount: int) -> None:
    one = Money(amount, currency)

    results = [one + one, one - one, one * 3, Money.zero(currency)]

    assert {type(result.amount) for result in results} == {int}
    assert type(one.decimal) is Decimal


# -- Showing --------------------------------------------------------------------------------------


@every_currency
@few
@given(data=st.data())
def test_the_digits_shown_are_the_amount(currency: str, data: st.DataObject) -> None:
    amount = data.draw(amounts(currency))

    text = shown(amount)

    # "XPF 1,234" and "CFA 5": the sign of the currency holds no digits; the comma groups.
    digits = "".join(sign for sign in text if sign.isdigit() or sign == ".").lstrip(".")
    assert Money.parse(digits.rstrip("."), currency) == amount


@every_currency
@few
@given(data=st.data())
def test_what_nobody_could_be_charged_is_not_hidden_either(
    currency: str, data: st.DataObject
) -> None:
    """A sum that Stripe reports may have parts that no price of ours has."""
    amount = Money(data.draw(st.integers(0, MAXIMUM_AMOUNT)), currency)

    digits = "".join(sign for sign in shown(amount) if sign.isdigit() or sign == ".").lstrip(".")

    assert Decimal(digits.rstrip(".")) == amount.decimal


@every_currency
@few
@given(data=st.data())
def test_different_amounts_look_different(currency: str, data: st.DataObject) -> None:
    one, other = data.draw(amounts(currency)), data.draw(amounts(currency))

    assert (shown(one) == shown(other)) == (one == other)
