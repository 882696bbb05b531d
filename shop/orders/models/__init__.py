"""What was bought: carts, orders, their lines and their history."""

from shop.orders.models.cancel_reasons import Person
from shop.orders.models.cart import (
    Cart,
    CartLine,
)
from shop.orders.models.delivery import DeliveryMethod, DeliveryRate, FreeDelivery
from shop.orders.models.discounts import Discount, DiscountAmount, DiscountCode, DiscountUse
from shop.orders.models.history import (
    OrderHold,
    OrderReduction,
    OrderTransition,
)
from shop.orders.models.lines import (
    OrderLine,
    words_of,
)
from shop.orders.models.lists import OrderQuerySet
from shop.orders.models.numbers import new_number, new_token
from shop.orders.models.order import (
    Order,
)
from shop.orders.models.questions import PageText, Question
from shop.orders.models.tax import TaxRate

__all__ = [
    "Cart",
    "CartLine",
    "DeliveryMethod",
    "DeliveryRate",
    "Discount",
    "DiscountAmount",
    "DiscountCode",
    "DiscountUse",
    "FreeDelivery",
    "Order",
    "OrderHold",
    "OrderLine",
    "OrderQuerySet",
    "OrderReduction",
    "OrderTransition",
    "PageText",
    "Person",
    "Question",
    "TaxRate",
    "new_number",
    "new_token",
    "words_of",
]
