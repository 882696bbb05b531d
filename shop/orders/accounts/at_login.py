"""What a customer has with them when they log in: the cart, and the order they want to keep."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from shop.accounts.models import User
from shop.orders.accounts import carts, claims
from shop.orders.models import Order

KEPT = "keep_order"


def keep_after_login(request: HttpRequest, order: Order) -> None:
    """Whoever logs in next in this browser wants this order in their account."""
    request.session[KEPT] = order.token


def bring_along(request: HttpRequest | None = None, user: Any = None, **_kwargs: Any) -> None:
    """A customer has logged in; staff bring nothing along."""
    if request is None or not isinstance(user, User) or user.is_staff:
        return
    carts.bring_together(request, user)
    _keep_order(request, user)
    _tell_of_others(request, user)


def _keep_order(request: HttpRequest, user: User) -> None:
    token = request.session.pop(KEPT, "")
    order = Order.objects.filter(token=token).first() if token else None
    if order is not None and claims.claim_one(user, order):
        told = {"number": order.number}
        messages.success(request, _("Order %(number)s is in your account now.") % told)


def _tell_of_others(request: HttpRequest, user: User) -> None:
    number = claims.offered(user).count()
    if number:
        sentence = ngettext(
            "One order was placed with your address without an account. You can add it to yours "
            "under Orders.",
            "%(number)s orders were placed with your address without an account. You can add "
            "them to yours under Orders.",
            number,
        )
        messages.info(request, sentence % {"number": number})
