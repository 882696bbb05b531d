"""The mark of the shop: three blades of kelp and the roots that hold them to the rock."""

from shop.catalog.sample.draw.color import PAINTS
from shop.catalog.sample.draw.hero import hero
from shop.catalog.sample.draw.sheet import Sheet

# Drawn on a square of 24, so that it stands sharp at its usual size.
BLADES = (
    "M12 16C11.2 12.6 12.9 9.4 12 2.5",
    "M12 14.8C10.4 12.2 9.6 9.8 6.9 9.2C6.4 7.4 6.6 6 7.4 4.4",
    "M12 14.8C13.6 12.2 14.4 9.8 17.1 9.2C17.6 7.4 17.4 6 16.6 4.4",
)
ROOTS = (
    "M12 15.6C12 18 11.8 19.6 12 21.5",
    "M12 15.6C10.6 18 8.9 18.2 8.2 21.1",
    "M12 15.6C13.4 18 15.1 18.2 15.8 21.1",
    "M12 15.6C9.4 16.6 6 16.9 4.4 19.9",
    "M12 15.6C14.6 16.6 18 16.9 19.6 19.9",
)
LETTERS = {
    "H": ("M0 0V100M62 0V100M0 50H62", 62),
    "O": ("M46 0A46 50 0 1 1 46 100A46 50 0 1 1 46 0Z", 92),
    "L": ("M0 0V100H52", 52),
    "D": ("M0 0V100H22C66 100 80 76 80 50C80 24 66 0 22 0Z", 80),
    "F": ("M54 0H0V100M0 48H46", 54),
    "A": ("M0 100L40 0L80 100M14 66H66", 80),
    "S": ("M56 14Q48 0 30 0C12 0 2 12 2 25C2 58 60 40 60 74C60 90 46 100 30 100Q8 100 0 82", 60),
    "T": ("M0 0H72M36 0V100", 72),
}  # fmt: skip


def mark() -> str:
    """The mark alone, in the color of the text around it."""
    blades = f'<path d="{"".join(BLADES)}" stroke-width="2"/>'
    roots = f'<path d="{"".join(ROOTS)}" stroke-width="1.5"/>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="24" height="24" '
        'fill="none" stroke="currentColor" stroke-linecap="round" stroke-linejoin="round" '
        f'aria-hidden="true">{blades}{roots}</svg>\n'
    )


def icon(*, corner: float) -> str:
    """The mark on deep sea; `corner` rounds the square."""
    sheet = Sheet(64, 64)
    ground = sheet.linear(0, 0, 0, 64, (0, "#2c5b70"), (1, "#173642"))
    sheet.box(0, 0, 64, 64, ground, rx=corner)
    with sheet.group(transform="translate(5 5) scale(2.25)"):
        _glyph(sheet, "#f5ead2", 1.12)
    return sheet.svg()


def share(sheet: Sheet) -> None:
    """The picture that stands for the shop where a link to it is shared: the scene, its name."""
    with sheet.group(transform="translate(-172 -100) scale(0.88)"):
        hero(sheet)
    veil = sheet.linear(
        0, 0, 700, 0, (0, "#12303c", 0.66), (0.62, "#12303c", 0.4), (1, "#12303c", 0)
    )
    sheet.box(0, 0, 700, 630, veil)
    with sheet.group(transform="translate(58 150) scale(5.4)"):
        _glyph(sheet, PAINTS["Chalk"], 1)
    with sheet.group(transform="translate(66 312) scale(0.5)"):
        _word(sheet, "HOLDFAST", PAINTS["Chalk"])


def _glyph(sheet: Sheet, paint: str, weight: float) -> None:
    sheet.line("".join(BLADES), paint, 2 * weight)
    sheet.line("".join(ROOTS), paint, 1.5 * weight)


def _word(sheet: Sheet, word: str, paint: str) -> None:
    x = 0.0
    for letter in word:
        d, width = LETTERS[letter]
        with sheet.group(transform=f"translate({x:.0f} 0)"):
            sheet.line(d, paint, 11)
        x += width + 28
