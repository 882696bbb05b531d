"""What the cart says of tax before anything is paid."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.http import HttpRequest

from shop.catalog.models import Variant
from shop.http.languages import by_country_name, country_name
from shop.money import Money
from shop.orders.delivery.destination import destination
from shop.orders.delivery.quote import Quote
from shop.orders.delivery.terms import Terms
from shop.orders.models.tax import TaxSum
from shop.orders.tax import mode
from shop.orders.tax.due import Due, Line
from shop.orders.tax.rates import Rates


@dataclass(frozen=True)
class TaxQuote:
    """The taxes of a cart in its country, with the cheapest delivery; and the countries to choose
    from where no delivery asks for one.
    """

    country: str
    served: list[str]
    due: Due | None
    delivery: Money
    # What the goods cost, as their prices say.
    goods: Money

    @classmethod
    def of(
        cls, request: HttpRequest, units: Iterable[tuple[Variant, Money]], delivery: Quote | None
    ) -> Self | None:
        """For so much of each variant; None where the shop reckons with no taxes, or of nothing."""
        bought = list(units)
        if not mode.is_on() or not bought:
            return None
        rates = Rates.now()
        if delivery is None:
            terms = Terms.now()
            country, served = destination(request, terms), rates.served(terms.countries)
        else:
            country, served = delivery.country, delivery.served
        lines = [
            Line.of(place, variant, amount.amount) for place, (variant, amount) in enumerate(bought)
        ]
        goods = sum((amount for _, amount in bought), Money.zero(bought[0][1].currency))
        cheapest = delivery.cheapest if delivery else None
        due = Due.of(rates, country, goods.currency, lines) if country in served else None
        sent = cheapest.amount if cheapest else Money.zero(goods.currency)
        return cls(country, served, due, sent, goods)

    @property
    def sums(self) -> list[TaxSum]:
        """For each rate all that is due."""
        return self.due.sums(self.delivery.amount) if self.due else []

    @property
    def on_top(self) -> Money:
        return Money(self.due.on_top if self.due else 0, self.goods.currency)

    @property
    def is_inclusive(self) -> bool:
        return mode.is_inclusive(self.goods.currency)

    @property
    def country_name(self) -> str:
        return country_name(self.country)

    @property
    def countries(self) -> list[tuple[str, str]]:
        """Codes and names, in the order of the alphabet."""
        return by_country_name(self.served)
