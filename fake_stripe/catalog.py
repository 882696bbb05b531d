"""Products and prices as they are written, by the catalog or inline in a session."""

from decimal import Decimal
from typing import Any

from fake_stripe.errors import StripeError, not_offered
from fake_stripe.ids import new_id
from fake_stripe.money import WHOLE_ONLY
from fake_stripe.schema import Object
from fake_stripe.transaction import Transaction
from fake_stripe.updates import merged_metadata


def create_product(tx: Transaction, params: dict[str, Any]) -> Object:
    """Write a product, announcing nothing: inline ones are made in silence."""
    return tx.create(
        "product",
        id=params.get("id") or new_id("product"),
        active=params.get("active", True),
        default_price=None,
        description=params.get("description"),
        images=params.get("images", []),
        marketing_features=params.get("marketing_features") or [],
        metadata=merged_metadata({}, params.get("metadata")),
        name=params["name"],
        package_dimensions=params.get("package_dimensions"),
        shippable=params.get("shippable"),
        statement_descriptor=params.get("statement_descriptor"),
        tax_code=params.get("tax_code"),
        tax_details=params.get("tax_details"),
        type="service",
        unit_label=params.get("unit_label"),
        updated=tx.now,
        url=params.get("url"),
    )


def create_price(tx: Transaction, params: dict[str, Any], **private: Any) -> Object:
    """Write a price, announcing nothing."""
    decimal = params.get("unit_amount_decimal") or params["unit_amount"]
    amount = Decimal(decimal)
    options = {
        name.lower(): option_amounts(option)
        for name, option in params.get("currency_options", {}).items()
    }
    return tx.create(
        "price",
        active=params.get("active", True),
        billing_scheme="per_unit",
        currency=params["currency"].lower(),
        lookup_key=params.get("lookup_key"),
        metadata=merged_metadata({}, params.get("metadata")),
        nickname=params.get("nickname"),
        product=params["product"],
        recurring=recurrence(params.get("recurring")),
        tax_behavior=params.get("tax_behavior", "unspecified"),
        transform_quantity=params.get("transform_quantity"),
        type="recurring" if params.get("recurring") else "one_time",
        unit_amount=int(amount) if amount == amount.to_integral() else None,
        unit_amount_decimal=str(decimal),
        _={"currency_options": options, **private},
    )


def recurrence(sent: dict[str, Any] | None) -> Object | None:
    """A price's recurrence with Stripe's defaults."""
    if not sent:
        return None
    return {
        "interval": sent["interval"],
        "interval_count": sent.get("interval_count", 1),
        "usage_type": sent.get("usage_type", "licensed"),
        "trial_period_days": sent.get("trial_period_days"),
        "meter": sent.get("meter"),
    }


def option_amounts(option: dict[str, Any]) -> Object:
    """One further currency of a price, as it is answered when expanded."""
    decimal = option.get("unit_amount_decimal", option.get("unit_amount"))
    return {
        "custom_unit_amount": None,
        "tax_behavior": option.get("tax_behavior", "unspecified"),
        "unit_amount": option.get("unit_amount"),
        "unit_amount_decimal": None if decimal is None else str(decimal),
    }


def refuse_amounts(params: dict[str, Any], prefix: str = "") -> None:
    """A price has exactly one way to tell its amount."""
    ways = [
        name
        for name in ("unit_amount", "unit_amount_decimal", "custom_unit_amount", "tiers")
        if name in params
    ]
    if "tiers" in ways or "custom_unit_amount" in ways:
        raise not_offered(named(prefix, ways[-1]))
    if len(ways) > 1:
        message = f"You may only specify one of these parameters: {', '.join(ways)}."
        raise StripeError(message, code="parameters_exclusive", param=named(prefix, ways[1]))
    if not ways:
        message = "Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set."
        raise StripeError(message, code="parameter_missing", param=named(prefix, "unit_amount"))
    if params["currency"].lower() in WHOLE_ONLY and int(params.get("unit_amount", 0)) % 100:
        message = f"{params['currency']} amounts must be whole: the last two digits are 0."
        raise StripeError(message, param=named(prefix, "unit_amount"))


def named(prefix: str, name: str) -> str:
    """A parameter's full name inside a hash, if it stands in one."""
    return f"{prefix}[{name}]" if prefix else name
