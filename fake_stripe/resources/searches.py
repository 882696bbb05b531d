"""Searches, all in one language."""

from typing import Any

from stripe.params import (
    ChargeSearchParams,
    CustomerSearchParams,
    PaymentIntentSearchParams,
    PriceSearchParams,
    ProductSearchParams,
)

from fake_stripe.engine.transaction import Transaction
from fake_stripe.protocol.operations import operation
from fake_stripe.protocol.search import search
from fake_stripe.schema import Object


@operation("GET", "/v1/charges/search", ChargeSearchParams)
def charges(tx: Transaction, params: dict[str, Any]) -> Object:
    """Charges that a query finds."""
    return search(tx, "charge", "/v1/charges/search", params)


@operation("GET", "/v1/customers/search", CustomerSearchParams)
def customers(tx: Transaction, params: dict[str, Any]) -> Object:
    """Customers that a query finds."""
    return search(tx, "customer", "/v1/customers/search", params)


@operation("GET", "/v1/payment_intents/search", PaymentIntentSearchParams)
def payment_intents(tx: Transaction, params: dict[str, Any]) -> Object:
    """PaymentIntents that a query finds."""
    return search(tx, "payment_intent", "/v1/payment_intents/search", params)


@operation("GET", "/v1/prices/search", PriceSearchParams)
def prices(tx: Transaction, params: dict[str, Any]) -> Object:
    """Prices that a query finds."""
    return search(tx, "price", "/v1/prices/search", params)


@operation("GET", "/v1/products/search", ProductSearchParams)
def products(tx: Transaction, params: dict[str, Any]) -> Object:
    """Products that a query finds."""
    return search(tx, "product", "/v1/products/search", params)
