"""The settings of taxes, and what each refuses."""

import pytest

from tests.shop.configuration.test_environment import start


def test_as_they_are_set() -> None:
    program = (
        "import shop.settings as s;"
        " print(s.TAX_MODE, s.TAX_EXCLUSIVE_CURRENCIES, s.TAX_CODE_DEFAULT, s.TAX_IDS)"
    )

    started = start(
        program,
        TAX_MODE="stripe",
        CURRENCIES_OFFERED="eur,usd",
        TAX_EXCLUSIVE_CURRENCIES="usd",
        TAX_CODE_DEFAULT="txcd_99999999",
        TAX_IDS="required",
    )

    assert started.stdout.strip() == "stripe ['usd'] txcd_99999999 required", started.stderr


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
    started = start("import shop.settings", **{name: value})

    assert started.returncode == 4
    assert name in started.stderr
