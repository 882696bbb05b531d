"""What Stripe is to work out of tax, and to ask of who pays, so that it is that of their place."""

from typing import Any

from payments.models import CheckoutSession


def tax(session: CheckoutSession) -> dict[str, Any]:
    """Automatic tax, the tax ids of a business, and the billing address where nothing is sent that
    would say the country.
    """
    asked: dict[str, Any] = {}
    if session.tax and not session.delivery:
        asked["billing_address_collection"] = "required"
    if session.is_taxed_by_stripe:
        asked["automatic_tax"] = {"enabled": True}
    if session.asks_for_tax_ids:
        needed = "if_supported" if session.tax_ids == "required" else "never"
        asked["tax_id_collection"] = {"enabled": True, "required": needed}
    return asked


def behavior(session: CheckoutSession) -> dict[str, str]:
    """Whether what a page asks for includes the tax; nothing where Stripe does not work it out."""
    if not session.is_taxed_by_stripe:
        return {}
    return {"tax_behavior": "inclusive" if session.tax["is_inclusive"] else "exclusive"}
