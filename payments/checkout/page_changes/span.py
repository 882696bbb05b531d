"""From the least to the most that the goods on a page may come to, and whether delivery minds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shop.catalog.models import Variant
from shop.money import Money
from shop.orders.delivery.span import costs_alike
from shop.orders.delivery.terms import Goods, Terms, goods_of
from shop.orders.models import Order


@dataclass(frozen=True)
class Part:
    """One thing on the page; from `least` to `most` units of it may be bought."""

    variant: Variant
    unit_amount: int
    least: int
    most: int


def is_delivered_alike(order: Order, parts: Iterable[Part], terms: Terms) -> bool:
    """Whether each way of delivery costs the same whatever is chosen; also where none is needed.

    `parts` is all that the order may hold. What is given for nothing counts for no delivery.
    """
    parts = [part for part in parts if not part.variant.product.is_given]
    country = order.country or next(iter(terms.countries), "")
    return costs_alike(
        terms,
        country,
        least=_goods(order, [(part, part.least) for part in parts if part.least]),
        most=_goods(order, [(part, part.most) for part in parts]),
    )


def _goods(order: Order, chosen: Sequence[tuple[Part, int]]) -> Goods | None:
    value = sum(part.unit_amount * units for part, units in chosen)
    return goods_of(Money(value, order.currency), [(part.variant, units) for part, units in chosen])
