"""How the payment page looks: colors as people write them, and whether they can be seen."""

from typing import Any, get_args, get_type_hints

import pytest
from stripe.params.checkout import _session_create_params

from shop.configuration import kinds
from shop.configuration.variables.payment_page import BORDERS, FONTS, branding, color, contrast, ink
from shop.settings import env
from tests.support.settings import settings_of


@pytest.mark.parametrize("given", ["#1D4B4A", "1d4b4a", "#1d4b4a"])
def test_a_color_is_known_with_and_without_its_sign(given: str) -> None:
    assert color(given) == "#1d4b4a"


def test_three_digits_are_each_meant_twice() -> None:
    assert color("#1af") == "#11aaff"


@pytest.mark.parametrize("given", ["", "#", "red", "#12345", "#1234567", "##123456", "#12g456"])
def test_what_is_no_color_is_refused(given: str) -> None:
    with pytest.raises(kinds.Odd):
        color(given)


def test_contrast_is_reckoned_as_the_guidelines_do() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#ffffff", "#ffffff") == pytest.approx(1)
    # The grey that is just dark enough for letters on white.
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(
    ("ground", "letters"), [("#1d4b4a", "#ffffff"), ("#fca311", "#000000"), ("#777777", "#000000")]
)
def test_letters_are_black_or_white_as_is_read_better(ground: str, letters: str) -> None:
    assert ink(ground) == letters
    assert contrast(ground, letters) >= 4.5


def test_all_that_stripe_has_and_nothing_else() -> None:
    hints = get_type_hints(
        _session_create_params.SessionCreateParamsBrandingSettings,
        vars(_session_create_params),
    )

    assert [set(known(hints[name])) - {""} for name in ("border_style", "font_family")] == [
        set(BORDERS),
        set(FONTS),
    ]


def known(hint: Any) -> list[str]:
    """All words in a type of literals."""
    if isinstance(hint, str):
        return [hint]
    return [word for part in get_args(hint) for word in known(part)]


def test_unset_nothing_is_sent() -> None:
    assert branding(env) == {}


def test_everything_that_is_set_is_sent_as_stripe_takes_it() -> None:
    read = settings_of(
        BRANDING_BUTTON_COLOR="9c2f2f",
        BRANDING_BACKGROUND_COLOR="#FFF",
        BRANDING_BORDER_STYLE="pill",
        BRANDING_FONT_FAMILY="lora",
        BRANDING_LOGO="https://shop.example/logo.png",
        BRANDING_ICON="file_1Mx2YzLkdIwHu7ixJf0Ki4nC",
    )

    assert read["BRANDING"] == {
        "button_color": "#9c2f2f",
        "background_color": "#ffffff",
        "border_style": "pill",
        "font_family": "lora",
        "logo": {"type": "url", "url": "https://shop.example/logo.png"},
        "icon": {"type": "file", "file": "file_1Mx2YzLkdIwHu7ixJf0Ki4nC"},
    }


def test_the_means_that_pages_name_are_those_that_have_a_name() -> None:
    by_default = settings_of()["PAYMENT_METHODS_SHOWN"]
    several = settings_of(PAYMENT_METHODS_SHOWN="card, paypal,klarna,paypal")
    misspelled = settings_of(PAYMENT_METHODS_SHOWN="card,payapl")

    assert (by_default, several["PAYMENT_METHODS_SHOWN"]) == (
        ["card"],
        ["card", "paypal", "klarna"],
    )
    assert misspelled.exit_code != 0
    assert "'payapl', which has no name here. Did you mean paypal?" in misspelled.stderr
