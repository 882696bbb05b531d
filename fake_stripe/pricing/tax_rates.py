"""Writing a tax rate: the API's own, or one that automatic tax makes."""

from typing import Any

from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import merged_metadata
from fake_stripe.schema import Object


def create_tax_rate(tx: Transaction, params: dict[str, Any]) -> Object:
    """Write a rate, announcing nothing: automatic tax makes its own in silence."""
    names = ("country", "description", "jurisdiction", "state", "tax_type")
    return tx.create(
        "tax_rate",
        **{name: params.get(name) for name in names},
        active=params.get("active", True),
        display_name=params["display_name"],
        effective_percentage=params.get("effective_percentage"),
        inclusive=params["inclusive"],
        jurisdiction_level=params.get("jurisdiction_level"),
        metadata=merged_metadata({}, params.get("metadata")),
        percentage=float(params["percentage"]),
        rate_type="percentage",
    )
