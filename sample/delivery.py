"""How the sample range gets to people: three methods, as a seller in Vienna might offer them."""

from django.db import transaction

from shop.orders.models import DeliveryMethod

NEAR = ["AT", "DE"]
FAR = "BE CZ DK EE ES FI FR IE IT LT LU LV NL PL PT SE SI SK".split()
# Whole minor units.
FREE_FROM = {"eur": 8000, "usd": 9000}


@transaction.atomic
def set_methods() -> None:
    """In place of the free one that a new shop begins with; what staff have set stays."""
    if DeliveryMethod.objects.exclude(is_free=True).exists():
        return
    DeliveryMethod.objects.all().delete()
    method("Standard", "Standard", NEAR, days=(2, 4), prices={"eur": 490, "usd": 550})
    method("Express", "Express", NEAR, days=(1, 1), prices={"eur": 990, "usd": 1100}, free={})
    method("Abroad", "Ausland", FAR, days=(4, 8), prices={"eur": 1290, "usd": 1400})


def method(
    name: str,
    german: str,
    countries: list[str],
    *,
    days: tuple[int, int],
    prices: dict[str, int],
    free: dict[str, int] = FREE_FROM,
) -> None:
    """One more method, after those that are there."""
    made = DeliveryMethod.objects.create(
        name=name,
        translations={"de": {"name": german}} if german != name else {},
        countries=countries,
        min_days=days[0],
        max_days=days[1],
        position=DeliveryMethod.objects.count(),
    )
    for currency, amount in prices.items():
        made.rates.create(currency=currency, amount=amount)
    for currency, amount in free.items():
        made.free_from.create(currency=currency, amount=amount)
