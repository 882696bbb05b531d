"""Products and prices as they are written, by the catalog or inline in a session."""

import re
from decimal import Decimal
from typing import Any

from fake_stripe.engine.errors import StripeError, exclusive_parameters, not_offered
from fake_stripe.engine.ids import new_id
from fake_stripe.engine.money import MAXIMUM, MINIMUM, formatted, refuse_fraction
from fake_stripe.engine.transaction import Transaction
from fake_stripe.engine.updates import merged_metadata
from fake_stripe.pricing.tax_table import refuse_code
from fake_stripe.protocol import rules
from fake_stripe.schema import Object


def create_product(tx: Transaction, params: dict[str, Any]) -> Object:
    """Write a product, announcing nothing: inline ones are made in silence."""
    refuse_code(params.get("tax_code"), "tax_code")
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
        package_dimensions=dimensions(params.get("package_dimensions")),
        shippable=params.get("shippable"),
        statement_descriptor=params.get("statement_descriptor"),
        tax_code=params.get("tax_code"),
        tax_details=params.get("tax_details"),
        type="service",
        unit_label=params.get("unit_label"),
        updated=tx.now,
        url=params.get("url"),
    )


def dimensions(sent: Any) -> Object | None:
    """The size of a parcel, in numbers."""
    return {name: float(number) for name, number in sent.items()} if sent else None


def create_price(tx: Transaction, params: dict[str, Any], **private: Any) -> Object:
    """Write a price, announcing nothing."""
    amounts = amounts_of(params)
    options = {
        name.lower(): option_amounts(option)
        for name, option in params.get("currency_options", {}).items()
    }
    return tx.create(
        "price",
        active=params.get("active", True),
        billing_scheme="per_unit",
        currency=params["currency"].lower(),
        custom_unit_amount=amounts["custom_unit_amount"],
        lookup_key=params.get("lookup_key"),
        metadata=merged_metadata({}, params.get("metadata")),
        nickname=params.get("nickname"),
        product=params["product"],
        recurring=recurrence(params.get("recurring")),
        tax_behavior=params.get("tax_behavior", "unspecified"),
        transform_quantity=params.get("transform_quantity"),
        type="recurring" if params.get("recurring") else "one_time",
        unit_amount=amounts["unit_amount"],
        unit_amount_decimal=amounts["unit_amount_decimal"],
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


def amounts_of(sent: dict[str, Any]) -> Object:
    """The three ways to tell an amount; a customer who may choose has no unit amount."""
    if custom := sent.get("custom_unit_amount"):
        bounds = {name: custom.get(name) for name in ("maximum", "minimum", "preset")}
        return {"custom_unit_amount": bounds, "unit_amount": None, "unit_amount_decimal": None}
    decimal = sent.get("unit_amount_decimal", sent.get("unit_amount"))
    amount = Decimal(decimal if decimal is not None else 0)
    return {
        "custom_unit_amount": None,
        "unit_amount": int(amount) if amount == amount.to_integral() else None,
        "unit_amount_decimal": str(decimal),
    }


def option_amounts(option: dict[str, Any]) -> Object:
    """One further currency of a price, as it is answered when expanded."""
    return {**amounts_of(option), "tax_behavior": option.get("tax_behavior", "unspecified")}


def refuse_amounts(params: dict[str, Any], prefix: str = "") -> None:
    """A price has exactly one way to tell its amount."""
    ways = [
        name
        for name in ("unit_amount", "unit_amount_decimal", "custom_unit_amount", "tiers")
        if name in params
    ]
    if "tiers" in ways:
        raise not_offered(named(prefix, "tiers"))
    if len(ways) > 1:
        raise exclusive_parameters(*ways, param=named(prefix, ways[1]))
    if not ways:
        message = "Prices require an `unit_amount` or `unit_amount_decimal` parameter to be set."
        raise StripeError(message, code="parameter_missing", param=named(prefix, "unit_amount"))
    if "custom_unit_amount" in ways:
        refuse_custom(params, named(prefix, "custom_unit_amount"))
    for currency, option in params.get("currency_options", {}).items():
        rules.currency(currency, option_name(prefix, currency))
        refuse_amounts({**option, "currency": currency}, option_name(prefix, currency))
    if "unit_amount_decimal" in ways:
        refuse_decimal(params["unit_amount_decimal"], named(prefix, "unit_amount_decimal"))
    amount = int(params.get("unit_amount", 0))
    rules.between(0, MAXIMUM)(amount, named(prefix, "unit_amount"))
    refuse_fraction(amount, params["currency"].lower(), named(prefix, "unit_amount"))


def refuse_decimal(amount: str, name: str) -> None:
    """A part of a minor unit is written out, with at most twelve decimals."""
    if amount.startswith("-"):
        message = "This value must be greater than or equal to 0."
        raise StripeError(message, code="parameter_invalid_integer", param=name)
    if not re.fullmatch(r"\d{1,12}(\.\d{1,12})?", amount, re.ASCII):
        message = f"Invalid decimal: {amount}; must contain at maximum 12 decimal places."
        raise StripeError(message, param=name)


def option_name(prefix: str, currency: str) -> str:
    """The full name of one further currency of a price."""
    return f"{named(prefix, 'currency_options')}[{currency}]"


def refuse_custom(params: dict[str, Any], name: str) -> None:
    """An amount that the customer chooses is within bounds that can be charged."""
    custom, currency = params["custom_unit_amount"], params["currency"].lower()
    if not custom["enabled"]:
        raise StripeError("`enabled` must be true.", param=f"{name}[enabled]")
    if params.get("recurring"):
        message = "Prices with `custom_unit_amount` cannot be recurring."
        raise StripeError(message, param=name)
    least = custom.get("minimum", MINIMUM.get(currency, 50))
    if least < MINIMUM.get(currency, 50):
        message = f"The minimum must be at least {formatted(MINIMUM.get(currency, 50), currency)}."
        raise StripeError(message, code="amount_too_small", param=f"{name}[minimum]")
    most = custom.get("maximum", MAXIMUM)
    if most < least or most > MAXIMUM:
        message = "The maximum must not be less than the minimum, nor more than can be charged."
        raise StripeError(message, param=f"{name}[maximum]")
    if not least <= custom.get("preset", least) <= most:
        message = "The preset must be within minimum and maximum."
        raise StripeError(message, param=f"{name}[preset]")


def named(prefix: str, name: str) -> str:
    """A parameter's full name inside a hash, if it stands in one."""
    return f"{prefix}[{name}]" if prefix else name
