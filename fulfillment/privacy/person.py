"""What mails, parcels, wishes and letters say of a person. Invoices stay as they are: the law asks
for them whole, and the database lets nobody change them.
"""

from typing import Any

from django.utils.translation import gettext as _

from fulfillment.models import (
    ContactMessage,
    Document,
    Email,
    OrderLink,
    Shipment,
    StockAlert,
)
from shop.accounts.privacy.registry import Person
from shop.orders.privacy.person import orders_of

LETTER = ["created_at", "order_number", "text"]
ALERT = ["created_at", "variant__sku", "told_at"]
MAIL = ["order__number", "template", "sent_at"]
PARCEL = ["order__number", "status", "carrier", "tracking_number", "tracking_url", "shipped_at"]
DOCUMENT = ["order__number", "number", "kind", "issued_at", "total", "currency", "content"]


def export(person: Person) -> dict[str, Any]:
    """All of it, invoices word by word."""
    orders = orders_of(person)
    written = {"email__iexact": person.email}
    found = {
        "letters": ContactMessage.objects.filter(**written).values(*LETTER),
        "wishes": StockAlert.objects.filter(**written).values(*ALERT),
        "links_asked_for": OrderLink.objects.filter(**written).values("created_at", "number"),
        "mails": Email.objects.filter(order__in=orders).values(*MAIL),
        "parcels": Shipment.objects.filter(order__in=orders).values(*PARCEL),
        "documents": Document.objects.filter(order__in=orders).values(*DOCUMENT),
    }
    return {name: list(rows.order_by("pk")) for name, rows in found.items()}


def refuses(person: Person) -> str:
    """A mail that waits needs its address; a parcel in the house needs one to go to."""
    orders = orders_of(person)
    in_house = Shipment.objects.filter(order__in=orders, status__in=Shipment.IN_HOUSE)
    reasons = {
        _("A mail about an order is not sent yet."): Email.objects.filter(order__in=orders)
        .open()
        .exists(),
        _("A message to the shop is not sent on yet."): ContactMessage.objects.filter(
            email__iexact=person.email
        )
        .open()
        .exists(),
        _("A parcel is not shipped yet."): in_house.exists(),
    }
    return " ".join(reason for reason, is_so in reasons.items() if is_so)


def erase(person: Person) -> None:
    """What they wrote and wished; by a tracking number a carrier tells the address."""
    Shipment.objects.filter(order__in=orders_of(person)).update(tracking_number="", tracking_url="")
    for kind in (ContactMessage, StockAlert, OrderLink):
        kind._default_manager.filter(email__iexact=person.email).delete()
