"""Who pays, how they can be reached, and what the button says: as the settings ask for it."""

from typing import Any

from django.conf import settings

from payments.models import CheckoutSession
from shop.catalog.models import Product
from shop.orders.models import Order


def contact(session: CheckoutSession, order: Order) -> dict[str, Any]:
    """Nothing for what is as Stripe does it anyway."""
    asked: dict[str, Any] = {}
    if settings.PHONE_NUMBER_COLLECTION:
        asked["phone_number_collection"] = {"enabled": True}
    if settings.BILLING_ADDRESS_COLLECTION != "auto":
        asked["billing_address_collection"] = settings.BILLING_ADDRESS_COLLECTION
    # Who subscribes is told so by the button itself.
    kind = "auto" if session.is_subscription else _submit_type(order)
    if kind != "auto":
        asked["submit_type"] = kind
    if settings.NAME_COLLECTION:
        asked["name_collection"] = {
            kind: {"enabled": True, "optional": is_optional}
            for kind, is_optional in settings.NAME_COLLECTION.items()
        }
    return asked


def _submit_type(order: Order) -> str:
    """What the button says; who only donates is not asked to pay."""
    goods = order.lines.exclude(variant__product__kind=Product.Kind.DONATION)
    return str(settings.SUBMIT_TYPE) if goods.exists() else "donate"
