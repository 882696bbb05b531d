"""What a thing costs by weight, volume, length or area, beside what one of it costs.

The law wants it shown (Directive 98/6/EC, in Germany the PAngV) where things are sold so. Of a
reduced price it is that of the reduced one; where customers choose the price there is none.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shop.catalog.models import Price, Variant
from shop.catalog.models.products import LARGER, Product, Unit
from shop.money import WHOLE_UNITS_ONLY, Money


@dataclass(frozen=True, slots=True)
class UnitPrice:
    """What so many of a unit cost, as 8.00 EUR for 100 g."""

    money: Money
    per: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class LeastUnitPrice:
    """The least of several unit prices; `is_from` where another is higher, or not known."""

    price: UnitPrice
    is_from: bool


def unit_price(variant: Variant, price: Price | None) -> UnitPrice | None:
    """What a variant costs by its product's unit; None where that is not said, or not fixed."""
    if price is None or price.is_chosen or price.interval:
        return None
    return of_content(variant.product, variant.content, price.money)


def of_content(product: Product, content: Decimal | None, money: Money) -> UnitPrice | None:
    """The same, from what is in it and what it costs."""
    if not product.content_unit or not product.unit_price_per or not content:
        return None
    exact = Fraction(money.amount * product.unit_price_per) / Fraction(content)
    per, unit = base_of(product.unit_price_per, Unit(product.content_unit))
    return UnitPrice(Money(_rounded(exact, money.currency), money.currency), per, unit)


def base_of(per: int, unit: Unit) -> tuple[int, Unit]:
    """By how many of which unit it is said: by 1 kg, not by 1000 g."""
    number, larger = LARGER.get(unit, (1, unit))
    return (per // number, larger) if per % number == 0 else (per, unit)


def least(prices: Iterable[UnitPrice | None]) -> LeastUnitPrice | None:
    """Of the variants of one product, which have their base in common."""
    every = list(prices)
    known = [one for one in every if one is not None]
    if not known:
        return None
    price = min(known, key=lambda one: one.money.amount)
    return LeastUnitPrice(price, is_from=any(one != price for one in every))


def _rounded(exact: Fraction, currency: str) -> int:
    """To the least that is in use, and half of it up."""
    step = 100 if currency in WHOLE_UNITS_ONLY else 1
    return int(exact / step + Fraction(1, 2)) * step
