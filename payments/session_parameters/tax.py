"""What Stripe is to ask of who pays, so that the tax is that of where they are."""

from typing import Any

from payments.models import CheckoutSession


def tax(session: CheckoutSession) -> dict[str, Any]:
    """The billing address, where nothing is sent that would say the country."""
    if not session.tax or session.delivery:
        return {}
    return {"billing_address_collection": "required"}
