"""What staff and imports do to the catalog: set prices, publish, archive, and tell of a change."""

from django.db import transaction

from shop.catalog import search, sync_queue
from shop.catalog.models import Price, Product, Variant
from shop.money import Money


@transaction.atomic
def set_price(variant: Variant, money: Money) -> Price:
    """Make this the variant's price in its currency: a new row, and the old one inactive.

    The same amount again changes nothing.
    """
    # Two people setting a price at once wait here for one another.
    Variant.objects.select_for_update(of=["self"]).get(pk=variant.pk)
    current = variant.prices.current().filter(currency=money.currency).first()
    if current and current.money == money:
        return current
    if current:
        variant.prices.filter(pk=current.pk).update(is_active=False)
    return variant.prices.create(unit_amount=money.amount, currency=money.currency)


def publish(product: Product) -> None:
    """Put the product on sale."""
    _set_status(product, Product.Status.ACTIVE)


def archive(product: Product) -> None:
    """Take the product off sale; what was bought keeps pointing to it."""
    _set_status(product, Product.Status.ARCHIVED)


@transaction.atomic
def _set_status(product: Product, status: Product.Status) -> None:
    product.status = status
    product.save(update_fields=["status", "updated_at"])
    tell(product)


@transaction.atomic
def tell(product: Product) -> None:
    """After a change: the search finds the product by its new words, and Stripe will be told."""
    search.index(product)
    sync_queue.queue_many(product.variants.values_list("pk", flat=True))
