"""Orders, parcels and stock as staff see them; to import the pages is to register them."""

from fulfillment.admin import orders

__all__ = ["orders"]
