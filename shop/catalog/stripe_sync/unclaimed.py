"""Objects at Stripe without any installation's mark: staff are shown them, nobody touches them.

One account may serve several installations: what another one marks is that one's to look after.
"""

from collections.abc import Iterable
from typing import Any

from shop.catalog.models import UnclaimedStripeObject, Variant
from shop.catalog.stripe_sync.difference import Seen
from shop.catalog.stripe_sync.prices import foreign_prices, terms_at


def offer_products(account: str, shop: str, products: Iterable[dict[str, Any]]) -> None:
    """Show staff the active products that are nobody's."""
    others = _nobodys(account, shop, products)
    mine = Variant.objects.filter(
        stripe_account=account, stripe_product_id__in=[one["id"] for one in others]
    )
    known = set(mine.values_list("stripe_product_id", flat=True))
    UnclaimedStripeObject.objects.bulk_create(
        [
            UnclaimedStripeObject(
                stripe_account=account, stripe_id=one["id"], name=one["name"][:255]
            )
            for one in others
            if one["active"] and one["id"] not in known
        ],
        ignore_conflicts=True,
    )


def offer_prices(account: str, shop: str, variant: Variant, seen: Seen) -> None:
    """Show staff the prices of our product that nobody looks after, even those we could not ask."""
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
            for one in _nobodys(account, shop, foreign_prices(variant, seen, shop))
        ],
        ignore_conflicts=True,
    )


def is_anothers(found: dict[str, Any], shop: str) -> bool:
    """Whether an installation other than this one has marked the object, as stripe_plan does."""
    marks = found["metadata"] or {}
    return marks.get("shop", shop) != shop and "sku" in marks


def _nobodys(account: str, shop: str, found: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those without a mark; what another installation has marked since is offered no more."""
    marked, unmarked = [], []
    for one in found:
        if is_anothers(one, shop):
            marked.append(one["id"])
        elif (one["metadata"] or {}).get("shop") != shop:
            unmarked.append(one)
    if marked:
        withdraw(account, marked)
    return unmarked


def withdraw(account: str, stripe_ids: list[str]) -> None:
    """Offer these no more; what staff have decided about them stays."""
    UnclaimedStripeObject.objects.filter(
        stripe_account=account, stripe_id__in=stripe_ids, status=UnclaimedStripeObject.Status.OPEN
    ).delete()
