"""What goes with what is bought, as staff keep it, and where a payment page may offer it."""

from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.db.models import BooleanField, Count, ExpressionWrapper, OuterRef, Q, Subquery

from shop.catalog.models import Price, Product, Variant
from shop.orders.tax import mode

# One unit of each is set aside while a payment page is open.
MOST_ON_PAGE = 3


def page_may_offer(kinds: Collection[str], discount: object) -> bool:
    """Whether the page for things of these kinds, from which `discount` takes off, offers more.

    Nothing where it would change what was decided on before: tax, and what is taken off.
    """
    only_donates = all(kind == Product.Kind.DONATION for kind in kinds)
    return not (discount or mode.is_on() or page_takes_codes() or only_donates)


def prices_going_with(products: Sequence[int], currency: str) -> Any:
    """The prices of all that goes with these products and is none of them, those first that were
    chosen first; each with `may_be_on_page`: whether one click is enough to choose it.

    Products that are bought in one way alone, at a fixed price. Whether Stripe knows that price,
    and whether one is left, has to be seen besides.
    """
    pairs = Product.goes_with.through.objects.filter(from_product__in=products)
    this_one = pairs.filter(to_product=OuterRef("variant__product")).order_by("pk")
    ways = (
        Variant.objects.filter(product=OuterRef("variant__product"), is_active=True)
        .order_by()
        .values("product")
        .annotate(count=Count("pk"))
    )
    return (
        Price.objects.offered()
        .filter(
            currency=currency,
            variant__is_active=True,
            variant__product__in=pairs.values("to_product"),
            variant__product__status=Product.Status.ACTIVE,
            variant__product__kind=Product.Kind.GOODS,
        )
        .exclude(variant__product__in=products)
        .annotate(
            rank=Subquery(this_one.values("pk")[:1]),
            ways=Subquery(ways.values("count")),
            may_be_on_page=ExpressionWrapper(
                # What is handed out digitally needs a consent that the page cannot ask for.
                Q(ways=1, is_chosen=False, variant__digital=None),
                output_field=BooleanField(),
            ),
        )
        .select_related("variant__product")
        .order_by("rank", "variant__position", "variant_id")
    )


def page_takes_codes() -> bool:
    """Whether payment pages, or copies of them, may take codes of discounts."""
    on_copies = settings.CHECKOUT_RECOVERY == "stripe"
    return bool(
        settings.ALLOW_PROMOTION_CODES or (on_copies and settings.CHECKOUT_RECOVERY_PROMOTION_CODES)
    )
