"""What an order costs in the currencies among which Stripe may choose by where the customer is."""

from shop.orders.currencies.frozen import frozen

__all__ = ["frozen"]
