"""Writing a customer: whoever makes one, the API or a session."""

from typing import Any

from fake_stripe.engine.ids import random_text
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import merged_metadata
from fake_stripe.schema import Object, complete


def create_customer(tx: Transaction, params: dict[str, Any]) -> Object:
    """Write a customer and announce it."""
    optional = {
        name: params[name] for name in ("business_name", "individual_name") if params.get(name)
    }
    customer = tx.create(
        "customer",
        address=address(params.get("address")),
        balance=params.get("balance", 0),
        currency=None,
        delinquent=False,
        description=params.get("description"),
        discount=None,
        email=params.get("email"),
        invoice_prefix=params.get("invoice_prefix") or random_text(8).upper(),
        invoice_settings={},
        metadata=merged_metadata({}, params.get("metadata")),
        name=params.get("name"),
        next_invoice_sequence=params.get("next_invoice_sequence", 1),
        phone=params.get("phone"),
        preferred_locales=params.get("preferred_locales", []),
        shipping=shipping(params.get("shipping")),
        tax_exempt=params.get("tax_exempt") or "none",
        test_clock=None,
        **optional,
    )
    tx.emit("customer.created", customer)
    return customer


def address(sent: Any) -> Object | None:
    """An address with every part, nulls for those not sent."""
    return complete("Address", sent) if sent else None


def shipping(sent: Any) -> Object | None:
    """Where the customer gets parcels."""
    if not sent:
        return None
    return {
        "address": address(sent["address"]),
        "name": sent["name"],
        "phone": sent.get("phone"),
    }
