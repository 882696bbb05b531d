"""Objects at Stripe without our mark: staff are shown them, and nobody touches them."""

from collections.abc import Iterable
from typing import Any

from shop.catalog.models import UnclaimedStripeObject, Variant
from shop.catalog.stripe_sync.difference import Seen
from shop.catalog.stripe_sync.prices import foreign_prices, terms_at


def offer_products(account: str, shop: str, products: Iterable[dict[str, Any]]) -> None:
    """Show staff the active products that are nobody's of ours."""
    known = set(Variant.objects.filter(stripe_account=account).values_list("stripe_product_id"))
    UnclaimedStripeObject.objects.bulk_create(
        [
            UnclaimedStripeObject(
                stripe_account=account, stripe_id=one["id"], name=one["name"][:255]
            )
            for one in products
            if one["active"]
            and (one["metadata"] or {}).get("shop") != shop
            and (one["id"],) not in known
        ],
        ignore_conflicts=True,
    )


def offer_prices(account: str, shop: str, variant: Variant, seen: Seen) -> None:
    """Show staff the prices of our product that others made, also those that we could not ask."""
    UnclaimedStripeObject.objects.bulk_create(
        [
            UnclaimedStripeObject(
                stripe_account=account,
                stripe_id=one["id"],
                variant=variant,
                name=str(variant)[:255],
                unit_amount=one["unit_amount"],
                currency=one["currency"],
                terms=terms_at(one),
            )
            for one in foreign_prices(variant, seen, shop)
        ],
        ignore_conflicts=True,
    )
