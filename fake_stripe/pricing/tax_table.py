"""The rates that automatic tax goes by: few, of few places, by tax code where that matters."""

import re
from typing import Any

from fake_stripe.engine.errors import StripeError

# The standard rate where the account is registered; anywhere else automatic tax comes to nothing.
STANDARD = {
    "AT": "20", "BE": "21", "CH": "8.1", "DE": "19", "ES": "21", "FR": "20", "GB": "20",
    "IE": "23", "IT": "22", "NL": "21", "PL": "23", "SE": "25",
    "US-CA": "7.25", "US-NY": "4", "US-TX": "6.25", "US-WA": "6.5",
}  # fmt: skip
NAMES = {"GB": "VAT", "CH": "MwSt.", "AT": "USt.", "DE": "USt.", "US": "Sales Tax"}
# Codes as in docs.stripe.com/tax/tax-codes: printed books, food at home.
REDUCED = {
    "txcd_35010000": {"AT": "10", "DE": "7", "FR": "5.5", "GB": "0", "IE": "0"},
    "txcd_40060003": {"AT": "10", "DE": "7", "FR": "5.5", "GB": "0", "US-CA": "0", "US-NY": "0"},
}
NOT_TAXED = "txcd_00000000"
# The first digits of postal codes, by the state that they are in.
ZIP_CODES = {"US-NY": r"1[0-4]", "US-TX": r"7[5-9]", "US-CA": r"9[0-6]", "US-WA": r"9[89]"}


def place_of(address: dict[str, Any]) -> str:
    """Where tax is due, as AT or US-CA; empty where the address does not tell."""
    country, state = address.get("country") or "", address.get("state") or ""
    code = address.get("postal_code") or ""
    if country != "US":
        return str(country)
    if state or not code:
        return f"US-{state}" if state else ""
    return next((name for name, first in ZIP_CODES.items() if re.match(first, code)), country)


def percentage(place: str, tax_code: str) -> str | None:
    """What is due there on goods of this code; None where the account is not registered."""
    if place not in STANDARD:
        return None
    if tax_code == NOT_TAXED:
        return "0"
    return REDUCED.get(tax_code, {}).get(place, STANDARD[place])


def refuse_code(tax_code: str | None, param: str) -> None:
    """A tax code has a prefix and eight digits."""
    if tax_code and not re.fullmatch(r"txcd_\d{8}", tax_code, re.ASCII):
        message = f"No such tax code: '{tax_code}'"
        raise StripeError(message, code="resource_missing", param=param)
