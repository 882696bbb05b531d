"""What the customer may change on the page: what the session keeps, and nothing else."""

from typing import Any

from payments.models import CheckoutSession
from shop.orders.models import OrderLine


def adjustable(session: CheckoutSession, line: OrderLine) -> dict[str, Any]:
    """The bounds of a line's quantity; nothing where it stays as it is."""
    most = session.changes.get("lines", {}).get(str(line.position))
    if most is None:
        return {}
    return {"adjustable_quantity": {"enabled": True, "minimum": 1, "maximum": most}}


def optional_items(session: CheckoutSession) -> dict[str, Any]:
    """What is on offer besides the lines."""
    offered = [
        {"price": one["stripe_price"], "quantity": one["quantity"]}
        for one in session.changes.get("additions", [])
    ]
    return {"optional_items": offered} if offered else {}
