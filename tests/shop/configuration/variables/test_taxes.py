"""The settings of taxes, and what each refuses."""

import pytest

from tests.support.settings import settings_of


def test_as_they_are_set() -> None:
    read = settings_of(
        TAX_MODE="stripe",
        CURRENCIES_OFFERED="eur,usd",
        TAX_EXCLUSIVE_CURRENCIES="usd",
        TAX_CODE_DEFAULT="txcd_99999999",
        TAX_IDS="required",
    )

    names = ("TAX_MODE", "TAX_EXCLUSIVE_CURRENCIES", "TAX_CODE_DEFAULT", "TAX_IDS")
    assert read.stderr == ""
    assert [read[name] for name in names] == ["stripe", ["usd"], "txcd_99999999", "required"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TAX_MODE", "automatic"),
        ("TAX_IDS", "yes"),
        ("TAX_CODE_DEFAULT", "txcd_books"),
        ("TAX_EXCLUSIVE_CURRENCIES", "chf"),
    ],
)
def test_odd_ones_are_named(name: str, value: str) -> None:
    started = settings_of(**{name: value})

    assert started.exit_code == 4
    assert name in started.stderr
