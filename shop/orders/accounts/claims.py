"""Orders that were placed without an account: their buyer may put them into one.

Only into the account of the very address that they were placed with, once its owner has proved
to read what is sent there.
"""

from allauth.account.models import EmailAddress
from django.db.models import QuerySet

from shop.accounts.models import User
from shop.orders.models import Order


def offered(user: User) -> "QuerySet[Order]":
    """What was bought with this account's address and belongs to no account yet."""
    if not has_proved(user):
        return Order.objects.none()
    return Order.objects.filter(user=None, email__iexact=user.email)


def claim(user: User) -> int:
    """Put all of them into the account; returns how many there were."""
    return offered(user).update(user=user)


def claim_one(user: User, order: Order) -> bool:
    """Put this one into the account, if it is offered to it."""
    return bool(offered(user).filter(pk=order.pk).update(user=user))


def has_proved(user: User) -> bool:
    """Whether the address of the account was proved by a code that was sent there."""
    return EmailAddress.objects.filter(user=user, verified=True, email__iexact=user.email).exists()
