"""What was taken out of the cart last, to be put back by one click."""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest

from shop.catalog.models import Price, Product
from shop.money import Money
from shop.orders.models import CartLine


def keep_removed(request: HttpRequest, line: CartLine) -> None:
    """Remember the line for this browser session."""
    request.session["removed"] = {
        "variant": line.variant_id,
        "currency": line.currency,
        "interval": line.interval,
        "interval_count": line.interval_count,
        "quantity": line.quantity,
        "named": line.seen_amount if line.is_named else None,
    }


def undo_of(request: HttpRequest, variants: Collection[int] = ()) -> dict[str, Any] | None:
    """What was removed last and is still sold, until the cart, which has these variants, has it
    again.
    """
    removed = request.session.get("removed")
    if not removed or removed["variant"] in variants:
        return None
    price = (
        Price.objects.asked()
        .filter(
            variant=removed["variant"],
            currency=removed["currency"],
            # The release before remembered neither.
            interval=removed.get("interval", ""),
            interval_count=removed.get("interval_count", 1),
            variant__is_active=True,
            variant__product__status=Product.Status.ACTIVE,
        )
        .select_related("variant__product")
        .first()
    )
    named = removed.get("named")
    named = None if named is None else Money(named, removed["currency"])
    return {"price": price, "quantity": removed["quantity"], "named": named} if price else None
