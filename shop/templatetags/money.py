"""Amounts in words and signs: `{{ price.money|money }}`."""

from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import format_currency, get_currency_precision, get_decimal_symbol
from django import template

from shop.http.languages import locale
from shop.money import WHOLE_UNITS_ONLY, Money, decimals

register = template.Library()


@register.filter
def money(amount: Money | None) -> str:
    """Write the amount for people; empty without one."""
    return "" if amount is None else written(amount)


@register.filter
def typed(amount: Money | None) -> str:
    """Write the amount as it is typed into a field in the present language; empty without one."""
    if amount is None:
        return ""
    return amount.plain.replace(".", "," if get_decimal_symbol(locale()) == "," else ".")


@register.filter
def pattern(currency: str) -> str:
    """What `Money.typed` reads of this currency, as far as a browser can tell."""
    places = 0 if currency in WHOLE_UNITS_ONLY else decimals(currency)
    return rf"\s*\d+([.,]\d{{1,{places}}})?\s*" if places else r"\s*\d+\s*"


def written(amount: Money) -> str:
    """As it is written in the present language."""
    return _written(amount, locale())


@lru_cache(maxsize=4096)
def _written(amount: Money, where: Locale) -> str:
    """Babel's decimals for that currency, and all of ours where those would hide a part."""
    code = amount.currency.upper()
    shown = Decimal(1).scaleb(-get_currency_precision(code))
    if amount.decimal % shown:
        return format_currency(
            amount.decimal, code, locale=where, currency_digits=False, decimal_quantization=False
        )
    return format_currency(amount.decimal, code, locale=where)
