"""The lines of what renews."""

from typing import Any

from django.utils.translation import gettext as _

from payments.models import CheckoutSession
from payments.session_parameters.tax import behavior
from shop.models import Installation


def rhythm(session: CheckoutSession) -> dict[str, Any]:
    """How often an amount is paid that is stated in the session; nothing for once."""
    if not session.is_subscription:
        return {}
    kept = session.recurring
    return {"recurring": {"interval": kept["interval"], "interval_count": kept["interval_count"]}}


def delivery_line(session: CheckoutSession, currency: str) -> list[dict[str, Any]]:
    """Delivery as one more recurring line: this mode knows no shipping options.

    None for what is not sent, or for nothing. Its tax is that in its price (as on other pages),
    but where Stripe works it out.
    """
    if not session.is_subscription or not session.recurring["delivery"]:
        return []
    option = session.delivery["options"][0]
    marks = {"delivery": str(option["method"])}
    product: dict[str, Any] = {
        "name": _("Delivery: %(name)s") % {"name": option["name"]},
        "metadata": {"shop": Installation.current(), **marks},
    }
    if session.is_taxed_by_stripe:
        product["tax_code"] = session.tax["deliveries"][marks["delivery"]]
    price = {
        "currency": currency,
        "unit_amount": option["amount"],
        "product_data": product,
        **rhythm(session),
        **behavior(session),
    }
    return [{"quantity": 1, "metadata": marks, "price_data": price}]
