"""What staff and imports do to the catalog: set prices, publish, archive, and tell of a change."""

from django.db import transaction

from shop.catalog.models import Price, Variant
from shop.money import Money


@transaction.atomic
def set_price(variant: Variant, money: Money) -> Price:
    """Make this the variant's price in its currency: a new row, and the old one inactive.

    The same amount again changes nothing.
    """
    # Two people setting a price at once wait here for one another.
    Variant.objects.select_for_update().get(pk=variant.pk)
    current = variant.prices.current().filter(currency=money.currency).first()
    if current and current.money == money:
        return current
    if current:
        variant.prices.filter(pk=current.pk).update(is_active=False)
    return variant.prices.create(unit_amount=money.amount, currency=money.currency)
