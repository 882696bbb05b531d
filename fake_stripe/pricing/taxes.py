"""Taxes: the rates that a session names for its lines, and a simple automatic tax by country."""

from decimal import Decimal
from typing import Any

from fake_stripe.engine.transaction import Transaction, public
from fake_stripe.pricing.discounts import rounded
from fake_stripe.pricing.tax_rates import create_tax_rate
from fake_stripe.pricing.tax_table import NAMES, STANDARD, percentage
from fake_stripe.schema import Object

# Where people are used to prices without tax.
EXCLUSIVE = ("usd", "cad")


def automatic_rates(
    tx: Transaction, place: str, behavior: str, currency: str, tax_code: str = ""
) -> list[Object]:
    """The rate of a place, inside or on top of the price, as an object that is made once."""
    due = percentage(place, tax_code)
    if due is None:
        return []
    if behavior not in ("inclusive", "exclusive"):
        behavior = "exclusive" if currency in EXCLUSIVE else "inclusive"
    key = f"{place}-{due}-{behavior}"
    rates = tx.store.select("tax_rate", {"_.automatic": key}, limit=1)
    if rates:
        return rates
    country, _, state = place.partition("-")
    rate = create_tax_rate(
        tx,
        {
            "active": False,
            "country": country,
            "state": state or None,
            "display_name": NAMES.get(country, "VAT"),
            "effective_percentage": float(due),
            "inclusive": behavior == "inclusive",
            "jurisdiction": state or country,
            "jurisdiction_level": "state" if state else "country",
            "percentage": due,
            "tax_type": "sales_tax" if state else "vat",
        },
    )
    tx.change(rate, _={"automatic": key, "standard": due == STANDARD[place]})
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
            "taxability_reason": reason(rate),
            "taxable_amount": rounded(net),
        }
        for rate in rates
    ]
    on_top = sum(tax["amount"] for tax in taxes if not tax["rate"]["inclusive"])
    return taxes, sum(tax["amount"] for tax in taxes), on_top


def reason(rate: Object) -> str:
    """Why just this is due: a rate that the caller named counts as the standard one."""
    if not rate["percentage"]:
        return "zero_rated"
    return "standard_rated" if rate.get("_", {}).get("standard", True) else "reduced_rated"


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
