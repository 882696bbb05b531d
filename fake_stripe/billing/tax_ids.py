"""Writing a customer's tax id, and which numbers are refused."""

import re

from fake_stripe.engine.errors import StripeError
from fake_stripe.engine.transaction import Transaction
from fake_stripe.schema import Object

# European numbers begin with one of these.
EUROPEAN = frozenset(
    "AT BE BG CY CZ DE DK EE EL ES FI FR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK XI".split()
)
# The commonest of Stripe's types as the payment page offers them: what each is called, and how
# such a number is written (docs.stripe.com/billing/customer/tax-ids).
OFFERED = {
    "eu_vat": ("EU VAT number", r"AT\s?U\d{8}|(?!AT)[A-Z]{2}\s?[0-9A-Z+*.]{8,12}"),
    "gb_vat": ("UK VAT number", r"GB\s?\d{9}(\d{3})?"),
    "ch_vat": ("Swiss VAT number", r"CHE-?\d{3}\.?\d{3}\.?\d{3}\s?(MWST|TVA|IVA)"),
    "no_vat": ("Norwegian VAT number", r"\d{9}\s?MVA"),
    "us_ein": ("US EIN", r"\d{2}-\d{7}"),
    "au_abn": ("Australian business number", r"\d{11}"),
    "ca_bn": ("Canadian business number", r"\d{9}"),
    "nz_gst": ("New Zealand GST number", r"\d{8,9}"),
    "in_gst": ("Indian GST number", r"[0-9A-Z]{15}"),
    "jp_trn": ("Japanese registration number", r"T\d{13}"),
}


def is_plausible(kind: str, value: str) -> bool:
    """Whether a number is written as those of its type are; of other types anything is."""
    if kind == "eu_vat" and value[:2].upper() not in EUROPEAN:
        return False
    _, written = OFFERED.get(kind, ("", r".+"))
    return re.fullmatch(written, value.strip().upper(), re.ASCII) is not None


def create_tax_id(tx: Transaction, customer_id: str, kind: str, value: str) -> Object:
    """Write a tax id and announce it."""
    country = value[:2].upper() if kind == "eu_vat" else kind[:2].upper()
    if not is_plausible(kind, value):
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
