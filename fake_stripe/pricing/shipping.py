"""What a delivery costs, in each of the currencies that its rate has."""

from typing import Any

from fake_stripe.engine.errors import StripeError, missing_parameter
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import merged_metadata
from fake_stripe.pricing.tax_table import refuse_code
from fake_stripe.protocol.expansion import includable
from fake_stripe.protocol.rules import between, currency
from fake_stripe.schema import Object

MOST = 99_999_999


def create_shipping_rate(tx: Transaction, params: dict[str, Any]) -> Object:
    """Write a rate, also one that comes inside a session's options."""
    fixed = params["fixed_amount"]
    refuse_code(params.get("tax_code"), "tax_code")
    return tx.create(
        "shipping_rate",
        active=True,
        delivery_estimate=params.get("delivery_estimate"),
        display_name=params["display_name"],
        fixed_amount={"amount": fixed["amount"], "currency": fixed["currency"].lower()},
        metadata=merged_metadata({}, params.get("metadata")),
        tax_behavior=params.get("tax_behavior", "unspecified"),
        tax_code=params.get("tax_code"),
        type="fixed_amount",
        _={"currency_options": merged_options({}, fixed.get("currency_options"))},
    )


def refuse_options(fixed: dict[str, Any], prefix: str = "") -> None:
    """Further currencies are known ones, each told once, with an amount that can be charged."""
    name = f"{prefix}[fixed_amount]" if prefix else "fixed_amount"
    for code, option in (fixed.get("currency_options") or {}).items():
        param = f"{name}[currency_options][{code}]"
        currency(code, param)
        if code.lower() == fixed.get("currency", "").lower():
            message = f"`{code}` is the currency of the rate itself; give its amount there."
            raise StripeError(message, param=param)
        if "amount" in option:
            between(0, MOST)(option["amount"], f"{param}[amount]")


def merged_options(present: Object, sent: Any) -> Object:
    """The further currencies after an update: each that is named is changed or added."""
    merged = dict(present)
    for code, option in (sent or {}).items():
        known = merged.get(code.lower(), {"tax_behavior": "unspecified"})
        if "amount" not in {**known, **option}:
            raise missing_parameter(f"fixed_amount[currency_options][{code}][amount]")
        merged[code.lower()] = {**known, **option}
    return merged


def in_currency(tx: Transaction, rate: Object, code: str) -> Object | None:
    """What a rate costs in a currency, and how it is taxed; None where it has no such amount."""
    option: Object | None = currency_options(tx, rate).get(code)
    return option


@includable("shipping_rate", "fixed_amount.currency_options")
def currency_options(tx: Transaction, rate: Object) -> Object:
    """The rate in each of its currencies."""
    own = {"amount": rate["fixed_amount"]["amount"], "tax_behavior": rate["tax_behavior"]}
    further = tx.get("shipping_rate", rate["id"])["_"]["currency_options"]
    return {rate["fixed_amount"]["currency"]: own, **further}
