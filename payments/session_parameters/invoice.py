"""Whether Stripe makes the invoice, and what it says besides: what the session keeps."""

from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from payments.models import CheckoutSession
from shop.orders.models import Order


def invoice(session: CheckoutSession, order: Order, marks: dict[str, str]) -> dict[str, Any]:
    """Nothing where the shop makes its own."""
    if not session.stripe_invoice:
        return {}
    with translation.override(order.language):
        data: dict[str, Any] = {
            "description": _("Order %(number)s") % {"number": order.number},
            "metadata": marks,
        }
        if footer := _seller():
            data["footer"] = footer
    return {"invoice_creation": {"enabled": True, "invoice_data": data}}


def _seller() -> str:
    """Who sells, as the shop's own invoices say it, where that is known."""
    number = settings.SELLER_TAX_NUMBER
    tax = _("Tax number: %(number)s") % {"number": number} if number else ""
    parts = [settings.SELLER_ADDRESS, tax]
    return " · ".join([settings.SELLER_NAME, *filter(None, parts)]) if any(parts) else ""
