"""What Stripe tells of taxes that it has worked out, and of tax ids, as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from shop.orders.models.tax import plain_share

# Why nothing is due; what was merely not collected, as where the shop is not registered, is none.
EXEMPT = {"reverse_charge", "zero_rated", "customer_exempt", "product_exempt"}


@dataclass(frozen=True)
class TaxFacts:
    """What one rate came to, in minor units; the base is without the tax."""

    name: str
    percentage: str
    base: int
    amount: int
    is_inclusive: bool
    # Stripe's word for why nothing is due; empty where something is.
    exempt_by: str = ""

    @property
    def plain(self) -> dict[str, Any]:
        """As Order.taxes keeps it."""
        kept = {
            "name": self.name,
            "percentage": self.percentage,
            "base": self.base,
            "amount": self.amount,
        }
        return {**kept, "exempt_by": self.exempt_by} if self.exempt_by else kept


@dataclass(frozen=True)
class Reckoned:
    """Taxes of a session and whose numbers they go by; `status` is that of automatic tax."""

    status: str = ""
    taxes: list[TaxFacts] = field(default_factory=list)
    # {"type", "value"} of each, by Stripe's types.
    ids: list[dict[str, str]] = field(default_factory=list)


def reckoned(session: dict[str, Any], items: Iterable[dict[str, Any]] | None) -> Reckoned:
    """From a session with its breakdown, and from its line items with their taxes."""
    automatic = session.get("automatic_tax") or {}
    details = session.get("customer_details") or {}
    return Reckoned(
        status=(automatic.get("status") or "") if automatic.get("enabled") else "",
        taxes=[_facts(entry) for entry in _entries(session, items or []) if _counts(entry)],
        ids=[
            {"type": str(one["type"]), "value": str(one["value"])}
            for one in details.get("tax_ids") or []
            if one.get("value")
        ],
    )


def _entries(session: dict[str, Any], items: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """One for each rate: the session's sums, if delivery is in them, else those of its parts."""
    totals = session.get("total_details") or {}
    whole: list[dict[str, Any]] = (totals.get("breakdown") or {}).get("taxes") or []
    if sum(entry["amount"] for entry in whole) == (totals.get("amount_tax") or 0):
        return whole
    sums: dict[str, dict[str, Any]] = {}
    for part in [*items, session.get("shipping_cost") or {}]:
        for entry in part.get("taxes") or []:
            before = sums.get(entry["rate"]["id"], {"amount": 0, "taxable_amount": 0})
            sums[entry["rate"]["id"]] = {
                **entry,
                "amount": before["amount"] + entry["amount"],
                "taxable_amount": before["taxable_amount"] + (entry.get("taxable_amount") or 0),
            }
    return list(sums.values())


def _counts(entry: dict[str, Any]) -> bool:
    return bool(entry["amount"]) or entry.get("taxability_reason") in EXEMPT


def _facts(entry: dict[str, Any]) -> TaxFacts:
    rate = entry["rate"]
    return TaxFacts(
        name=str(rate["display_name"])[:50],
        percentage=plain_share(Decimal(str(rate["percentage"]))),
        base=entry.get("taxable_amount") or 0,
        amount=entry["amount"],
        is_inclusive=bool(rate["inclusive"]),
        exempt_by="" if entry["amount"] else str(entry.get("taxability_reason") or ""),
    )
