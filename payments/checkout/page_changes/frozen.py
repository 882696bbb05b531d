"""What a session keeps of what its page lets a customer change."""

from collections.abc import Sequence
from typing import Any

from payments.checkout.page_changes.additions import Addition
from payments.checkout.page_changes.quantities import most_of_lines
from payments.models import CheckoutSession
from shop.orders.delivery.terms import Terms
from shop.orders.models import Order, words_of


def frozen(
    order: Order, session: CheckoutSession, additions: Sequence[Addition], terms: Terms
) -> dict[str, Any]:
    """As CheckoutSession.changes has it, in the words and at the prices of now.

    Of each addition one unit is set aside for the order. `terms` are those that the page offers
    delivery by.
    """
    changes: dict[str, Any] = {}
    if lines := most_of_lines(order, session, additions, terms):
        changes["lines"] = lines
    if additions:
        last = max(order.lines.values_list("position", flat=True))
        changes["additions"] = [
            _addition(position, addition) for position, addition in enumerate(additions, last + 1)
        ]
    return changes


def _addition(position: int, addition: Addition) -> dict[str, Any]:
    price, variant = addition.price, addition.price.variant
    return {
        "position": position,
        "variant": variant.pk,
        "price": price.pk,
        "stripe_price": addition.stripe_price_id,
        "sku": variant.sku,
        **words_of(variant),
        "unit_amount": price.unit_amount,
        "quantity": 1,
    }
