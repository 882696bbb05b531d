"""Orders that were placed without an account: their buyer may put them into one.

Only into the account of the very address that they were placed with, once its owner has proved
to read what is sent there.
"""

from django.db import transaction
from django.db.models import QuerySet

from shop.accounts.customers.proof import has_proved
from shop.accounts.models import User
from shop.orders.accounts import address_book
from shop.orders.models import Order
from shop.orders.models.signals import orders_claimed

Status = Order.Status
BOUGHT = [Status.CONFIRMED, Status.PARTLY_SHIPPED, Status.SHIPPED, Status.COMPLETED]


def offered(user: User) -> "QuerySet[Order]":
    """What was bought with this account's address and belongs to no account yet."""
    if not has_proved(user):
        return Order.objects.none()
    return Order.objects.filter(user=None, email__iexact=user.email)


@transaction.atomic
def claim(user: User) -> int:
    """Put all of them into the account, and where they went to into its address book; returns how
    many there were.
    """
    return _take(user, offered(user))


@transaction.atomic
def claim_one(user: User, order: Order) -> bool:
    """Put this one into the account, if it is offered to it."""
    return bool(_take(user, offered(user).filter(pk=order.pk)))


def _take(user: User, orders: "QuerySet[Order]") -> int:
    found = list(orders.order_by("created_at", "pk"))
    number = offered(user).filter(pk__in=[order.pk for order in found]).update(user=user)
    for order in found:
        if order.status in BOUGHT:
            order.user = user
            address_book.keep(order)
    orders_claimed.send(sender=Order, user=user, orders=found)
    return number
