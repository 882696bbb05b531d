"""Amounts as people write them: read where there is one reading, refused where there are two."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop.catalog.files.reading import amounts
from shop.catalog.files.run import import_products
from shop.catalog.models import Price
from shop.money import Money, NotAnAmount
from tests.shop.catalog.files.formats.shopify_files import file_of, row

# How thousands and decimals are parted around the world.
WAYS = [
    (parting, point)
    for parting in ["", ",", ".", " ", "\u00a0", "\u202f", "'", "’"]
    for point in [".", ","]
    if parting != point
]
cents = st.integers(0, 99_999_999_999)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,299.00", 129900),
        ("1.299,00", 129900),
        ("1 299,00", 129900),
        ("1'299.00", 129900),
        ("1.299.000", 129900000),
        ("€1,299.00", 129900),
        ("1.299,00 €", 129900),
        ("EUR 1 299", 129900),
        ("12,50", 1250),
        ("12,5", 1250),
        ("1299,50", 129950),
        ("0.500", 50),
    ],
)
def test_an_amount_with_one_reading_is_read(text: str, amount: int) -> None:
    assert amounts.read(text, "eur") == Money(amount, "eur")


@given(cents, st.sampled_from(WAYS))
def test_every_way_to_part_thousands_means_the_same(amount: int, way: tuple[str, str]) -> None:
    parting, point = way
    whole, part = divmod(amount, 100)
    text = f"{f'{whole:,}'.replace(',', parting)}{point}{part:02}"

    assert amounts.read(text, "eur") == Money(amount, "eur")


@given(st.integers(1, 999), st.integers(0, 999), st.sampled_from(".,"))
def test_three_digits_after_one_sign_may_mean_two_things(whole: int, rest: int, sign: str) -> None:
    with pytest.raises(NotAnAmount, match=f"may mean {whole}{rest:03} or {whole}.{rest:03}"):
        amounts.read(f"{whole}{sign}{rest:03}", "eur")


@given(st.text("0123456789., '€$-e", max_size=14))
def test_what_is_read_has_the_digits_that_were_written(text: str) -> None:
    try:
        found = amounts.read(text, "eur")
    except NotAnAmount:
        return

    digits = "".join(sign for sign in text if sign.isdecimal())
    assert str(found.amount).rstrip("0") in {digits.strip("0"), digits.lstrip("0").rstrip("0"), "0"}


@pytest.mark.parametrize(
    "text", ["1,29,900.00", "1.299.00", "1,2,3", "12 50", "1e3", "-5.00", "$5.00", "1,299.00.00"]
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(NotAnAmount, match="is no amount"):
        amounts.read(text, "eur")


@pytest.mark.parametrize(
    ("text", "currency", "amount"),
    [("1,299", "jpy", 1299), ("1.299", "jpy", 1299), ("1.290", "kwd", 1290), ("¥500", "jpy", 500)],
)
def test_the_currency_says_how_many_decimals_there_are(
    text: str, currency: str, amount: int
) -> None:
    assert amounts.read(text, currency) == Money(amount, currency)


@pytest.mark.django_db
def test_a_file_may_write_them_so(tmp_path: Path) -> None:
    path = file_of(tmp_path, row(variant_price="1.299,00 €"))

    report = import_products(path, currency="eur")

    assert report.problems == []
    assert Price.objects.get().money == Money(129900, "eur")
