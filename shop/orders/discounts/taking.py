"""Taking a discount for an order, so that the last one is had by one buyer alone."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils.translation import gettext as _

from shop.orders.discounts.terms import Applied, Who
from shop.orders.models import Discount, DiscountUse, Order


class UsedUp(Exception):
    """Somebody else took the last one in this moment; the message is for the customer."""

    def __init__(self) -> None:
        super().__init__(_("The last use of this code was just taken."))


def take(applied: Applied, order: Order, who: Who) -> DiscountUse:
    """Reserve it for the order, in the transaction that takes the stock, and before that.

    The order is locked or new. Raises UsedUp.
    """
    discount = applied.discount
    if discount.is_counted:
        # One guarded UPDATE; its row lock makes two buyers, and one in two tabs, wait their turn.
        room = _with_room(discount).filter(is_active=True)
        if not room.update(uses=F("uses") + 1) or not _is_left_for(discount, order, who):
            raise UsedUp
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


def _is_left_for(discount: Any, order: Order, who: Who) -> bool:
    """Whether this customer has not had it as often as they may, read behind the lock."""
    if discount.most_per_customer is None:
        return True
    theirs = who.mine(DiscountUse.objects.live().filter(discount=discount)).exclude(order=order)
    return bool(theirs.count() < discount.most_per_customer)
