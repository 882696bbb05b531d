"""Amounts in words and signs: `{{ price.money|money }}`."""

from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency, get_currency_precision
from django import template

from shop.money import Money

register = template.Library()

# English where the euro is at home; every other dollar and pound is told apart by its name.
LOCALE = Locale.parse("en_IE")


@register.filter
def money(amount: Money | None) -> str:
    """Write the amount for people; empty without one."""
    return "" if amount is None else written(amount)


@lru_cache(maxsize=4096)
def written(amount: Money) -> str:
    """Babel's decimals for that currency, and all of ours where those would hide a part."""
    code = amount.currency.upper()
    shown = Decimal(1).scaleb(-get_currency_precision(code))
    if amount.decimal % shown:
        return format_currency(
            amount.decimal, code, locale=LOCALE, currency_digits=False, decimal_quantization=False
        )
    return format_currency(amount.decimal, code, locale=LOCALE)
