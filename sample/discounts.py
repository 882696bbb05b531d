"""What the demo takes off: a code for everybody who reads of it, and an offer on one product."""

from decimal import Decimal

from django.db import transaction

from shop.catalog.models import Product
from shop.orders.models import Discount
from shop.orders.models.discounts.words import skeleton

CODE = "WELCOME10"
# Sold by the piece, and bought by the dozen.
THREE_FOR_TWO = "beeswax-pillar"


@transaction.atomic
def set_discounts() -> None:
    """For a shop that has none; what staff have set stays."""
    if Discount.objects.exists():
        return
    welcome = Discount.objects.create(
        name="Welcome",
        translations={"de": {"name": "Willkommen"}},
        kind=Discount.Kind.PERCENT,
        percentage=Decimal(10),
    )
    welcome.codes.create(code=CODE, skeleton=skeleton(CODE))
    offer = Discount.objects.create(
        name="3 for the price of 2",
        translations={"de": {"name": "3 zum Preis von 2"}},
        kind=Discount.Kind.BUNDLE,
        bundle_of=3,
        bundle_price=2,
        is_automatic=True,
    )
    offer.products.set(Product.objects.filter(slug=THREE_FOR_TWO))
