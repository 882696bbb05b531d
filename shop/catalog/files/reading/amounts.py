"""Amounts as people write them: "12,50", "1.299,00 €", "1'299.00". What is ambiguous is refused."""

import re

from shop.money import Money, NotAnAmount, decimals

SIGNS = {"eur": "€", "usd": "$", "gbp": "£", "jpy": "¥"}
# Blanks of several widths and two kinds of apostrophe part thousands, and nothing else.
PARTING = " \u00a0\u2009\u202f'’"
GROUPED = re.compile(
    rf"(?P<whole>[1-9]\d{{0,2}}(?P<sign>[.,{PARTING}])\d{{3}}(?:(?P=sign)\d{{3}})*)"
    r"(?:(?!(?P=sign))[.,](?P<cents>\d{1,3}))?",
    re.ASCII,
)
DECIMAL_COMMA = re.compile(r"(\d+),(\d{1,3})", re.ASCII)


def read(text: str, currency: str) -> Money:
    """The amount, with or without the currency's own sign. Raises NotAnAmount."""
    return Money.parse(_plain(_bare(text, currency), currency), currency)


def _bare(text: str, currency: str) -> str:
    """The number alone; another currency's sign stays and is refused with it."""
    bare = text.strip()
    for sign in filter(None, (SIGNS.get(currency), currency.upper(), currency)):
        bare = bare.removeprefix(sign).removesuffix(sign).strip()
    return bare


def _plain(bare: str, currency: str) -> str:
    """Without parted thousands, with a decimal point; what is written otherwise stays as it is."""
    grouped = GROUPED.fullmatch(bare)
    if grouped is None:
        return bare.replace(",", ".") if DECIMAL_COMMA.fullmatch(bare) else bare
    whole, places = re.sub(r"\D", "", grouped["whole"]), decimals(currency)
    if places and _may_be_decimals(grouped):
        if places == 3 and grouped["sign"] == ".":
            # Three decimals after a point are how amounts of this currency are written everywhere.
            return bare
        readings = f"{whole} or {bare.replace(',', '.')}"
        sentence = f"{bare!r} may mean {readings}. Write thousands without a sign, like 1299.00."
        raise NotAnAmount(sentence)
    return f"{whole}.{grouped['cents']}" if grouped["cents"] else whole


def _may_be_decimals(grouped: re.Match[str]) -> bool:
    """One dot or comma before three digits parts thousands here and decimals there."""
    is_alone = grouped["cents"] is None and grouped["whole"].count(grouped["sign"]) == 1
    return is_alone and grouped["sign"] in ".,"
