"""Whether delivery costs the same for all that an order may come to, from its least to its most."""

from collections.abc import Iterable
from itertools import product

from shop.money import Money
from shop.orders.delivery.terms import Goods, Method, Terms
from shop.orders.models import DeliveryMethod


def costs_alike(terms: Terms, country: str, least: Goods | None, most: Goods | None) -> bool:
    """Whether each way to `country`, or to one with the same offers, costs the same for all of it.

    None: nothing of it is sent. Both are in one currency.
    """
    if most is None:
        return True
    if least is None:
        return False
    countries = set(terms.alike(country, most))
    offered = [method for method in terms.methods if countries & set(method.row.countries)]
    return all(_costs_the_same(method, least, most) for method in offered)


def _costs_the_same(method: Method, least: Goods, most: Goods) -> bool:
    """At both ends, and wherever its price may change between them."""
    if method.row.is_free:
        return True
    currency = most.value.currency
    by = {kind: _starts(method, kind, currency) for kind in DeliveryMethod.Bands}
    values = [*by[DeliveryMethod.Bands.VALUE], *filter(None, [method.free_from.get(currency)])]
    weights = by[DeliveryMethod.Bands.WEIGHT]
    prices = {
        method.price(Goods(Money(value, currency), grams))
        for value, grams in product(
            _points(least.value.amount, most.value.amount, values),
            _weights(least.grams, most.grams, weights),
        )
    }
    return len(prices) == 1


def _starts(method: Method, kind: str, currency: str) -> list[int]:
    if method.row.bands_by != kind:
        return []
    return [rate.starts_at for rate in method.rates if rate.currency == currency]


def _points(least: int, most: int, steps: Iterable[int]) -> set[int]:
    return {least, most, *(step for step in steps if least < step <= most)}


def _weights(least: int | None, most: int | None, steps: Iterable[int]) -> set[int | None]:
    """A weight that nobody knows stands for the heaviest, whatever lies beside it."""
    if least is None or most is None:
        return {least, most, *(step for step in steps if least is not None and step > least)}
    return set(_points(least, most, steps))
