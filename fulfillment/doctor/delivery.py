"""Delivery: whether everybody who is served can be told what it costs."""

from fulfillment.doctor.amiss import Amiss
from shop.orders.delivery.gaps import gaps, without_weight

MEND = "Mend the delivery methods in admin."
# As many SKUs as a line can hold.
SOME = 5


def methods() -> str:
    """Whether every country and currency on offer has a price, and what weighs nothing."""
    if found := gaps():
        raise Amiss(" ".join(found), mend=MEND)
    unknown = without_weight()
    if unknown:
        more = f" and {len(unknown) - SOME} more" if len(unknown) > SOME else ""
        return f"without a weight, and so the heaviest: {', '.join(unknown[:SOME])}{more}"
    return "every country and currency has a price"
