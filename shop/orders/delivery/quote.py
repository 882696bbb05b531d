"""What the cart says of delivery before anything is paid."""

from dataclasses import dataclass, field, replace
from typing import Self

from django.http import HttpRequest

from shop.http.languages import by_country_name, country_name
from shop.money import Money
from shop.orders.delivery.destination import destination
from shop.orders.delivery.terms import Goods, Offer, Terms, cheapest_free, settled_on


@dataclass(frozen=True)
class Quote:
    """Where the goods go, and what there is to choose from."""

    country: str
    goods: Goods
    offers: list[Offer]
    terms: Terms
    # What there was to choose from, where the cart has chosen.
    choices: list[Offer] = field(default_factory=list)

    @classmethod
    def of(cls, request: HttpRequest, goods: Goods | None) -> Self | None:
        """As far as it can be told before; None where nothing is sent."""
        if goods is None:
            return None
        terms = Terms.now()
        country = destination(request, terms)
        return cls(country, goods, terms.offers(country, goods), terms)

    def less(self, off: Money, *, is_free: bool) -> Self:
        """The same where so much is taken off the goods, and perhaps the cheapest delivery."""
        goods = replace(self.goods, value=self.goods.value - off)
        offers = self.terms.offers(self.country, goods)
        return replace(self, goods=goods, offers=cheapest_free(offers) if is_free else offers)

    def settled_on(self, method: int | None) -> Self:
        """The same with one way of delivery: by this method, else the cheapest."""
        return replace(self, offers=settled_on(self.offers, method), choices=self.offers)

    @property
    def served(self) -> list[str]:
        """All countries that something is sent to."""
        return self.terms.countries

    @property
    def cheapest(self) -> Offer | None:
        return min(self.offers, key=lambda offer: offer.amount, default=None)

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    @property
    def countries(self) -> list[tuple[str, str]]:
        """Codes and names, in the order of the alphabet."""
        return by_country_name(self.served)
