"""Sizes in their order: XS before M before XL, 38 before 40, half a liter before a whole one."""

import re
from collections.abc import Iterable
from fractions import Fraction

# From small to large, in the words and letters that shops write; spaces and hyphens do not count.
LETTERS = [
    {"s", "small", "klein", "petit", "pequeño", "piccolo"},
    {"m", "medium", "mittel", "moyen", "mediano", "medio"},
    {"l", "large", "groß", "gross", "grand", "grande"},
]
NUMBER = re.compile(r"(\d{1,9})(?:[.,](\d{1,9}))?(?: (\d{1,3})/(\d{1,3}))?", re.ASCII)
# What a number counts, and how many of the smallest of its kind one is.
UNITS: dict[str, tuple[str, Fraction]] = {
    "mm": ("length", Fraction(1)),
    "cm": ("length", Fraction(10)),
    "m": ("length", Fraction(1000)),
    "ml": ("volume", Fraction(1)),
    "cl": ("volume", Fraction(10)),
    "dl": ("volume", Fraction(100)),
    "l": ("volume", Fraction(1000)),
    "g": ("weight", Fraction(1)),
    "kg": ("weight", Fraction(1000)),
    "mb": ("storage", Fraction(1)),
    "gb": ("storage", Fraction(1000)),
    "tb": ("storage", Fraction(1000_000)),
}
# What an option for sizes is called.
NAMES = re.compile(
    r"\b(size|größe|grösse|groesse|schuhgröße|kleidergröße|taille|pointure|talla|taglia|maat"
    r"|storlek|størrelse|koko|rozmiar|velikost|veľkosť|размер|サイズ)\b",
    re.IGNORECASE,
)

Key = tuple[int, str, Fraction, str]


def size_key(value: str) -> Key:
    """By which values sort: letters of sizes, then numbers by what they count, then words."""
    plain = " ".join(value.casefold().split())
    rank = _letters(plain)
    if rank is not None:
        return (0, "", rank, plain)
    number = NUMBER.match(plain)
    if number is None:
        return (2, plain, Fraction(0), "")
    unit = plain[number.end() :].strip().partition(" ")[0]
    kind, factor = UNITS.get(unit, (unit, Fraction(1)))
    return (1, kind, _number(number) * factor, plain)


def in_order(values: Iterable[str]) -> list[str]:
    """Sizes from small to large where all are sizes; anything else in the order it came in."""
    found = list(values)
    if any(size_key(value)[0] == 2 for value in found):
        return found
    return sorted(found, key=size_key)


def is_for_sizes(name: str, values: Iterable[str]) -> bool:
    """Whether an option asks for the size of something that has to fit."""
    found = list(values)
    if NAMES.search(name):
        return True
    return bool(found) and all(size_key(value)[0] == 0 for value in found)


def _letters(plain: str) -> Fraction | None:
    """S is -1 and L is 1; each X leads further from the middle; S/M is between both."""
    parts = [_one_size(part.strip()) for part in plain.split("/")]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    return sum(known, Fraction(0)) / len(known)


def _one_size(text: str) -> Fraction | None:
    packed = re.sub(r"[ \-.]", "", text)
    match = re.fullmatch(r"(?:(\d{1,2})x|(x*)|((?:extra)*))([^\dx]+)", packed)
    if match is None:
        return None
    number, marks, words, base = match.groups()
    place = next((place for place, names in enumerate(LETTERS) if base in names), None)
    if place is None:
        return None
    more = int(number) if number else len(marks or "") or (words or "").count("extra")
    return Fraction(place - 1) * (1 + more)


def _number(match: re.Match[str]) -> Fraction:
    whole, decimals, above, below = match.groups()
    number = Fraction(f"{whole}.{decimals or 0}")
    return number + (Fraction(int(above), int(below)) if above and int(below) else 0)
