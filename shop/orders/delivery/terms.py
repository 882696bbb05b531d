"""What delivery costs where, as of now: the same in the cart, before the payment page and on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from shop.catalog.models import Variant
from shop.money import Money
from shop.orders.models import DeliveryMethod, DeliveryRate, FreeDelivery

# Stripe takes no more shipping options in a session.
MOST_OFFERS = 5


@dataclass(frozen=True)
class Goods:
    """What is to be sent: what the whole order costs, and what its parcel weighs in grams.

    None where the weight of something is not known: it then counts as the heaviest.
    """

    value: Money
    grams: int | None


def goods_of(value: Money, units: Iterable[tuple[Variant, int]]) -> Goods | None:
    """The goods of an order of this value; None when nothing of it is sent."""
    sent = [(variant, quantity) for variant, quantity in units if variant.requires_shipping]
    if not sent:
        return None
    is_known = all(variant.grams for variant, _ in sent)
    grams = sum(variant.grams * quantity for variant, quantity in sent)
    return Goods(value, grams if is_known else None)


@dataclass(frozen=True)
class Rate:
    """What it costs from a weight in grams, or a goods' value, on; amounts in minor units."""

    currency: str
    starts_at: int
    amount: int


@dataclass(frozen=True)
class Method:
    """A way of delivery with its prices; `free_from` is {currency: goods' value}."""

    row: DeliveryMethod
    rates: list[Rate]
    free_from: dict[str, int]

    def price(self, goods: Goods) -> Money | None:
        """What it costs for these goods; None where it has no price in their currency."""
        currency = goods.value.currency
        if self.row.is_free:
            return Money.zero(currency)
        measured = self._measured(goods)
        reached = [
            rate
            for rate in self.rates
            if rate.currency == currency and (measured is None or rate.starts_at <= measured)
        ]
        if not reached:
            return None
        if goods.value.amount >= self.free_from.get(currency, goods.value.amount + 1):
            return Money.zero(currency)
        return Money(max(reached, key=lambda rate: rate.starts_at).amount, currency)

    def _measured(self, goods: Goods) -> int | None:
        """Where on the method's scale the goods are; None: at its end."""
        if self.row.bands_by == DeliveryMethod.Bands.WEIGHT:
            return goods.grams
        if self.row.bands_by == DeliveryMethod.Bands.VALUE:
            return goods.value.amount
        return 0


@dataclass(frozen=True)
class Offer:
    """One way of delivery and what it costs."""

    method: DeliveryMethod
    amount: Money


def cheapest_free(offers: list[Offer]) -> list[Offer]:
    """The same offers, the cheapest of them for nothing."""
    cheapest = min(offers, key=lambda offer: offer.amount, default=None)
    return [
        Offer(offer.method, Money.zero(offer.amount.currency)) if offer is cheapest else offer
        for offer in offers
    ]


def settled_on(offers: list[Offer], method: int | None) -> list[Offer]:
    """The one by this method, else the cheapest, alone: what is sent again and again goes one way,
    and the payment page of a subscription lets nobody choose.
    """
    chosen = next((offer for offer in offers if offer.method.pk == method), None)
    chosen = chosen or min(offers, key=lambda offer: offer.amount, default=None)
    return [chosen] if chosen else []


class Terms:
    """All active methods with their prices, read once."""

    def __init__(self, methods: Iterable[Method]) -> None:
        self.methods = list(methods)

    @classmethod
    def now(cls) -> Self:
        """As they stand in the database: one query, for every page asks."""
        rates = DeliveryRate.objects.filter(method=OuterRef("pk")).order_by("starts_at")
        free = FreeDelivery.objects.filter(method=OuterRef("pk"))
        band = JSONObject(currency="currency", starts_at="starts_at", amount="amount")
        least = JSONObject(currency="currency", amount="amount")
        active = DeliveryMethod.objects.filter(is_active=True).annotate(
            rates_now=ArraySubquery(rates.values(row=band)),
            free_now=ArraySubquery(free.values(row=least)),
        )
        return cls(
            Method(
                method,
                rates=[Rate(**row) for row in method.rates_now],
                free_from={row["currency"]: row["amount"] for row in method.free_now},
            )
            for method in active
        )

    @cached_property
    def countries(self) -> list[str]:
        """All that something is sent to, those of the first method first."""
        return list(dict.fromkeys(code for method in self.methods for code in method.row.countries))

    def offers(self, country: str, goods: Goods) -> list[Offer]:
        """What there is to choose from, the proposed one first; none where we do not deliver."""
        offers = []
        for method in self.methods:
            if country in method.row.countries:
                amount = method.price(goods)
                if amount is not None:
                    offers.append(Offer(method.row, amount))
        return offers[:MOST_OFFERS]

    def alike(self, country: str, goods: Goods) -> list[str]:
        """The countries with the same offers: the payment page may let the customer choose."""
        offers = self.offers(country, goods)
        return [code for code in self.countries if self.offers(code, goods) == offers]

    def with_offer(self, offer: Offer, goods: Goods) -> list[str]:
        """The countries with this very offer, whatever else there is."""
        return [code for code in self.countries if offer in self.offers(code, goods)]
