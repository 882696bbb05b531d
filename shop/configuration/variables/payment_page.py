"""What Stripe's payment page asks and how it looks, as far as the environment says so."""

import difflib
import re
from typing import Any
from urllib.parse import urlsplit

from shop.configuration import kinds
from shop.configuration.environment import Environment
from shop.configuration.payment_methods import CARD, METHODS

# What Stripe's page has (the SDK's own lists, SessionCreateParams.branding_settings).
BORDERS = ["rounded", "rectangular", "pill"]
FONTS = (
    "default be_vietnam_pro bitter chakra_petch hahmlet inconsolata inter lato lora m_plus_1_code "
    "montserrat noto_sans noto_sans_jp noto_serif nunito open_sans pridi pt_sans pt_serif raleway "
    "roboto roboto_slab source_sans_pro titillium_web ubuntu_mono zen_maru_gothic"
).split()
WHITE, BLACK = "#ffffff", "#000000"
FILE = re.compile(r"file_[A-Za-z0-9]{1,250}", re.ASCII)
# Of a button on its ground (WCAG 2.2, 1.4.11); its letters are black or white, as is read better.
LEAST_CONTRAST = 3


def names_asked(env: Environment) -> dict[str, bool]:
    """The names that the page asks for, and whether each may be left empty."""
    asked = {}
    for given in env.read("NAME_COLLECTION", kinds.listed, default=[]):
        kind, _, how = given.partition(":")
        if kind not in {"individual", "business"} or how not in {"", "optional"}:
            use = "Use individual, business or both, as individual,business:optional."
            env.report("NAME_COLLECTION", f"holds {given!r}. {use}")
        asked[kind] = how == "optional"
    return asked


def recovery(env: Environment) -> tuple[str, bool]:
    """How who leaves without paying is asked back, and whether a copy of the page takes codes.

    `shop`: by a mail to who ticked the box in the cart; `stripe`: by an address of Stripe's, too.
    """
    way = env.choice("CHECKOUT_RECOVERY", ["off", "shop", "stripe"], default="off")
    takes_codes: bool = env.read("CHECKOUT_RECOVERY_PROMOTION_CODES", kinds.truth, default=False)
    env.check(
        "CHECKOUT_RECOVERY_PROMOTION_CODES",
        lambda: way == "stripe" or not takes_codes,
        f"is on, and CHECKOUT_RECOVERY is {way}: only Stripe's copies of a page take codes. Use"
        " stripe there, or leave this off.",
    )
    return way, takes_codes


def methods_shown(env: Environment) -> list[str]:
    """The means of payment that the shop's own pages name, by Stripe's codes.

    Which of them somebody is offered there depends on the country, the currency and the amount.
    """
    known = [CARD, *METHODS]
    shown: list[str] = env.read("PAYMENT_METHODS_SHOWN", kinds.listed, default=[CARD])
    for code in shown:
        if code not in known:
            close = difflib.get_close_matches(code.lower(), known, 1)
            mend = f"Did you mean {close[0]}?" if close else f"Use some of {', '.join(known)}."
            env.report("PAYMENT_METHODS_SHOWN", f"holds {code!r}, which has no name here. {mend}")
    return list(dict.fromkeys(shown))


def branding(env: Environment) -> dict[str, Any]:
    """How the page looks, as Stripe takes it; nothing for what is left to the Dashboard."""
    looks = {
        "button_color": env.read("BRANDING_BUTTON_COLOR", color, default=""),
        "background_color": env.read("BRANDING_BACKGROUND_COLOR", color, default=""),
        "border_style": env.choice("BRANDING_BORDER_STYLE", ["", *BORDERS], default=""),
        "font_family": env.choice("BRANDING_FONT_FAMILY", ["", *FONTS], default=""),
    }
    button = looks["button_color"]
    env.check(
        "BRANDING_BUTTON_COLOR",
        lambda: not button or contrast(button, WHITE) >= LEAST_CONTRAST,
        f"is {button}, which is hardly seen on white. Use a darker color.",
    )
    for name in ("logo", "icon"):
        if place := env.read(f"BRANDING_{name.upper()}", picture, default=""):
            kind = "file" if FILE.fullmatch(place) else "url"
            looks[name] = {"type": kind, kind: place}
    return {name: look for name, look in looks.items() if look}


def color(given: str) -> str:
    """A color as #1a2b3c; the sign in front may be left out, as it begins a comment in .env."""
    digits = given.removeprefix("#").lower()
    if not re.fullmatch(r"[0-9a-f]{3}|[0-9a-f]{6}", digits):
        raise kinds.Odd(f"is {given!r}, no color. Use six digits, such as #1d4b4a.")
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def picture(given: str) -> str:
    """A picture that Stripe can fetch from outside, or has: uploaded there for this purpose
    (`business_logo`, `business_icon`; docs.stripe.com/api/files/create).
    """
    if FILE.fullmatch(given):
        return given
    try:
        parts = urlsplit(given)
        is_public = parts.scheme == "https" and "." in (parts.hostname or "")
    except ValueError:
        is_public = False
    if not is_public:
        raise kinds.Odd(
            f"is {given!r}. Use a public address, like https://shop.example/logo.png, or the id of"
            " a file at Stripe, like file_1Mx2YzLkdIwHu7ixJf0Ki4nC."
        )
    return given


def contrast(one: str, other: str) -> float:
    """How well one color is seen on another, from 1 to 21 (WCAG 2.2)."""
    darker, lighter = sorted((_light(one), _light(other)))
    return (lighter + 0.05) / (darker + 0.05)


def ink(ground: str) -> str:
    """Black or white, whichever is read better on a color."""
    return max(WHITE, BLACK, key=lambda letters: contrast(letters, ground))


def _light(shade: str) -> float:
    red, green, blue = (int(shade[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return 0.2126 * _linear(red) + 0.7152 * _linear(green) + 0.0722 * _linear(blue)


def _linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
