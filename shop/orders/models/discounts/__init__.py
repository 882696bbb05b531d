"""What may be taken off a price, its words, and which order has it."""

from shop.orders.models.discounts.terms import Discount, DiscountAmount, DiscountCode
from shop.orders.models.discounts.uses import Discounted, DiscountUse

__all__ = ["Discount", "DiscountAmount", "DiscountCode", "DiscountUse", "Discounted"]
