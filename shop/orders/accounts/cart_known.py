"""The cart, as something that is known of a customer."""

from typing import Any

from shop.accounts.privacy.registry import Person
from shop.orders.models import Cart


def export(person: Person) -> list[dict[str, Any]]:
    """What lies in it."""
    cart = Cart.objects.filter(user=person.user).first() if person.user else None
    lines = cart.lines.select_related("variant__product") if cart else []
    return [
        {"sku": line.variant.sku, "thing": line.variant.name, "quantity": line.quantity}
        for line in lines
    ]


def erase(person: Person) -> None:
    """Its things with it."""
    if person.user is not None:
        Cart.objects.filter(user=person.user).delete()
