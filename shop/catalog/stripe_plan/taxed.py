"""How what is sold is taxed where Stripe Tax works it out (TAX_MODE=stripe); nothing elsewhere."""

from typing import Any

from django.conf import settings

from shop.catalog.models import Variant


def is_by_stripe() -> bool:
    """Whether Stripe Tax works it out."""
    return bool(settings.TAX_MODE == "stripe")


def behavior(currency: str) -> dict[str, str]:
    """Whether prices in this currency include the tax, as Stripe takes it."""
    if not is_by_stripe():
        return {}
    is_exclusive = currency in settings.TAX_EXCLUSIVE_CURRENCIES
    return {"tax_behavior": "exclusive" if is_exclusive else "inclusive"}


def tax_code(variant: Variant) -> str:
    """Its own, else in mode stripe that of the shop; empty: the account's own default holds."""
    return variant.tax_code or (str(settings.TAX_CODE_DEFAULT) if is_by_stripe() else "")


def without_behavior(terms: dict[str, Any]) -> dict[str, Any]:
    """What a price asks, whichever way it is taxed."""
    return {name: value for name, value in terms.items() if name != "tax_behavior"}
