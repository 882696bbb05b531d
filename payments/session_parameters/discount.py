"""Whether Stripe's page takes codes of discounts."""

from typing import Any

from payments.models import CheckoutSession


def codes(session: CheckoutSession) -> dict[str, Any]:
    """Where nothing is taken off yet; a discount of the cart's own stands in the lines."""
    return {"allow_promotion_codes": True} if session.discount.get("on_page") else {}
