"""What things cost in each currency that Stripe may choose for them, goods and delivery."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings

from shop.catalog.models import Price
from shop.catalog.stripe_sync.synced_ids import prices_by_currency
from shop.money import MAXIMUM_AMOUNT, MINIMUM_CHARGE, Money
from shop.orders.delivery.terms import Goods, Terms, goods_of
from shop.orders.models import Discount
from shop.orders.tax import mode


@dataclass(frozen=True)
class Thing:
    """So many units at one of our prices, whose variant is read; `key` tells it from the others."""

    key: int
    price: Price
    quantity: int


@dataclass(frozen=True)
class Where:
    """Where it is sent, and by which methods of those there are; all such countries are alike."""

    countries: Sequence[str]
    methods: Sequence[int]
    terms: Terms


@dataclass(frozen=True)
class Amounts:
    """What the things cost in one currency, by their keys, and their deliveries, by the methods."""

    currency: str
    prices: dict[int, Price]
    lines: dict[int, int]
    deliveries: dict[int, int]

    @property
    def subtotal(self) -> int:
        return sum(self.lines.values())

    def totals(self, on_top: int = 0) -> list[int]:
        """What may have to be paid, with each of the deliveries, in minor units."""
        each = self.deliveries.values() or [0]
        return [self.subtotal + delivery + on_top for delivery in each]


def is_on() -> bool:
    """Whether the shop leaves the currency to Stripe at all."""
    return bool(settings.CURRENCY_BY_PLACE)


def in_each(things: Sequence[Thing], where: Where | None) -> list[Amounts]:
    """All that may be charged; empty where the order's currency is to be named.

    `where` is None for what is not sent.
    """
    found = []
    for currency, prices in prices_by_currency([thing.price for thing in things]).items():
        mine = {thing.key: prices[thing.price.pk] for thing in things}
        lines = {thing.key: mine[thing.key].unit_amount * thing.quantity for thing in things}
        deliveries = _deliveries(_goods(things, lines, currency), where)
        if deliveries is None:
            return []
        found.append(Amounts(currency, mine, lines, deliveries))
    currencies = {amounts.currency for amounts in found}
    if len(found) < 2 or not _is_taxed_alike(currencies) or not _codes_count_in(currencies):
        return []
    return found


def can_be_charged(currency: str, totals: Iterable[int]) -> bool:
    """Whether Stripe takes each of these amounts; nothing at all is one."""
    least = MINIMUM_CHARGE.get(currency, 0)
    return all(not total or least <= total <= MAXIMUM_AMOUNT for total in totals)


def _goods(things: Sequence[Thing], lines: dict[int, int], currency: str) -> Goods | None:
    bought = [thing for thing in things if not thing.price.variant.product.is_given]
    value = Money(sum(lines[thing.key] for thing in bought), currency)
    return goods_of(value, [(thing.price.variant, thing.quantity) for thing in bought])


def _deliveries(goods: Goods | None, where: Where | None) -> dict[int, int] | None:
    """What each method costs; None where these are others, or not alike in all countries."""
    if goods is None and where is None:
        return {}
    if goods is None or where is None or not where.countries:
        return None
    first = where.countries[0]
    offers = where.terms.offers(first, goods)
    is_same = [offer.method.pk for offer in offers] == list(where.methods)
    if not is_same or not set(where.countries) <= set(where.terms.alike(first, goods)):
        return None
    return {offer.method.pk: offer.amount.amount for offer in offers}


def _is_taxed_alike(currencies: Collection[str]) -> bool:
    """Whether the prices of all include the tax, or of none."""
    return not mode.is_told() or len({mode.is_inclusive(code) for code in currencies}) == 1


def _codes_count_in(currencies: Collection[str]) -> bool:
    """Whether each code that may be typed on Stripe's page counts in all of these.

    Else somebody who was given one would be refused it for where they are.
    """
    if not settings.ALLOW_PROMOTION_CODES:
        return True
    active = Discount.objects.filter(is_active=True, codes__is_active=True).distinct()
    related = active.prefetch_related("amounts", "codes", "products", "categories")
    return all(_counts_in(discount, currencies) for discount in related if discount.works_on_page)


def _counts_in(discount: Discount, currencies: Collection[str]) -> bool:
    """A share without rows counts in every currency; all else in those of its rows."""
    is_amount = discount.kind == Discount.Kind.AMOUNT
    rows = [row for row in discount.amounts.all() if not is_amount or row.amount is not None]
    return (not rows and not is_amount) or set(currencies) <= {row.currency for row in rows}
