"""How a session wants its page to look: colors with readable text on them, corners, letters."""

from fake_stripe.schema import Object

CORNERS = {"pill": "24px", "rectangular": "0", "rounded": "8px"}
SERIF = ("bitter", "hahmlet", "lora", "noto_serif", "pridi", "pt_serif", "roboto_slab")
MONOSPACE = ("inconsolata", "m_plus_1_code", "ubuntu_mono")


def stylesheet(settings: Object) -> str:
    """The rules for one session's page."""
    if not settings:
        return ""
    button, ground = settings["button_color"], settings["background_color"]
    return (
        f".checkout {{ --radius: {CORNERS[settings['border_style']]};"
        f" font-family: {letters(settings['font_family'])}; }}\n"
        f".checkout .SubmitButton, .checkout .SubmitButton:hover {{ background: {button};"
        f" color: {ink(button)}; }}\n"
        f".checkout .summary {{ background: {ground}; }}\n"
        ".checkout .summary :not(.badge, .no-image, input, button, .error)"
        f" {{ color: {ink(ground)}; }}\n"
    )


def letters(family: str) -> str:
    """A family that every computer has, of the same kind."""
    if family in MONOSPACE:
        return "ui-monospace, Menlo, Consolas, monospace"
    return "Georgia, serif" if family in SERIF else "system-ui, sans-serif"


def ink(color: str) -> str:
    """Black or white, whichever is read better on a color."""
    digits = color.lstrip("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue = (linear(int(digits[at : at + 2], 16) / 255) for at in (0, 2, 4))
    return "#000000" if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 else "#ffffff"


def linear(part: float) -> float:
    """A channel's light, as contrast is reckoned."""
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
