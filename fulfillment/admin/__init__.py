"""Orders, parcels and stock as staff see them; to import the pages is to register them."""

from fulfillment.admin import digital, orders
from fulfillment.contact import admin as contact
from fulfillment.documents import admin as documents
from fulfillment.order_links import admin as order_links
from fulfillment.restock import admin as restock
from fulfillment.subscriptions import admin as subscriptions

__all__ = ["contact", "digital", "documents", "order_links", "orders", "restock", "subscriptions"]
