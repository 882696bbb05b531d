"""Orders, parcels and stock as staff see them; to import the pages is to register them."""

from fulfillment.admin import digital, orders
from fulfillment.documents import admin as documents

__all__ = ["digital", "documents", "orders"]
