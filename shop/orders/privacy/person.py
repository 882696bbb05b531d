"""What orders say of a person. An order stays, as the law asks, without who bought it."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from shop.accounts.privacy.registry import Person
from shop.orders.models import DiscountUse, Order

Status = Order.Status
# Money or goods are still to move.
UNDER_WAY = [Status.PENDING, Status.PROCESSING, Status.CONFIRMED, Status.PARTLY_SHIPPED]
TOLD = [
    *("number", "created_at", "status", "language", "currency"),
    *("subtotal", "discount", "shipping", "tax", "total"),
    *("email", "recovery_email", "name", "business_name", "individual_name", "phone"),
    *("billing_address", "shipping_address", "tax_ids", "answers", "consent", "discounts"),
]
TOLD_OF_A_LINE = ["position", "sku", "title", "choice", "quantity", "unit_amount"]


def orders_of(person: Person) -> QuerySet[Order]:
    """Those of the account, and those of no account that were placed with the address, or left
    unpaid with it.

    What is in another account is that one's, whatever its address was: that may be somebody else's
    by now, or mistyped.
    """
    named = Q(email__iexact=person.email) | Q(email="", recovery_email__iexact=person.email)
    theirs = Q(user=None) & named
    if person.user is not None:
        theirs |= Q(user=person.user)
    return Order.objects.filter(theirs).order_by("created_at", "pk")


def export(person: Person) -> list[dict[str, Any]]:
    """Their orders with what was bought."""
    return [_told(order) for order in orders_of(person).prefetch_related("lines")]


def refuses(person: Person) -> str:
    """While an order is under way the shop must know whose it is."""
    numbers = orders_of(person).filter(status__in=UNDER_WAY).values_list("number", flat=True)
    if not numbers:
        return ""
    return _("Orders are under way: %(numbers)s.") % {"numbers": ", ".join(numbers)}


def erase(person: Person) -> None:
    """Who and where; what was bought for how much, and in which country it was taxed, stays."""
    orders = orders_of(person)
    DiscountUse.objects.filter(order__in=orders).update(user=None, visitor=None)
    for order in orders.select_for_update(of=("self",)):
        Order.objects.filter(pk=order.pk).update(
            email="",
            recovery_email="",
            name="",
            business_name="",
            individual_name="",
            phone="",
            billing_address=_country(order.billing_address),
            shipping_address=_country(order.shipping_address),
            tax_ids=[],
            answers=[],
            visitor=None,
            user=None,
        )
    # Where somebody else's reminder was to go, it goes nowhere.
    Order.objects.filter(recovery_email__iexact=person.email).update(recovery_email="")


def _told(order: Order) -> dict[str, Any]:
    own = {name: getattr(order, name) for name in TOLD}
    lines = [{name: getattr(line, name) for name in TOLD_OF_A_LINE} for line in order.lines.all()]
    return {**own, "lines": lines}


def _country(address: dict[str, Any]) -> dict[str, Any]:
    country = address.get("country")
    return {"country": country} if country else {}
