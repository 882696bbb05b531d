"""What the cart says of delivery before anything is paid."""

from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest

from shop.http.languages import by_country_name, country_name
from shop.money import Money
from shop.orders.delivery.destination import destination
from shop.orders.delivery.terms import Goods, Offer, Terms


@dataclass(frozen=True)
class Quote:
    """Where the goods go, what there is to choose from, and all countries that are served."""

    country: str
    goods: Goods
    offers: list[Offer]
    served: list[str]

    @classmethod
    def of(cls, request: HttpRequest, goods: Goods) -> Self:
        terms = Terms.now()
        country = destination(request, terms)
        return cls(country, goods, terms.offers(country, goods), terms.countries)

    @property
    def cheapest(self) -> Offer | None:
        return min(self.offers, key=lambda offer: offer.amount, default=None)

    @property
    def total(self) -> Money:
        """What the order costs with the cheapest delivery."""
        return self.goods.value + self.cheapest.amount if self.cheapest else self.goods.value

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    @property
    def countries(self) -> list[tuple[str, str]]:
        """Codes and names, in the order of the alphabet."""
        return by_country_name(self.served)
