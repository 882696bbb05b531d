"""Which tax is due on which class of goods in which country, as of now."""

from collections.abc import Iterable
from typing import Self

from shop.orders.models import TaxRate
from shop.orders.models.tax import EVERY_COUNTRY


class Rates:
    """All active rates, read once."""

    def __init__(self, rates: Iterable[TaxRate]) -> None:
        self._by_place = {(rate.country, rate.tax_class): rate for rate in rates}

    @classmethod
    def now(cls) -> Self:
        """As they stand in the database: one query."""
        return cls(TaxRate.objects.filter(is_active=True))

    @property
    def countries(self) -> list[str]:
        """Those with a rate of their own, in the order of the alphabet."""
        return sorted({country for country, _ in self._by_place} - {EVERY_COUNTRY})

    def served(self, delivered: Iterable[str]) -> list[str]:
        """Where what is not sent is sold: all countries that are served, and those with a rate."""
        return list(dict.fromkeys([*delivered, *self.countries]))

    def due(self, country: str, tax_class: str) -> TaxRate | None:
        """The country's own rate for this class, else that of every country, else none."""
        own = self._by_place.get((country, tax_class))
        return own or self._by_place.get((EVERY_COUNTRY, tax_class))

    def all_due(self, country: str, classes: Iterable[str]) -> dict[str, TaxRate] | None:
        """The rate for each of these classes; None where one of them has none."""
        due = {tax_class: self.due(country, tax_class) for tax_class in classes}
        known = {tax_class: rate for tax_class, rate in due.items() if rate is not None}
        return known if len(known) == len(due) else None

    def alike(self, country: str, classes: Iterable[str], among: Iterable[str]) -> list[str]:
        """Those countries where the very same rates are due on these classes."""
        wanted = list(classes)
        here = self.all_due(country, wanted)
        return [code for code in among if self.all_due(code, wanted) == here]
