"""What goes with what is bought, as staff keep it."""

from collections.abc import Sequence

from django.conf import settings

from shop.catalog.models import Product

# One unit of each is set aside while a payment page is open.
MOST_ON_PAGE = 3


def going_with(products: Sequence[int]) -> list[int]:
    """The ids of products that go with these, and are none of them; in the order of these."""
    pairs = (
        Product.goes_with.through.objects.filter(from_product__in=products)
        .exclude(to_product__in=products)
        .order_by("pk")
        .values_list("from_product_id", "to_product_id")
    )
    place = {pk: number for number, pk in enumerate(products)}
    return list(dict.fromkeys(to for _, to in sorted(pairs, key=lambda pair: place[pair[0]])))


def page_takes_codes() -> bool:
    """Whether payment pages, or copies of them, may take codes of discounts."""
    on_copies = settings.CHECKOUT_RECOVERY == "stripe"
    return bool(
        settings.ALLOW_PROMOTION_CODES or (on_copies and settings.CHECKOUT_RECOVERY_PROMOTION_CODES)
    )
