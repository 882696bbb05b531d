"""What an order costs in the currencies among which Stripe may choose by where the customer is."""

from shop.orders.currencies.frozen import frozen
from shop.orders.currencies.quote import elsewhere

__all__ = ["elsewhere", "frozen"]
