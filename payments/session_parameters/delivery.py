"""Where things may go, and how: what the session keeps, and nothing else."""

from typing import Any

from payments.models import CheckoutSession
from shop.orders.models import Order


def delivery(session: CheckoutSession, order: Order) -> dict[str, Any]:
    """What was decided on before the call; nothing for what is not sent."""
    if not session.delivery:
        return {}
    options = [_shipping_option(option, order) for option in session.delivery["options"]]
    return {
        "shipping_address_collection": {"allowed_countries": session.delivery["countries"]},
        "shipping_options": options,
    }


def _shipping_option(option: dict[str, Any], order: Order) -> dict[str, Any]:
    estimate = {
        "minimum": {"unit": "business_day", "value": option["min_days"]},
        "maximum": {"unit": "business_day", "value": option["max_days"]},
    }
    return {
        "shipping_rate_data": {
            "display_name": option["name"],
            "type": "fixed_amount",
            "fixed_amount": {"amount": option["amount"], "currency": order.currency},
            "delivery_estimate": estimate,
            "metadata": {"method": str(option["method"])},
        }
    }
