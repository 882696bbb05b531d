"""Whether the shop reckons with taxes, and where they stand: in its prices or on top of them."""

from django.conf import settings


def is_on() -> bool:
    """Whether rates by country and class hold."""
    return bool(settings.TAX_MODE == "rates")


def is_by_stripe() -> bool:
    """Whether Stripe Tax works it out, on the payment page."""
    return bool(settings.TAX_MODE == "stripe")


def is_told() -> bool:
    """Whether customers are told of taxes at all."""
    return is_on() or is_by_stripe()


def is_inclusive(currency: str) -> bool:
    """Whether prices in this currency include the tax."""
    return currency not in settings.TAX_EXCLUSIVE_CURRENCIES
