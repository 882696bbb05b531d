"""What is wrong with the ways of delivery: what nobody could order, in sentences for staff."""

from collections.abc import Iterator

from django.conf import settings
from django.db.models import QuerySet

from shop.catalog.models import Product, Variant
from shop.orders.delivery.terms import Method, Terms
from shop.orders.models import DeliveryMethod


def gaps() -> list[str]:
    """What keeps somebody from ordering what is on sale; empty when nothing does."""
    if not _sent().exists():
        return []
    terms = Terms.now()
    if not terms.methods:
        return ["No delivery method is active: nothing that is sent can be bought."]
    return [
        sentence
        for currency in settings.CURRENCIES_OFFERED
        for sentence in _gaps_in(terms, currency)
    ]


def _gaps_in(terms: Terms, currency: str) -> Iterator[str]:
    code = currency.upper()
    served = {
        country
        for method in terms.methods
        if method.row.is_free or any(rate.currency == currency for rate in method.rates)
        for country in method.row.countries
    }
    if unserved := [country for country in terms.countries if country not in served]:
        yield (
            f"Nobody in {', '.join(unserved)} can order in {code}: no delivery method there has a"
            " price in it."
        )
    for method in terms.methods:
        if lowest := _lowest_band(method, currency):
            yield f"{method.row} has no price in {code} below its first band, {lowest}."


def _lowest_band(method: Method, currency: str) -> int:
    """Where its prices in a currency begin, if not at nothing."""
    starts = [rate.starts_at for rate in method.rates if rate.currency == currency]
    return min(starts, default=0) if not method.row.is_free else 0


def without_weight() -> list[str]:
    """SKUs on sale that count as heaviest, as nobody has said what they weigh."""
    by_weight = DeliveryMethod.objects.filter(is_active=True, is_free=False, bands_by="weight")
    if not by_weight.exists():
        return []
    return list(_sent().filter(grams=0).order_by("sku").values_list("sku", flat=True))


def _sent() -> QuerySet[Variant]:
    return Variant.objects.filter(
        is_active=True, requires_shipping=True, product__status=Product.Status.ACTIVE
    )
