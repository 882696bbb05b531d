"""`{{ line.per_unit|per_unit }}` writes a unit price as "€8.00 / 100 g"."""

from babel.numbers import format_decimal
from django import template
from django.utils.translation import gettext, ngettext

from shop.catalog.models.products import Unit
from shop.catalog.unit_prices import UnitPrice
from shop.http.languages import locale
from shop.templatetags.money import written

register = template.Library()


@register.filter
def per_unit(price: UnitPrice | None) -> str:
    """Write the unit price for people; empty without one."""
    if price is None:
        return ""
    # A blank that parts no line: "100" alone would be a riddle.
    number = "" if price.per == 1 else f"{format_decimal(price.per, locale=locale())}\u00a0"
    return f"{written(price.money)} / {number}{_symbol(price.unit, price.per)}"


def _symbol(unit: Unit, number: int) -> str:
    if unit == Unit.PIECE:
        return ngettext("piece", "pieces", number)
    symbols = {
        Unit.GRAM: gettext("g"),
        Unit.KILOGRAM: gettext("kg"),
        Unit.MILLILITER: gettext("ml"),
        Unit.LITER: gettext("l"),
        Unit.CENTIMETER: gettext("cm"),
        Unit.METER: gettext("m"),
        Unit.SQUARE_METER: gettext("m²"),
    }
    return symbols[unit]
