"""A tip in the demo's cart, as a merchant might keep it: an amount that customers choose."""

import uuid

from django.db import transaction

from shop.catalog import stock
from shop.catalog.models import Category, Price, Product, Stock, Variant

SLUG = "tip-for-the-team"
# In minor units: the least, what is proposed, and the most.
BOUNDS = (50, 200, 10_000)
# Nobody counts them; the shop takes nothing that is not there.
ENOUGH = 1_000_000


@transaction.atomic
def set_tip() -> None:
    """For a shop that has none; what staff have set stays."""
    category = Category.objects.order_by("pk").first()
    if category is None or Product.objects.filter(kind=Product.Kind.TIP).exists():
        return
    product = Product.objects.create(
        kind=Product.Kind.TIP,
        slug=SLUG,
        title="Tip for the team",
        description="All of it goes to those who see to your order.",
        translations={
            "de": {
                "title": "Trinkgeld fürs Team",
                "description": "Alles davon geht an die, die sich um Ihre Bestellung kümmern.",
            }
        },
        category=category,
        status=Product.Status.ACTIVE,
        most_per_order=1,
    )
    variant = Variant.objects.create(product=product, sku="TIP", requires_shipping=False)
    least, proposed, most = BOUNDS
    for currency in ("eur", "usd"):
        Price.objects.create(
            variant=variant,
            currency=currency,
            unit_amount=proposed,
            is_chosen=True,
            minimum_amount=least,
            maximum_amount=most,
        )
    Stock.objects.get_or_create(variant=variant)
    stock.adjust(variant.pk, ENOUGH, reason="tips", cause_kind="delivery", cause_id=uuid.uuid4())
