"""Taxes: the rates that a session names for its lines, and a simple automatic tax by country."""

from decimal import Decimal
from typing import Any

from fake_stripe.engine.transaction import Transaction, public
from fake_stripe.pricing.discounts import rounded
from fake_stripe.pricing.tax_rates import create_tax_rate
from fake_stripe.schema import Object

# The standard rate where the account is registered; anywhere else automatic tax comes to nothing.
STANDARD = {
    "AT": "20", "BE": "21", "CH": "8.1", "DE": "19", "ES": "21", "FR": "20", "GB": "20",
    "IE": "23", "IT": "22", "NL": "21", "PL": "23", "SE": "25",
}  # fmt: skip
NAMES = {"GB": "VAT", "CH": "MwSt.", "AT": "USt.", "DE": "USt."}
# Where people are used to prices without tax.
EXCLUSIVE = ("usd", "cad")


def automatic_rates(tx: Transaction, country: str, behavior: str, currency: str) -> list[Object]:
    """The rate of a country, inside or on top of the price, as an object that is made once."""
    if country not in STANDARD:
        return []
    if behavior not in ("inclusive", "exclusive"):
        behavior = "exclusive" if currency in EXCLUSIVE else "inclusive"
    key = f"{country}-{behavior}"
    rates = tx.store.select("tax_rate", {"_.automatic": key}, limit=1)
    if rates:
        return rates
    rate = create_tax_rate(
        tx,
        {
            "active": False,
            "country": country,
            "display_name": NAMES.get(country, "VAT"),
            "effective_percentage": float(STANDARD[country]),
            "inclusive": behavior == "inclusive",
            "jurisdiction": country,
            "jurisdiction_level": "country",
            "percentage": STANDARD[country],
            "tax_type": "vat",
        },
    )
    tx.change(rate, _={"automatic": key})
    return [rate]


def taxes_on(amount: int, rates: list[Object]) -> tuple[list[Object], int, int]:
    """The taxes on minor units, their sum, and how much of that sum comes on top.

    The taxes are entries of Stripe's `taxes`: amount, rate, taxable amount. Inclusive rates stand
    inside `amount` together, exclusive ones are reckoned on what remains.
    """
    inside = sum((share(rate) for rate in rates if rate["inclusive"]), Decimal(0))
    net = Decimal(amount) / (1 + inside)
    taxes: list[Object] = [
        {
            "amount": rounded(net * share(rate)),
            "rate": public(rate),
            "taxability_reason": "standard_rated",
            "taxable_amount": rounded(net),
        }
        for rate in rates
    ]
    on_top = sum(tax["amount"] for tax in taxes if not tax["rate"]["inclusive"])
    return taxes, sum(tax["amount"] for tax in taxes), on_top


def share(rate: Object) -> Decimal:
    """A rate's percentage as a fraction."""
    return Decimal(str(rate["percentage"])) / 100


def summed(taxes: list[Object]) -> list[Object]:
    """The taxes of several lines, one entry for each rate."""
    by_rate: dict[str, Any] = {}
    for tax in taxes:
        entry = by_rate.setdefault(tax["rate"]["id"], {**tax, "amount": 0, "taxable_amount": 0})
        entry["amount"] += tax["amount"]
        entry["taxable_amount"] += tax["taxable_amount"]
    return list(by_rate.values())
