"""Whom Stripe's page knows again: who kept a card there on purpose, until they say "Not you?"."""

from collections.abc import Callable

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from payments.models import Customer
from shop.orders.visitor import known_visitor
from shop.stripe_client import known_accounts


def in_cart(request: HttpRequest) -> dict[str, Callable[[], bool]]:
    """For templates: whether the payment page will offer a card that was kept; asked if shown."""
    return {"is_remembered": lambda: _known(request).exists()}


def forget(request: HttpRequest) -> None:
    """From now on nobody in this browser is named to Stripe's page. What belongs to a log-in stays:
    whoever is not its owner is to be logged out.
    """
    _known(request).filter(user=None).update(visitor=None)


def _known(request: HttpRequest) -> QuerySet[Customer]:
    visitor = known_visitor(request)
    user = request.user if request.user.is_authenticated else None
    if not settings.PAYMENT_METHOD_SAVE or (visitor is None and user is None):
        return Customer.objects.none()
    return Customer.of(visitor=visitor, user=user).filter(account__in=known_accounts())
