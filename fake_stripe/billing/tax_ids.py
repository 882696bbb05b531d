"""Writing a customer's tax id, and which numbers are refused."""

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.transaction import Transaction
from fake_stripe.schema import Object

# European numbers begin with one of these.
EUROPEAN = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split()
)


def create_tax_id(tx: Transaction, customer_id: str, kind: str, value: str) -> Object:
    """Write a tax id and announce it."""
    country = value[:2].upper() if kind == "eu_vat" else kind[:2].upper()
    if kind == "eu_vat" and (country not in EUROPEAN or len(value) < 8):
        message = f"Invalid value for {kind}."
        raise StripeError(message, code="tax_id_invalid", param="value")
    tax_id = tx.create(
        "tax_id",
        country="GR" if country == "EL" else country,
        customer=customer_id,
        owner={"type": "customer", "customer": customer_id},
        type=kind,
        value=value,
        verification={"status": "pending", "verified_address": None, "verified_name": None},
    )
    tx.emit("customer.tax_id.created", tax_id)
    return tax_id
