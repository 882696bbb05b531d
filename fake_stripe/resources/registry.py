"""All that the API offers: importing this registers every operation."""

from fake_stripe.resources import (
    account,
    balance_transactions,
    charges,
    checkout_sessions,
    customers,
    disputes,
    events,
    payment_intents,
    payment_methods,
    prices,
    products,
    refunds,
    shipping_rates,
    tax_ids,
    webhook_endpoints,
)

__all__ = [
    "account",
    "balance_transactions",
    "charges",
    "checkout_sessions",
    "customers",
    "disputes",
    "events",
    "payment_intents",
    "payment_methods",
    "prices",
    "products",
    "refunds",
    "shipping_rates",
    "tax_ids",
    "webhook_endpoints",
]
