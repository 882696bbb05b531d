"""Taking a discount for an order, so that the last one is had by one buyer alone."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from shop.orders.discounts.terms import Applied, Who, first_orders
from shop.orders.models import Discount, DiscountUse, Order


class UsedUp(Exception):
    """It was taken in this moment, by somebody else or in another tab; the message is for the
    customer.
    """


def take(applied: Applied, order: Order, who: Who) -> DiscountUse:
    """Reserve it for the order, in the transaction that takes the stock, and before that.

    The order is locked or new. Raises UsedUp.
    """
    discount = applied.discount
    if discount.is_counted:
        # One guarded UPDATE; its row lock makes two buyers, and one in two tabs, wait their turn.
        room = _with_room(discount).filter(is_active=True)
        if not room.update(uses=F("uses") + 1):
            raise UsedUp(_("The last use of this code was just taken."))
        if why := _why_not_theirs(discount, order, who):
            raise UsedUp(why)
    return DiscountUse.objects.create(
        discount=discount,
        order=order,
        code=applied.code,
        user=who.user,
        visitor=who.visitor,
        is_counted=discount.is_counted,
    )


def note(discount: Discount, order: Order, code: str, who: Who) -> None:
    """Write down that Stripe's page has taken it off: a fact, whatever the limit says by now.

    The order is locked.
    """
    if order.discount_uses.filter(given_back_at=None).exists():
        return
    counted = discount.is_counted and _with_room(discount).update(uses=F("uses") + 1)
    DiscountUse.objects.create(
        discount=discount,
        order=order,
        code=code,
        user=who.user,
        visitor=who.visitor,
        is_counted=bool(counted),
    )


def _with_room(discount: Discount) -> "QuerySet[Discount]":
    """The discount while it may be used once more."""
    room = Q(most_uses=None) | Q(uses__lt=F("most_uses"))
    return Discount.objects.filter(room, pk=discount.pk)


def _why_not_theirs(discount: Any, order: Order, who: Who) -> str:
    """Why it is not for this customer, read behind the lock; empty where it is."""
    discount.refresh_from_db(fields=["customer", "is_first_order_only", "most_per_customer"])
    if discount.customer_id not in {None, getattr(who.user, "pk", None)}:
        return _("This code is for somebody else.")
    theirs = who.mine(DiscountUse.objects.live().filter(discount=discount)).exclude(order=order)
    most = discount.most_per_customer
    if most is not None and theirs.count() >= most:
        return _("You have used this code already.")
    if discount.is_first_order_only and not _is_first(order, who):
        return _("This code is for a first order only.")
    return ""


def _is_first(order: Order, who: Who) -> bool:
    """One at a time of each customer: two discounts for a first order have no lock in common.

    Who is not logged in has begun one checkout at a time anyhow (payments.checkout.limits).
    """
    if who.user is not None:
        list(get_user_model().objects.select_for_update(no_key=True).filter(pk=who.user.pk))
    bought, begun = first_orders(who)
    return not (bought.exclude(pk=order.pk).exists() or begun.exclude(order=order).exists())
