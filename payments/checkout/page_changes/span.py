"""From the least to the most that the goods on a page may come to, and whether delivery minds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import product

from shop.catalog.models import Variant
from shop.money import Money
from shop.orders.delivery.terms import Goods, Method, Terms, goods_of
from shop.orders.models import DeliveryMethod, Order


@dataclass(frozen=True)
class Part:
    """One thing on the page; from `least` to `most` units of it may be bought."""

    variant: Variant
    unit_amount: int
    least: int
    most: int


def is_delivered_alike(order: Order, parts: Iterable[Part]) -> bool:
    """Whether each way of delivery costs the same whatever is chosen; also where none is needed.

    `parts` is all that the order may hold. What is given for nothing counts for no delivery.
    """
    parts = [part for part in parts if not part.variant.product.is_given]
    most = _goods(order, [(part, part.most) for part in parts])
    least = _goods(order, [(part, part.least) for part in parts if part.least])
    if most is None:
        return True
    if least is None:
        return False
    terms = Terms.now()
    country = order.country or next(iter(terms.countries), "")
    countries = set(terms.alike(country, most))
    offered = [method for method in terms.methods if countries & set(method.row.countries)]
    return all(_costs_the_same(method, least, most) for method in offered)


def _goods(order: Order, chosen: Sequence[tuple[Part, int]]) -> Goods | None:
    value = sum(part.unit_amount * units for part, units in chosen)
    return goods_of(Money(value, order.currency), [(part.variant, units) for part, units in chosen])


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
